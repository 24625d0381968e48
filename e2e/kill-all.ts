// `npm run e2e -- kill-all [--tickets N] [--rounds N] [--json]`: the whole system under load while every service, and Kafka
// Connect, is killed with SIGKILL again and again. Afterwards the account must be exact and gold what a single pass over all
// the label files gives. Exits 1 when it is not.
import { parseArgs } from 'node:util';
import { buildServices } from '@assay/tools/start/build-services';
import { killAll } from './support/kill-all-run.ts';
import { serviceNames } from './support/system-bed.ts';

const { values } = parseArgs({
  options: {
    tickets: { type: 'string', default: '20000' },
    rounds: { type: 'string', default: '4' },
    json: { type: 'boolean', default: false },
  },
});
const [tickets, rounds] = [Number(values.tickets), Number(values.rounds)];
if (!(Number.isSafeInteger(tickets) && tickets > 0 && Number.isSafeInteger(rounds) && rounds > 0)) {
  process.stderr.write('usage: npm run e2e -- kill-all [--tickets N] [--rounds N] [--json]\n');
  process.exit(2);
}

await buildServices(serviceNames, new AbortController().signal);
const report = await killAll({ tickets, rounds, log: (line) => process.stderr.write(`${line}\n`) });
if (values.json) process.stdout.write(`${JSON.stringify(report)}\n`);
else {
  const { kills, endedByThemselves, account, goldLines, faults, seconds } = report;
  const counts = (of: object) =>
    Object.entries(of)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ');
  process.stdout.write(
    [
      `killed            ${kills} times`,
      `ended themselves  ${counts(endedByThemselves)}`,
      `account           ${counts(account)}`,
      `gold              ${goldLines} lines; ${account.gold} documents`,
      `took              ${seconds} s`,
      faults.length === 0
        ? 'The account is exact, and gold is what a single pass gives.'
        : `NOT as it should be:\n${faults.map((fault) => `  ${fault}`).join('\n')}`,
      '',
    ].join('\n'),
  );
}
process.exit(report.faults.length === 0 ? 0 : 1);
