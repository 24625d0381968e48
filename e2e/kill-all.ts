// `npm run e2e -- kill-all [--tickets N] [--rounds N] [--faults LIST] [--json]`: the whole system under load while every service,
// and Kafka Connect, is killed and frozen again and again, what they stand on accepts and never answers, and label files are
// replaced in place. Afterwards the account must be exact and gold what a single pass over the label files gives. Exits 1 when
// it is not.
import { parseArgs } from 'node:util';
import { buildServices } from '@assay/tools/start/build-services';
import { type FaultKind, faultKinds } from './support/blows.ts';
import { killAll } from './support/kill-all-run.ts';
import { serviceNames } from './support/system-bed.ts';

const { values } = parseArgs({
  options: {
    tickets: { type: 'string', default: '20000' },
    rounds: { type: 'string', default: '4' },
    faults: { type: 'string', default: faultKinds.join(',') },
    json: { type: 'boolean', default: false },
  },
});
const [tickets, rounds] = [Number(values.tickets), Number(values.rounds)];
const isKind = (word: string): word is FaultKind => (faultKinds as readonly string[]).includes(word);
const words = values.faults.split(',');
const kinds = words.filter(isKind);
const isCount = (number: number) => Number.isSafeInteger(number) && number > 0;
if (!isCount(tickets) || !isCount(rounds) || kinds.length < words.length) {
  process.stderr.write('usage: npm run e2e -- kill-all [--tickets N] [--rounds N] [--faults LIST] [--json]\n');
  process.stderr.write(`LIST is some of ${faultKinds.join(',')}; all by default\n`);
  process.exit(2);
}

await buildServices(serviceNames, new AbortController().signal);
const report = await killAll({ tickets, rounds, kinds, log: (line) => process.stderr.write(`${line}\n`) });
if (values.json) process.stdout.write(`${JSON.stringify(report)}\n`);
else {
  const { struck, endedByThemselves, account, goldLines, faults, seconds } = report;
  const counts = (of: object) =>
    Object.entries(of)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ');
  process.stdout.write(
    [
      `struck            ${counts(struck)}`,
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
