import { ValueRows } from '../files/value-row.ts';
import type { SourceSettings } from '../label-row.ts';
import type { Label, LabelValue } from '../label.ts';
import type { LabelSink } from '../record-reader.ts';
import type { Json } from './json-input.ts';
import type { ReadResult } from './label-format.ts';

// An answer from a tool as a row of our own label files: what `readLabelFile` judges and hands on, and what is kept of
// it where it is rejected. `tool` and `annotation_id` are the columns by which the running system knows the tool's
// annotation. The fields of the document stay out: one of them may be called like a column that means something to us.

type Answer = Omit<Label, 'confidence' | 'origin'> & {
  readonly confidence: unknown;
  readonly origin: Pick<Label['origin'], 'tool' | 'id'>;
};

export function rowOf({ docId, text, annotator, field, value, confidence, annotatedAt, origin }: Answer): Json {
  const cells: readonly [string, unknown][] = [
    ['doc_id', docId],
    ['text', text],
    ['annotator_id', annotator],
    ['field', field],
    ['label', labelContent(value)],
    ['confidence_score', confidence],
    ['annotated_at', annotatedAt],
    ['tool', origin.tool],
    ['annotation_id', origin.id],
  ];
  return Object.fromEntries(cells.filter(([, cell]) => cell !== null && cell !== undefined));
}

/** A label as the JSON Lines of ours hold it. */
export function labelContent(value: LabelValue): unknown {
  switch (value.kind) {
    case 'choice':
      return value.choice;
    case 'choices':
      return value.choices;
    case 'rating':
      return value.rating;
    case 'text':
      return value.text;
    case 'spans':
      return value.spans;
  }
}

/** Votes and rejected answers in their order, judged as any row is. Answers how many there are. */
export function handOverRows({ labels, rejected }: ReadResult, sink: LabelSink, settings: SourceSettings): number {
  const rows = new ValueRows(sink, settings);
  const rejections = rejected.values();
  let next = rejections.next();
  for (const label of labels) {
    for (; next.done !== true && next.value.row < label.origin.row; next = rejections.next()) {
      rows.reject(next.value.reason, next.value.record);
    }
    rows.take(rowOf(label));
  }
  for (; next.done !== true; next = rejections.next()) rows.reject(next.value.reason, next.value.record);
  return rows.rows;
}
