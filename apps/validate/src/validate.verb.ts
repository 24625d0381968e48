import type { Writable } from 'node:stream';
import { InputError } from './find-label-files.ts';
import { UsageError, parseOptions, usage } from './options.ts';
import { textReport } from './report-text.ts';
import { runValidation } from './validate-run.ts';

const DONE = 0;
const BAD_USAGE = 2;
const GATE_FAILED = 3;

interface Streams {
  readonly stdout: Writable;
  readonly stderr: Writable;
}

async function run(args: readonly string[], { stdout, stderr }: Streams): Promise<number> {
  try {
    const options = parseOptions(args);
    const { report, agreement } = await runValidation(options, {
      process: { id: process.pid, isAlive },
      now: () => performance.now(),
      tell: (line) => void stderr.write(line),
    });
    stdout.write(options.isJson ? `${JSON.stringify(report, null, 2)}\n` : textReport(report, agreement, options.out));
    const failed = report.gates.filter(({ passed }) => !passed);
    for (const { gate, message } of failed) stderr.write(`assay validate: gate ${gate} failed: ${message}\n`);
    return failed.length > 0 ? GATE_FAILED : DONE;
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof InputError)) throw error;
    const hint = error instanceof UsageError ? `\n\n${usage}` : '';
    stderr.write(`assay validate: ${error.message}${hint}\n`);
    return BAD_USAGE;
  }
}

function isAlive(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    // Somebody else's process is alive, too.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

export const verb = {
  summary: 'settle votes and decide documents from label files, without a broker',
  usage,
  run,
};
