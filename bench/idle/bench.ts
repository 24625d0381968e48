// `npm run bench -- idle [--seconds 60]`: what the system costs while nothing happens, after it has worked. Shares of a core by
// process, over the time measured; defaults of every service.
import { parseArgs } from 'node:util';
import { SystemBed, serviceNames } from '@assay/e2e/support/system-bed';
import { cpuOf, defaults, difference } from '../whole-way/processes.ts';
import { takeDocuments, takeVotes } from '../whole-way/stages.ts';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, documents: { type: 'string', default: '2000' } },
});
const seconds = Number(values.seconds);
const SETTLE_MS = 15_000;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const bed = await SystemBed.start([]);
try {
  for (const name of serviceNames) await bed.startService(name, defaults).ready();
  await takeDocuments(bed, Number(values.documents), 'idle');
  await takeVotes(bed, Number(values.documents), 'idle');
  await pause(SETTLE_MS);
  const before = cpuOf(bed);
  await pause(seconds * 1000);
  const spent = difference(cpuOf(bed), before);
  const share = (cpu: number) => `${((cpu / seconds) * 100).toFixed(1)} %`;
  for (const [name, cpu] of Object.entries(spent)) process.stdout.write(`${name.padEnd(20)} ${share(cpu)}\n`);
  const services = serviceNames.reduce((sum, name) => sum + spent[name]!, 0);
  process.stdout.write(`${'services together'.padEnd(20)} ${share(services)}\n`);
} finally {
  await bed.stop();
}
