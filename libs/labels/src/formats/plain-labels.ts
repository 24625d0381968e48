import { columnOf, isArgillaHeader } from '../columns.ts';
import { TextFileReader } from '../files/text-file-reader.ts';
import { cellText } from '../files/value-row.ts';
import { parseLabelCell } from '../label-cell.ts';
import { MAX_ANNOTATOR_BYTES, MAX_LABEL_BYTES } from '../label-row.ts';
import type { SourceSettings } from '../label-row.ts';
import type { Label } from '../label.ts';
import { DEFAULT_FIELD, isBlankLabel, labelText } from '../label.ts';
import { labelOf } from '../label-of-row.ts';
import { fileReasonMeaning } from '../reasons.ts';
import type { LabelSink } from '../record-reader.ts';
import { fieldsOf } from './document-fields.ts';
import type { Json } from './json-input.ts';
import { jsonOf } from './json-input.ts';
import { LabelCollector } from './label-collector.ts';
import type { LabelFormat, ReadResult, ReadSettings } from './label-format.ts';
import { encodeLines, encodeTable } from './line-codec.ts';
import { labelContent } from './tool-row.ts';
import { ASIDE } from './loss.ts';
import { UnreadableContent } from './unreadable-content.ts';
import type { Codec } from './verified-write.ts';
import { verified } from './verified-write.ts';

// Our own label files. As a table they are the files of the original Spark job with more columns; as lines they hold every
// kind of label without loss. They are read by the reader of all label files, so that a conversion, the intake and
// `assay validate` judge a row alike; only a missing confidence is kept as it is, because a conversion decides nothing.

const judgement: SourceSettings = { hasDecimalComma: false, missingConfidence: 'keep' };

function readPlain(content: string, { path }: ReadSettings): ReadResult {
  const collector = new LabelCollector(path);
  const sink: LabelSink = {
    begin: () => undefined,
    accept: (row, record) => addVote(labelOf(row, record, path), jsonOf(record.record()), collector),
    reject: (_row, reason, record) => collector.reject(reason, record),
  };
  const name = path.replace(/\.(gz|zst|zstd)$/i, '');
  const reader = new TextFileReader({ name, sink, settings: judgement, isEncodingUnsure: false });
  reader.push(Buffer.from(content));
  const end = reader.end();
  if (typeof end === 'string') {
    const reason = end === 'not_utf8' ? 'undecodable' : end;
    throw new UnreadableContent(reason, `${reason}: ${fileReasonMeaning(reason)}`);
  }
  for (const note of end.notes) collector.note(note);
  return collector.result();
}

/** A row that passed. Two things of it are for conversions only: a number that JSON wrote is a rating (to a vote it is its
 * digits, as in a table), and what stands aside comes back. An empty cell is no field of the document. */
function addVote(label: Label, record: Json, into: LabelCollector): void {
  const [, said] = Object.entries(record).find(([name]) => columnOf(name) === 'label') ?? [];
  const { [ASIDE]: aside, ...extra } = label.extra;
  into.vote(
    {
      ...label,
      value: typeof said === 'number' ? { kind: 'rating', rating: said } : label.value,
      extra: Object.fromEntries(Object.entries(extra).filter(([, cell]) => cell !== '')),
    },
    typeof aside === 'string' ? parsed(aside) : aside,
  );
}

function parsed(aside: string): unknown {
  try {
    return JSON.parse(aside);
  } catch {
    return undefined;
  }
}

const COLUMNS = ['text', 'annotator_id', 'label', 'confidence_score', 'doc_id', 'field', 'annotated_at'];

/** Undefined where the row would be rejected when it is read. */
function recordOf(label: Label, content: unknown): Json | undefined {
  const isOfNobody = (label.docId ?? '').trim() === '' && (label.text ?? '').trim() === '';
  const cell = cellText(content).trim();
  if (isOfNobody || isBlankLabel(parseLabelCell(cell))) return undefined;
  if (isTooLong(cell, MAX_LABEL_BYTES) || isTooLong(label.annotator?.trim() ?? '', MAX_ANNOTATOR_BYTES))
    return undefined;
  const present: [string, unknown][] = [
    ['text', label.text],
    ['annotator_id', label.annotator],
    ['label', content],
    ['confidence_score', label.confidence],
    ['doc_id', label.docId],
    ['field', label.field === DEFAULT_FIELD ? null : label.field],
    ['annotated_at', label.annotatedAt],
  ];
  return {
    ...Object.fromEntries(present.filter(([, part]) => part !== null)),
    ...fieldsOf(label, Object.keys(label.extra).filter(isTaken)),
  };
}

function isTooLong(cell: string, limit: number): boolean {
  return Buffer.byteLength(cell) > limit;
}

/** Names that say something about the row or the whole file: `annotations` alone in a JSON file wraps its rows, and NUL in
 * a header is no text. */
function isTaken(name: string): boolean {
  return (
    columnOf(name) !== undefined ||
    isArgillaHeader([name]) ||
    [ASIDE, 'annotations'].includes(name) ||
    name.includes('\0')
  );
}

const ours: Pick<Codec, 'hasAside' | 'reasons' | 'read'> = {
  hasAside: true,
  reasons: {
    label: 'a row needs a doc_id or a text, and a label that is not empty; label and annotator have a largest length',
    docId: 'cells are trimmed',
    text: 'a blank text is none',
    annotator: 'cells are trimmed, and an empty name is nobody',
    field: 'cells are trimmed',
    value: 'the cell reads back as another kind of label',
    partConfidences: 'one confidence for the whole label',
    annotatedAt: 'cells are trimmed',
    extra: 'a column of that name means something else, or cells cannot hold it',
  },
  read: readPlain,
};

export const plainCsv: LabelFormat = verified({
  ...ours,
  name: 'csv',
  summary: 'label file of Assay and of the original Spark job: text, annotator_id, label, confidence_score, …',
  encode: encodeTable((label) => recordOf(label, labelText(label.value)), COLUMNS),
});

export const plainLines: LabelFormat = verified({
  ...ours,
  name: 'jsonl',
  summary: 'the same, one JSON object a line',
  encode: encodeLines((label) => recordOf(label, labelContent(label.value))),
});
