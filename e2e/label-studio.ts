// `npm run e2e -- label-studio [--run cuts|annotators] [--tickets 10000] [--cuts 50] [--labels 1000] [--seed 1]`: the whole
// system against a running Label Studio (LABEL_STUDIO_TEST_URL, LABEL_STUDIO_TEST_API_KEY), over connections that are lost and
// webhooks that never arrive. Prints figures; ends with 1 and the differences when something is not as it must be.
import { parseArgs } from 'node:util';
import { realLabelStudio } from '@assay/annotation-bridge/testing/label-studio/label-studio-under-test';
import { buildServices } from '@assay/tools/start/build-services';
import { runCutPushes } from './support/cut-pushes.ts';
import { runLossyAnnotators } from './support/lossy-annotators.ts';

const { values } = parseArgs({
  options: {
    run: { type: 'string', default: 'cuts' },
    tickets: { type: 'string', default: '10000' },
    cuts: { type: 'string', default: '50' },
    labels: { type: 'string', default: '1000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
const say = (line: string) => void process.stdout.write(`${line}\n`);
const runs: Readonly<Record<string, () => Promise<readonly string[]>>> = {
  cuts: () =>
    runCutPushes({ tickets: Number(values.tickets), cuts: Number(values.cuts), seed: Number(values.seed), say }),
  annotators: () => runLossyAnnotators({ labels: Number(values.labels), seed: Number(values.seed), say }),
};
const run = runs[values.run];
if (run === undefined || realLabelStudio() === null) {
  process.stderr.write(
    `npm run e2e -- label-studio: --run is one of ${Object.keys(runs).join(', ')}; LABEL_STUDIO_TEST_URL and LABEL_STUDIO_TEST_API_KEY name a running server\n`,
  );
  process.exit(2);
}
await buildServices(['ingest', 'annotation-bridge', 'quality-validator', 'output'], new AbortController().signal);
say(`seed ${values.seed}`);
const faults = await run();
for (const fault of faults) process.stderr.write(`${fault}\n`);
say(faults.length === 0 ? 'It is as it must be.' : 'It is not as it must be.');
process.exitCode = faults.length === 0 ? 0 : 1;
