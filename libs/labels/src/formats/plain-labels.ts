import { columnOf } from '../columns.ts';
import { parseLabelCell } from '../label-cell.ts';
import type { Label, LabelValue } from '../label.ts';
import { DEFAULT_FIELD, isBlankLabel, labelText } from '../label.ts';
import { fieldsOf } from './document-fields.ts';
import type { Json } from './json-input.ts';
import { shareOf, textOf } from './json-input.ts';
import type { LabelCollector } from './label-collector.ts';
import type { LabelFormat } from './label-format.ts';
import type { RecordFormat } from './line-codec.ts';
import { linesFormat, tableFormat } from './line-codec.ts';
import { ASIDE } from './loss.ts';

// Our own label files. As a table they are the files of the original Spark job with more columns, so `assay validate`
// reads what this writes; as lines they hold every kind of label without loss.

const COLUMNS = ['text', 'annotator_id', 'label', 'confidence_score', 'doc_id', 'field', 'annotated_at'];

const reasons = {
  label: 'an empty list means that nothing was labelled',
  annotator: 'an empty name is nobody',
  value: 'the cell reads back as another kind of label',
  partConfidences: 'one confidence for the whole label',
  extra: 'a column of that name means something else, or cells cannot hold it',
};

type ReadValue = (content: unknown) => LabelValue | null;

function readRecord(json: Json, row: number, path: string, into: LabelCollector, valueOf: ReadValue): void {
  const named = new Map<string, unknown>();
  const extra: [string, unknown][] = [];
  for (const [name, content] of Object.entries(json)) {
    const column = name === ASIDE ? ASIDE : columnOf(name);
    if (column === undefined || named.has(column)) extra.push([name, content]);
    else named.set(column, content);
  }
  const value = valueOf(named.get('label'));
  if (value === null || isBlankLabel(value)) return into.notVote('unlabelled');
  const confidence = confidenceOf(named.get('confidence_score'));
  if (confidence === undefined) into.loss('confidence', `${path}#${row}`, 'no number between 0 and 1');
  const shown: Label = {
    docId: textOf(named.get('doc_id')),
    text: textOf(named.get('text')),
    annotator: textOf(named.get('annotator_id')),
    field: textOf(named.get('field')) ?? DEFAULT_FIELD,
    value,
    confidence: confidence ?? null,
    partConfidences: null,
    annotatedAt: textOf(named.get('annotated_at')),
    origin: { tool: 'file', id: null, path, row, version: null },
    extra: Object.fromEntries(extra),
  };
  into.vote(shown, named.get(ASIDE));
}

/** Undefined where something stands there that is no confidence. */
function confidenceOf(content: unknown): number | null | undefined {
  const text = textOf(content)?.trim() ?? '';
  if (text === '') return null;
  return shareOf(Number(text)) ?? undefined;
}

/** Undefined where the content would read back as no label. */
function recordOf(label: Label, content: unknown, shown: LabelValue | null): Json | undefined {
  if (shown === null || isBlankLabel(shown)) return undefined;

  const taken = Object.keys(label.extra).filter((name) => columnOf(name) !== undefined);
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
    ...fieldsOf(label, [...taken, ASIDE]),
  };
}

const table: RecordFormat = {
  name: 'csv',
  summary: 'label file of Assay and of the original Spark job: text, annotator_id, label, confidence_score, …',
  reasons,
  reader:
    (_records, { path }, into) =>
    (json, row) =>
      readRecord(json, row, path, into, (cell) => parseLabelCell(textOf(cell) ?? '')),
  encode: (label) => recordOf(label, labelText(label.value), parseLabelCell(labelText(label.value))),
};

const lines: RecordFormat = {
  name: 'jsonl',
  summary: 'the same, one JSON object a line',
  reasons,
  reader:
    (_records, { path }, into) =>
    (json, row) =>
      readRecord(json, row, path, into, valueOfJson),
  encode: (label) => recordOf(label, contentOf(label.value), valueOfJson(contentOf(label.value))),
};

function valueOfJson(content: unknown): LabelValue | null {
  if (typeof content === 'number') return { kind: 'rating', rating: content };
  if (typeof content === 'string') return { kind: 'choice', choice: content };
  return Array.isArray(content) ? parseLabelCell(JSON.stringify(content)) : null;
}

function contentOf(value: LabelValue): unknown {
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

export const plainCsv: LabelFormat = tableFormat(table, COLUMNS);
export const plainLines: LabelFormat = linesFormat(lines);
