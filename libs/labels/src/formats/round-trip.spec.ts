import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Label, LabelValue } from '../label.ts';
import { isBlankLabel, labelKey } from '../label.ts';
import { labelFormats } from './format-registry.ts';
import type { LabelFormat } from './label-format.ts';

const runs = { numRuns: 1000 };

// Whatever JSON can hold: what a conversion is given was read from a file.
const plainJson = fc.jsonValue({ maxDepth: 2 }).map((value): unknown => JSON.parse(JSON.stringify(value)));
const words = fc.oneof(
  fc.constantFrom('billing', 'bug', 'My invoice, number "7"; is wrong', 'emoji 😀 then Ünïcode', '3', '["a"]', ' x '),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
);
const names = fc.oneof(
  fc.constantFrom('label', 'sentiment', 'entities', 'accept', 'spans', 'user_input', 'source', 'confidence', '10', '2'),
  fc.constantFrom('text', 'doc_id', 'assay', 'x-metadata', 'label-metadata', '__proto__', 'field', 'id'),
  words,
);
const fieldNames = fc.oneof(
  fc.constantFrom('priority', 'datetime', 'source', 'meta', 'id', 'text', 'doc_id', 'content', 'external_id', 'label'),
  fc.constantFrom('annotator', 'completed_by', 'confidence', 'score', 'image_url', 'url', 'field', 'answer', 'options'),
  fc.constantFrom('label-metadata', 'sentiment', '_hash', '@other', 'task', 'worker', 'updated_at', 'Comments', '7'),
  words,
);
const people = fc.oneof(
  fc.constantFrom('ann@example.com', '3', '007', 'worker-7', ''),
  fc.uuid(),
  fc.string({ maxLength: 5 }),
);
const instants = fc.constantFrom(
  '2026-11-20T10:00:00Z',
  '2026-11-20T10:00:00.123456Z',
  '2026-11-20T10:00:00.123',
  'yesterday',
  '',
);
const share = fc.oneof(fc.constantFrom(0, 0.8, 0.93, 1), fc.double({ min: 0, max: 1, noNaN: true })).map((n) => n + 0);
const offsets = fc.tuple(fc.nat(14), fc.nat(5), fc.option(words));

const values: fc.Arbitrary<LabelValue> = fc.oneof(
  words.map((choice) => ({ kind: 'choice' as const, choice })),
  fc.array(words, { maxLength: 3 }).map((choices) => ({ kind: 'choices' as const, choices })),
  fc.array(offsets, { maxLength: 3 }).map((spans) => ({
    kind: 'spans' as const,
    spans: spans.map(([start, n, label]) => ({ start, end: start + n, label })),
  })),
  fc
    .oneof(fc.integer({ min: -2, max: 12 }), fc.double())
    .map((rating) => ({ kind: 'rating' as const, rating: rating + 0 })),
  words.map((text) => ({ kind: 'text' as const, text })),
);

type Parts = Omit<Label, 'origin'>;

const wild: fc.Arbitrary<Parts> = fc.record({
  docId: fc.option(fc.oneof(fc.constantFrom('d1', 'd2', '42'), words)),
  text: fc.option(words),
  annotator: fc.option(people),
  field: fc.oneof(fc.constant('label'), names),
  value: values,
  confidence: fc.option(share),
  partConfidences: fc.option(fc.array(share, { maxLength: 3 })),
  annotatedAt: fc.option(instants),
  extra: fc.dictionary(fieldNames, plainJson, { maxKeys: 3 }),
});

// A few people who answer a few questions on a few documents, some of them twice.
const crowded: fc.Arbitrary<Parts> = fc.record({
  docId: fc.constantFrom('d1', 'd2'),
  text: fc.constantFrom('one 😀', null),
  annotator: fc.constantFrom('ann@example.com', '3', null, '89896fe1-82b3-4115-897c-55af3a8dc05b'),
  field: fc.constantFrom('label', 'mood', '10', '2', '__proto__', 'constructor'),
  value: values,
  confidence: fc.constantFrom(null, 0.9),
  partConfidences: fc.constantFrom(null, [0.9]),
  annotatedAt: fc.constantFrom(null, '2026-11-20T10:00:00Z'),
  extra: fc.constantFrom({}, { priority: 2 }, { priority: '2' }),
});

const labels: fc.Arbitrary<Label[]> = fc
  .oneof(fc.array(wild, { maxLength: 6 }), fc.array(crowded, { maxLength: 12 }))
  .map((parts) => parts.map((label, row): Label => ({ ...label, origin: origin(row + 1) })));

function origin(row: number): Label['origin'] {
  return { tool: 'file', id: null, path: 'input', row, version: null };
}

/** A label without where it was read; equal labels have equal meanings. */
function meaning({ origin: _origin, value, extra, ...label }: Label): string {
  const sorted = Object.entries(extra).toSorted(([left], [right]) => (left < right ? -1 : 1));
  const { docId, text, annotator, field, confidence, partConfidences, annotatedAt } = label;
  return JSON.stringify([
    docId,
    text,
    annotator,
    field,
    confidence,
    partConfidences,
    annotatedAt,
    labelKey(value),
    sorted,
  ]);
}

const isSayable = ({ value }: Label) =>
  !isBlankLabel(value) && (value.kind !== 'rating' || Number.isFinite(value.rating));

/** Lines without a line are an empty file, which is no label file. */
function readBack(format: LabelFormat, content: string, written: number): readonly Label[] {
  return written === 0 ? [] : format.read(content, { path: 'output', groundTruth: 'vote' }).labels;
}

function lostPlaces(format: LabelFormat, all: readonly Label[], what: (name: string) => boolean): Set<string> {
  const { losses } = format.write(all);
  return new Set(losses.filter((loss) => what(loss.what) && !loss.isKept).map(({ where }) => where));
}

describe.each(labelFormats.map((format) => [format.name, format] as const))('%s', (_, format) => {
  it('gives back every label it wrote, except what it reports as lost', () => {
    fc.assert(
      fc.property(labels, (all) => {
        const { content, written } = format.write(all);
        const dropped = lostPlaces(format, all, (what) => what === 'label');
        const changed = lostPlaces(format, all, () => true);
        const back = readBack(format, content, written);
        expect(back).toHaveLength(written);
        expect(written).toBe(all.length - dropped.size);
        const meanings = back.map(meaning);
        const whole = all.filter(({ origin: { row } }) => !changed.has(`input#${row}`));
        for (const label of whole) {
          const at = meanings.indexOf(meaning(label));
          expect(at, `${meaning(label)} in ${content}`).toBeGreaterThanOrEqual(0);
          meanings.splice(at, 1);
        }
      }),
      runs,
    );
  });

  it('without asides loses what it reports and nothing else', () => {
    fc.assert(
      fc.property(labels, (all) => {
        const { content, written, losses } = format.write(all, { isAsideKept: false });
        const touched = new Set(losses.map(({ where }) => where));
        const meanings = new Set(readBack(format, content, written).map(meaning));
        for (const label of all) {
          expect(touched.has(`input#${label.origin.row}`)).toBe(!isSayable(label) || !meanings.has(meaning(label)));
        }
        expect(losses.every(({ isKept }) => !isKept)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
