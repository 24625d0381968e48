/**
 * node bench/pii-tickets/bench.ts [--show TYPE] [--json]
 *
 * What of the names, addresses and other values in libs/pii/testdata/tickets the masker leaves in clear, as a share of
 * their letters and digits, by kind and language; and which trap texts it changes though nothing there is to be masked.
 * `--show PERSON` lists the labelled values of that kind that leak: they are invented.
 */
import { parseArgs } from 'node:util';
import { createMasker, type Masker } from '@assay/pii/masker';
import { readTickets, readTraps } from '@assay/pii/testing/labelled';
import { leakShare, measureLeak, wronglyChanged, type Leak } from '@assay/pii/testing/leak';

const tickets = readTickets();
const traps = readTraps();
const languages = [...new Set(tickets.map(({ lang }) => lang))];
const types = [...new Set(tickets.flatMap(({ spans }) => spans.map(([, , type]) => type)))];

function print(masker: Masker): void {
  const leaks = measureLeak(masker, tickets, ({ lang }, type) => [type, `${type} ${lang}`]);
  const cells = (type: string): string[] => [type, ...languages.map((lang) => `${type} ${lang}`)].map(percent(leaks));
  process.stdout.write(`characters leaked   spans${['all', ...languages].map((name) => name.padStart(8)).join('')}\n`);
  for (const type of types) {
    const spans = String(leaks.get(type)?.spans ?? 0);
    process.stdout.write(`${type.padEnd(20)}${spans.padStart(5)}${cells(type).join('')}\n`);
  }
  const changed = wronglyChanged(masker, traps);
  process.stdout.write(`\ntraps changed: ${changed.length} of ${traps.length}\n`);
  for (const { id, group, text } of changed)
    process.stdout.write(`  ${id} (${group}): ${oneLine(masker.mask(text).text)}\n`);
}

const percent = (leaks: ReadonlyMap<string, Leak>) => (group: string) => {
  const leak = leaks.get(group);
  return (leak === undefined ? '-' : `${(100 * leakShare(leak)).toFixed(1)} %`).padStart(8);
};

const oneLine = (text: string): string => text.replaceAll('\n', ' / ');

function showLeaks(masker: Masker, type: string): void {
  for (const { id, text, spans } of tickets) {
    const found = masker.mask(text).spans;
    for (const [start, end, labelled, value] of spans) {
      const isCovered = found.some((span) => span.start <= start && span.end >= end);
      if (labelled !== type || isCovered) continue;
      process.stdout.write(`${id}  ${value}  in: ${oneLine(text.slice(Math.max(0, start - 30), end + 20))}\n`);
    }
  }
}

const { values } = parseArgs({ options: { show: { type: 'string' }, json: { type: 'boolean', default: false } } });
const masker = createMasker();
if (values.show !== undefined) showLeaks(masker, values.show);
else if (values.json) {
  const leaks = measureLeak(masker, tickets, ({ lang }, type) => [type, `${type} ${lang}`]);
  const changed = wronglyChanged(masker, traps).map(({ id }) => id);
  process.stdout.write(`${JSON.stringify({ leaks: Object.fromEntries(leaks), changed })}\n`);
} else print(masker);
