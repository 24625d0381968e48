// `npm run e2e -- kill [--lane ingest] [--kills 50] [--tickets 20000] [--seed 1]`: ends a service with SIGKILL again and again
// while messages flow, prints the account, and ends with 1 and the differences when it does not add up.
import { parseArgs } from 'node:util';
import { buildServices } from '@assay/tools/start/build-services';
import { runKills } from './support/kill-run.ts';

const { values } = parseArgs({
  options: {
    lane: { type: 'string', default: 'ingest' },
    kills: { type: 'string', default: '50' },
    tickets: { type: 'string', default: '20000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
const say = (line: string) => void process.stdout.write(`${line}\n`);

if (values.lane !== 'ingest') {
  process.stderr.write(`--lane ${values.lane}: only ingest can be killed so far\n`);
  process.exit(2);
}
const [kills, tickets, seed] = [values.kills, values.tickets, values.seed].map(Number) as [number, number, number];
await buildServices(['ingest'], new AbortController().signal);
say(`${kills} kills while ${tickets} tickets flow, seed ${seed}`);
const { account, documents, deadLetters, deadLettersRepeated, seconds, faults } = await runKills({
  kills,
  tickets,
  seed,
  say,
});

say(
  `ledger      ${Object.entries(account)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ')}`,
);
say(`documents   ${documents}`);
say(`dead letters ${deadLetters} by source (${deadLettersRepeated} of them written again after a kill)`);
say(`seconds     ${seconds.toFixed(1)}`);
for (const fault of faults) process.stderr.write(`${fault}\n`);
say(faults.length === 0 ? 'The account adds up.' : 'The account does not add up.');
process.exitCode = faults.length === 0 ? 0 : 1;
