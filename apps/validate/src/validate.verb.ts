import { defineVerb, exitCodes } from '@assay/cli/verb';
import { options, usage, validateOptions } from './options.ts';
import { textReport } from './report/report-text.ts';
import { runValidation } from './validate-run.ts';

const GATE_FAILED = 3;

export const verb = defineVerb({
  name: 'validate',
  summary: 'settle votes and decide documents from label files, without a broker',
  usage,
  options,
  words: { least: 1, most: Infinity, are: 'a folder or files to read' },

  async run(given, { stdout, stderr }) {
    const wanted = validateOptions(given);
    const { report, agreement } = await runValidation(wanted, {
      process: { id: process.pid, isAlive },
      now: () => performance.now(),
      tell: (line) => void stderr.write(line),
    });
    stdout.write(wanted.isJson ? `${JSON.stringify(report, null, 2)}\n` : textReport(report, agreement, wanted.out));
    const failed = report.gates.filter(({ passed }) => !passed);
    for (const { gate, message } of failed) stderr.write(`assay validate: gate ${gate} failed: ${message}\n`);
    return failed.length > 0 ? GATE_FAILED : exitCodes.done;
  },
});

function isAlive(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    // Somebody else's process is alive, too.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
