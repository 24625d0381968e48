import { labelJson, labelKey, type LabelValue } from '@assay/labels/label';
import type { LabelMessage } from '@assay/shared/contracts/label-message';
import { describe, expect, it } from 'vitest';
import { annotationIdOf, labelValueOf, storedVote, voteRowOf } from './vote-row.ts';

const DOC = 'd'.repeat(32);

const message: LabelMessage = {
  v: 1,
  op: 'vote',
  doc_id: DOC,
  text_hash: null,
  field: 'label',
  annotator_id: 'ann',
  label: 'choice:bug',
  value: 'bug',
  confidence_score: 0.9,
  annotated_at: '2026-11-21T09:30:00Z',
  text: 'a text',
  origin: {
    path: '2026/11/21/a.csv',
    sha256: 'a'.repeat(64),
    generation: 1,
    row: 1,
    tool: 'file',
    tool_annotation_id: null,
  },
};

const idOf = (changes: Partial<LabelMessage>, docId = DOC) => annotationIdOf(docId, { ...message, ...changes });
const ID = idOf({});
const parsed = (json: string) => JSON.parse(json) as number;

describe('annotationIdOf', () => {
  it.each<[string, Partial<LabelMessage>]>([
    ['0.90 is the number 0.9', { confidence_score: parsed('0.90') }],
    ['9e-1 is the number 0.9', { confidence_score: parsed('9e-1') }],
    ['the same instant in another zone', { annotated_at: '2026-11-21T11:30:00+02:00' }],
    ['the same instant with a fraction', { annotated_at: '2026-11-21T09:30:00.000000Z' }],
    ['digits below a microsecond', { annotated_at: '2026-11-21T09:30:00.0000004Z' }],
    ['another file', { origin: { ...message.origin, path: '2026/11/22/b.csv', sha256: 'b'.repeat(64), row: 7 } }],
    ['another tool', { origin: { ...message.origin, tool: 'argilla', tool_annotation_id: 'r1' } }],
    ['how the document was found', { doc_id: null, text_hash: 'e'.repeat(64) }],
  ])('is the same for %s', (_, changes) => {
    expect(idOf(changes)).toBe(ID);
  });

  it.each<[string, Partial<LabelMessage>]>([
    ['annotator', { annotator_id: 'bob' }],
    ['annotator, who is nobody', { annotator_id: null }],
    ['annotator, who is called null', { annotator_id: 'null' }],
    ['field', { field: 'urgency' }],
    ['label', { label: 'choice:Bug' }],
    ['kind of label', { label: 'text:bug' }],
    ['confidence', { confidence_score: 0.9000000000000001 }],
    ['instant', { annotated_at: '2026-11-21T09:30:00.000001Z' }],
    ['instant, which is missing', { annotated_at: null }],
    ['text', { text: 'a text ' }],
    ['case of the text', { text: 'A text' }],
    ['text, which is missing', { text: null }],
    ['text, which is empty', { text: '' }],
  ])('is another one for another %s', (_, changes) => {
    expect(idOf(changes)).not.toBe(ID);
  });

  it('is another one for another document', () => {
    expect(idOf({}, 'e'.repeat(32))).not.toBe(ID);
  });

  it('cannot be met by moving words from one part to the next', () => {
    expect(idOf({ annotator_id: 'ann","label', field: 'x' })).not.toBe(
      idOf({ annotator_id: 'ann', field: 'label","x' }),
    );
  });

  it('is the confidence 0, however it is written', () => {
    expect(idOf({ confidence_score: parsed('-0') })).toBe(idOf({ confidence_score: 0 }));
  });
});

describe('voteRowOf', () => {
  it('keeps where the row stands and what it says', () => {
    expect(voteRowOf(DOC, message)).toEqual({
      annotation_id: ID,
      doc_id: DOC,
      annotator_id: 'ann',
      field: 'label',
      label: 'choice:bug',
      value: 'bug',
      confidence_score: 0.9,
      text: 'a text',
      raw_annotation_path: '2026/11/21/a.csv',
      raw_row: 1,
      generation: 1,
      file_sha256: 'a'.repeat(64),
      tool: 'file',
      tool_annotation_id: null,
      annotated_at: '2026-11-21T09:30:00.000Z',
    });
  });

  it.each([
    [
      'cuts what is below a microsecond, which Postgres would round',
      '2026-11-21T09:30:00.1234567Z',
      '2026-11-21T09:30:00.123456Z',
    ],
    ['has no instant before the year 1, which Postgres does not know', '0000-01-01T00:00:00Z', null],
    ['has no instant that its zone carries out of the years', '9999-12-31T23:59:59-01:00', null],
    ['has no instant that its zone carries before the first day', '0001-01-01T00:00:00+01:00', null],
  ])('%s', (_, annotated_at, stored) => {
    expect(voteRowOf(DOC, { ...message, annotated_at }).annotated_at).toBe(stored);
  });

  it('gives equal ids exactly the equal instants it stores', () => {
    const [left, right] = ['2026-11-21T09:30:00.1234567Z', '2026-11-21T09:30:00.1234561Z'].map((annotated_at) =>
      voteRowOf(DOC, { ...message, annotated_at }),
    );
    expect(left).toEqual(right);
  });
});

const values: [string, LabelValue][] = [
  ['choice', { kind: 'choice', choice: 'a: b' }],
  ['choices', { kind: 'choices', choices: ['b', 'a'] }],
  ['a set of one', { kind: 'choices', choices: ['a'] }],
  ['spans', { kind: 'spans', spans: [{ start: 2, end: 5, label: null }] }],
  ['no span', { kind: 'spans', spans: [] }],
  ['rating', { kind: 'rating', rating: -0 }],
  ['text', { kind: 'text', text: ' choice:a ' }],
];

describe('labelValueOf', () => {
  it.each(values)('is the label again, from its key and JSON: %s', (_, value) => {
    const restored = labelValueOf(labelKey(value), JSON.parse(JSON.stringify(labelJson(value))));
    expect(labelKey(restored)).toBe(labelKey(value));
  });
});

describe('storedVote', () => {
  it('is the vote in the terms of the rules', () => {
    const stored = voteRowOf(DOC, message);
    expect(storedVote(stored)).toMatchObject({
      annotator: 'ann',
      label: { kind: 'choice', choice: 'bug' },
      confidence: 0.9,
      annotatedAt: Date.UTC(2026, 10, 21, 9, 30) * 1000,
      path: '2026/11/21/a.csv',
      row: 1,
      stored,
    });
    expect(storedVote({ ...stored, annotated_at: null }).annotatedAt).toBeNull();
  });
});
