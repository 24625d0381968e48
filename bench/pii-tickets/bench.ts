/**
 * node bench/pii-tickets/bench.ts [--deep-model DIR] [--show TYPE] [--json]
 *
 * What of the names, addresses and other values in libs/pii/testdata/tickets the masker leaves in clear, as a share of
 * their letters and digits, by kind and language; and which trap texts it changes though nothing there is to be masked.
 * `--deep-model` adds the second pass with that model. `--show PERSON` lists the labelled values of that kind that leak:
 * they are invented.
 */
import { parseArgs } from 'node:util';
import { createModelFinder } from '@assay/pii/adapters/model-finder';
import { createMasker, type Masked } from '@assay/pii/masker';
import { createTwoPassMasker } from '@assay/pii/second-pass';
import { readTickets, readTraps, type LabelledText } from '@assay/pii/testing/labelled';
import { leakShare, measureLeak, wronglyChanged, type Leak } from '@assay/pii/testing/leak';

type Mask = (text: string) => Promise<Masked>;

interface Result<Row extends LabelledText> {
  readonly row: Row;
  readonly found: Masked['spans'];
  readonly text: string;
}

async function createMask(deepModel: string | undefined): Promise<Mask> {
  const first = createMasker();
  if (deepModel === undefined) return (text) => Promise.resolve(first.mask(text));
  const finder = await createModelFinder({ folder: deepModel, timeoutMs: 60_000 });
  const masker = createTwoPassMasker(first, { finder, onFailure: 'fail' });
  return async (text) => (await masker.maskTogether([text])).masked[0] as Masked;
}

async function maskAll<Row extends LabelledText>(mask: Mask, rows: readonly Row[]): Promise<readonly Result<Row>[]> {
  const results: Result<Row>[] = [];
  for (const row of rows) {
    const { text, spans } = await mask(row.text);
    results.push({ row, found: spans, text });
  }
  return results;
}

function print(leaks: ReadonlyMap<string, Leak>, traps: readonly Result<LabelledText>[]): void {
  const rows = readTickets();
  const languages = [...new Set(rows.map(({ lang }) => lang))];
  const types = [...new Set(rows.flatMap(({ spans }) => spans.map(([, , type]) => type)))];
  const percent = (group: string): string => {
    const leak = leaks.get(group);
    return (leak === undefined ? '-' : `${(100 * leakShare(leak)).toFixed(1)} %`).padStart(8);
  };
  const head = ['all', ...languages].map((name) => name.padStart(8)).join('');
  process.stdout.write(`characters leaked   spans${head}\n`);
  for (const type of types) {
    const cells = [type, ...languages.map((lang) => `${type} ${lang}`)].map(percent).join('');
    process.stdout.write(`${type.padEnd(20)}${String(leaks.get(type)?.spans ?? 0).padStart(5)}${cells}\n`);
  }
  const changed = new Set(wronglyChanged(traps));
  process.stdout.write(`\ntraps changed: ${changed.size} of ${traps.length}\n`);
  for (const { row, text } of traps) {
    if (changed.has(row)) process.stdout.write(`  ${row.id}: ${oneLine(text)}\n`);
  }
}

const oneLine = (text: string): string => text.replaceAll('\n', ' / ');

function printLeaked(tickets: readonly Result<LabelledText>[], wanted: string): void {
  for (const { row, found } of tickets) {
    for (const [start, end, type, value] of row.spans) {
      if (type !== wanted || found.some((span) => span.start <= start && span.end >= end)) continue;
      const around = oneLine(row.text.slice(Math.max(0, start - 30), end + 20));
      process.stdout.write(`${row.id}  ${value}  in: ${around}\n`);
    }
  }
}

const { values } = parseArgs({
  options: {
    'deep-model': { type: 'string' },
    show: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const mask = await createMask(values['deep-model']);
const tickets = await maskAll(mask, readTickets());
const traps = await maskAll(mask, readTraps());
const leaks = measureLeak(tickets, ({ lang }, type) => [type, `${type} ${lang}`]);
if (values.show !== undefined) printLeaked(tickets, values.show);
else if (values.json) {
  const trapsChanged = wronglyChanged(traps).map(({ id }) => id);
  process.stdout.write(`${JSON.stringify({ leaks: Object.fromEntries(leaks), trapsChanged })}\n`);
} else print(leaks, traps);
