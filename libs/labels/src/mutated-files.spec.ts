import { readFileSync, readdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLabels } from './read-labels.ts';
import { fileReasons } from './reasons.ts';

const HEADER = 'doc_id,text,annotator_id,label,confidence_score,annotated_at,note';
const csv = `${HEADER}\nd1,"a ""b"", c",ann,"[""x"",""y""]",0.9,2026-11-21T10:00:00Z,n\n,t,,bug,0.5,,\n`;
const record = { text: 't', annotator_id: 7, label: ['a', 'b'], confidence_score: 0.9, more: { a: [1, null] } };
const folder = new URL('../testdata/formats/', import.meta.url);
const exportsOfTools = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(csv|json|jsonl|conll)$/.test(name))
  .map((name): [string, Buffer] => [name, readFileSync(new URL(name, folder))]);

const samples: readonly [string, Buffer][] = [
  ['a.csv', Buffer.from(csv)],
  ['a.csv.gz', gzipSync(csv)],
  ['a.csv', Buffer.from(`\ufeff${csv}`, 'utf16le')],
  ['a.jsonl', Buffer.from(`${JSON.stringify(record)}\n${JSON.stringify(record)}\n`)],
  ['a.json', Buffer.from(JSON.stringify([record, record]))],
  ['a.json', Buffer.from(JSON.stringify({ of: 2, annotations: [record, record] }))],
  ...exportsOfTools,
];

/** Some bytes changed, some left out, some said many times: what half a copy and a bad day make of a file. */
const mutation = fc.record({
  at: fc.nat(100_000),
  length: fc.nat(40),
  times: fc.nat(50),
  bytes: fc.oneof(
    fc.uint8Array({ maxLength: 4 }),
    fc
      .constantFrom('"', '[', '{', ']', '}', ',', '\\', '\n', '\0', '-', '1e999', 'null', '{"__proto__":')
      .map((text) => Buffer.from(text)),
  ),
});
type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never;

function mutated(content: Uint8Array, { at, length, times, bytes }: Mutation): Buffer {
  const from = at % (content.length + 1);
  const said = Buffer.concat(Array.from({ length: times }, () => bytes));
  return Buffer.concat([content.subarray(0, from), said, content.subarray(from + length)]);
}

describe('a label file that something happened to', () => {
  it('has an outcome, and every row one reason or a label', async () => {
    const files = fc.tuple(fc.constantFrom(...samples), fc.array(mutation, { minLength: 1, maxLength: 4 }));
    await fc.assert(
      fc.asyncProperty(files, async ([[path, content], mutations]) => {
        const { outcome, labels, rejected } = await readLabels(path, mutations.reduce<Uint8Array>(mutated, content));
        if (outcome.kind === 'rejected') return outcome.reason.includes(':') || outcome.reason in fileReasons;
        return outcome.rows === labels.length + rejected.length;
      }),
    );
    expect(samples.length).toBeGreaterThan(20);
  });
});
