import { readFileSync, readdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { defaultSettings } from './label-row.ts';
import { readLabels } from './read-labels.ts';
import { fileReasons } from './reasons.ts';
import { mutatedContent } from './testing/mutated-content.ts';

/** `npm test -- long` takes 100,000. */
const RUNS = Number(process.env['ASSAY_MUTATIONS'] ?? 500);

const HEADER = 'doc_id,text,annotator_id,label,confidence_score,annotated_at,note';
const csv = `${HEADER}\nd1,"a ""b"", c",ann,"[""x"",""y""]",0.9,2026-11-21T10:00:00Z,n\n,t,,bug,0.5,,\n`;
const record = { text: 't', annotator_id: 7, label: ['a', 'b'], confidence_score: 0.9, more: { a: [1, null] } };

/** Small ones, because each is read some thousand times; a large file is made of the same parts. */
const MOST_BYTES = 40_000;
const filesIn = (folder: string, ending: RegExp): [string, Buffer][] => {
  const at = new URL(`../testdata/${folder}/`, import.meta.url);
  const names = readdirSync(at, { recursive: true, encoding: 'utf8' }).filter((name) => ending.test(name));
  return names
    .map((name): [string, Buffer] => [name, readFileSync(new URL(name, at))])
    .filter(([, content]) => content.length <= MOST_BYTES);
};

const samples: readonly (readonly [string, Buffer])[] = [
  ['a.csv', Buffer.from(csv)],
  ['a.csv.gz', gzipSync(csv)],
  ['a.csv', Buffer.from(`\ufeff${csv}`, 'utf16le')],
  ['a.jsonl', Buffer.from(`${JSON.stringify(record)}\n${JSON.stringify(record)}\n`)],
  ['a.json', Buffer.from(JSON.stringify([record, record]))],
  ['a.json', Buffer.from(JSON.stringify({ of: 2, annotations: [record, record] }))],
  ...filesIn('formats', /\.(csv|json|jsonl|conll)$/),
  ...filesIn('parquet', /\.parquet$/),
];

/** What is wrong with how the mutated file was read; null when nothing is. */
async function faultOf(path: string, content: Buffer): Promise<string | null> {
  const { outcome, labels, rejected } = await readLabels(path, content, defaultSettings);
  if (outcome.kind === 'rejected')
    return outcome.reason.includes(':') || outcome.reason in fileReasons ? null : `reason ${outcome.reason}`;
  const told = labels.length + rejected.length;
  return outcome.rows === told ? null : `${outcome.rows} rows, of which ${told} are told`;
}

describe('label files that something happened to', { timeout: 60_000 + RUNS * 40 }, () => {
  it(`${RUNS} of them have an outcome, and each row a label or one reason`, async () => {
    for (let seed = 0; seed < RUNS; seed++) {
      const [path, content] = samples[seed % samples.length]!;
      const fault = await faultOf(path, mutatedContent(content, seed)).catch((error: unknown) => String(error));
      expect(fault, `${path}, seed ${seed}`).toBeNull();
    }
  });

  it('are of every format', () => {
    expect(samples.length).toBeGreaterThan(30);
    expect(samples.filter(([path]) => path.endsWith('.parquet')).length).toBeGreaterThan(5);
  });
});
