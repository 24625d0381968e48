import { createHash } from 'node:crypto';
import { defaultRules, type DecisionRules } from '@assay/labels/decide';
import { labelJson, labelKey, type LabelValue } from '@assay/labels/label';
import type { LabelChange, LabelMessage } from '@assay/shared/contracts/label-message';
import fc from 'fast-check';

/** Three documents with a text each, that no other has. */
export const documents = ['1', '2', '3'].map((digit) => {
  const text = `text of document ${digit}`;
  return { docId: digit.repeat(32), text, textHash: createHash('sha256').update(text).digest('hex') };
});

export const PARTITIONS = 3;

/** In byte order. In UTF-16 the last one would be before the one in the middle. */
const paths = ['2026/11/01/a.csv', '2026/11/01/\uff5e.csv', '2026/11/01/\u{1f600}.csv'];

/** A file, and what was put in its place later. */
export interface SentFile {
  readonly contents: readonly SentContent[];
}

export interface SentContent {
  /** Its rows, complete and in order. */
  readonly rows: readonly LabelMessage[];
  /** Times it was sent up to a message before it was sent whole: the bridge died in between. */
  readonly attempts: readonly number[];
  /** The next content came before it was sent whole. */
  readonly isGivenUp: boolean;
}

/** What the path of a file stands for in the end. */
export const finalRows = ({ contents }: SentFile): readonly LabelMessage[] => contents.at(-1)!.rows;

export interface Delivery {
  readonly partition: number;
  readonly size: number;
  readonly before: 'nothing' | 'document' | 'settle waiting' | 'replay' | 'redecide';
}

/** Label files, and how they came: in which order their rows met, in which batches, what happened in between. */
export interface LabelHistory {
  readonly rules: DecisionRules;
  readonly files: readonly SentFile[];
  /** Which file writes next, over and over. */
  readonly turns: readonly number[];
  /** Over and over, until everything has been read. */
  readonly deliveries: readonly Delivery[];
  /** Which documents are there from the start. */
  readonly isThere: readonly boolean[];
}

const values: readonly LabelValue[] = [
  { kind: 'choice', choice: 'bug' },
  { kind: 'choice', choice: 'praise' },
  { kind: 'choices', choices: ['praise', 'bug'] },
];

// Few values, so that rows meet: equal rows, ties, late dissent and withdrawals that hit are the rule.
const row = fc.record({
  op: fc.constantFrom<LabelMessage['op']>('vote', 'vote', 'vote', 'withdraw'),
  document: fc.constantFrom(...documents),
  isByText: fc.boolean(),
  field: fc.constantFrom('label', 'label', 'urgency'),
  annotator: fc.constantFrom('ann', 'ann', 'bob', null),
  value: fc.constantFrom(...values),
  confidence: fc.constantFrom(0.9, 0.9, 0.8, 0.79),
  at: fc.constantFrom(null, null, '2026-11-01T00:00:00Z', '2026-11-01T01:00:00+01:00', '2026-11-01T00:00:00.000001Z'),
  toolId: fc.constantFrom(null, null, '1', '2'),
});

/** By key, as Kafka does it: rows that name a document by its id and by its text meet in different partitions. */
export const partitionOf = ({ doc_id, text_hash }: LabelChange): number =>
  doc_id === null
    ? (documents.findIndex(({ textHash }) => textHash === text_hash) + 1) % PARTITIONS
    : documents.findIndex(({ docId }) => docId === doc_id) % PARTITIONS;

type Cells = typeof row extends fc.Arbitrary<infer T> ? T : never;

/** How a content becomes the next one of its path. */
const edit = fc.record({
  how: fc.constantFrom('append', 'append', 'change', 'change', 'insert', 'delete', 'revert', 'empty'),
  at: fc.nat(8),
  cells: row,
});

function editedBy(
  { how, at, cells }: typeof edit extends fc.Arbitrary<infer T> ? T : never,
  content: readonly Cells[],
  earlier: readonly (readonly Cells[])[],
): readonly Cells[] {
  switch (how) {
    case 'append':
      return [...content, cells];
    case 'change':
      return content.map((old, index) => (index === at % content.length ? cells : old));
    case 'insert':
      return content.toSpliced(at, 0, cells);
    case 'delete':
      return content.toSpliced(at, 1);
    case 'revert':
      return earlier[at % earlier.length]!;
    case 'empty':
      return [];
  }
}

const sending = fc.record({
  attempts: fc.array(fc.nat(8), { maxLength: 2 }),
  isGivenUp: fc.constantFrom(false, false, false, true),
});

const file = (path: string): fc.Arbitrary<SentFile> =>
  fc
    .record({
      cells: fc.array(row, { maxLength: 8 }),
      edits: fc.array(fc.array(edit, { minLength: 1, maxLength: 3 }), { maxLength: 3 }),
      sendings: fc.array(sending, { minLength: 4, maxLength: 4 }),
    })
    .map(({ cells, edits, sendings }) => {
      const contents: (readonly Cells[])[] = [cells];
      for (const group of edits)
        contents.push(group.reduce((content, one) => editedBy(one, content, contents), contents.at(-1)!));
      return {
        contents: contents.map((content, index) => ({
          attempts: sendings[index]!.attempts,
          isGivenUp: sendings[index]!.isGivenUp && index < contents.length - 1,
          rows: content.map((one, at) => messageOf({ path, generation: index + 1, content, row: at + 1 }, one)),
        })),
      };
    });

interface PlacedIn {
  readonly path: string;
  readonly generation: number;
  readonly content: readonly Cells[];
  readonly row: number;
}

function messageOf({ content, ...place }: PlacedIn, cells: Cells): LabelMessage {
  const { op, document, isByText, field, annotator, value, confidence, at, toolId } = cells;
  return {
    v: 1,
    op,
    doc_id: isByText ? null : document.docId,
    text_hash: document.textHash,
    field,
    annotator_id: annotator,
    label: labelKey(value),
    value: labelJson(value),
    confidence_score: confidence,
    annotated_at: at,
    text: document.text,
    origin: {
      ...place,
      // A content that comes back has the digest it had.
      sha256: createHash('sha256').update(JSON.stringify(content)).digest('hex'),
      tool: toolId === null ? 'file' : 'argilla',
      tool_annotation_id: toolId,
    },
  };
}

export const labelHistory: fc.Arbitrary<LabelHistory> = fc.record({
  rules: fc.record({
    threshold: fc.constant(defaultRules.threshold),
    minAnnotators: fc.constantFrom(1, 1, 2),
    minConfidentVotes: fc.constantFrom(1, 1, 2),
    requiredFields: fc.constantFrom(null, null, ['label'], ['label', 'urgency']),
  }),
  files: fc.tuple(...paths.map(file)),
  turns: fc.array(fc.nat(2), { minLength: 1, maxLength: 20 }),
  deliveries: fc.array(
    fc.record({
      partition: fc.nat(PARTITIONS - 1),
      size: fc.integer({ min: 1, max: 5 }),
      before: fc.constantFrom<Delivery['before']>(
        ...(['nothing', 'nothing', 'nothing', 'document', 'settle waiting', 'replay', 'redecide'] as const),
      ),
    }),
    { minLength: 1, maxLength: 20 },
  ),
  isThere: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
});
