import { columnOf } from '../columns.ts';
import { confidenceOf, onScale } from '../confidence.ts';
import { parseLabelCell } from '../label-cell.ts';
import type { Label, LabelValue } from '../label.ts';
import { DEFAULT_FIELD } from '../label.ts';
import type { CsvCell, CsvStyle } from './csv-table.ts';
import { formatTable, parseTable, recordsOfTable } from './csv-table.ts';
import { documentOf, fieldsOf, rawOf } from './document-fields.ts';
import type { Json } from './json-input.ts';
import { isJson, jsonOf, listOf, parseJson, textOf, without } from './json-input.ts';
import { LabelCollector } from './label-collector.ts';
import type { ShownLabel } from './label-collector.ts';
import { readRecords } from './line-codec.ts';
import type { LabelFormat, ReadSettings } from './label-format.ts';
import { UnreadableContent } from './unreadable-content.ts';
import { resultsOf, valueOf } from './label-studio-result.ts';
import type { Aside } from './loss.ts';
import { ASIDE } from './loss.ts';
import type { Codec, Encoded } from './verified-write.ts';
import { verified } from './verified-write.ts';

// JSON_MIN, CSV and TSV: one row per annotation that was not skipped, its controls beside the task's data. They do not
// say which column is a control, who is ground truth and what was skipped; JSON does.

const TOOL = 'label-studio';
const RAW = `@${TOOL}`;
const OF_ANNOTATION = ['created_at', 'updated_at', 'lead_time'];
const OWN = ['id', 'annotation_id', 'annotator', 'field', ASIDE, ...OF_ANNOTATION];

function readRow(json: Json, settings: ReadSettings, collector: LabelCollector): void {
  const controls = settings.fields ?? namesFor(json, 'label').slice(0, 1);
  const [sureName, confidence] = confidenceIn(json, settings);
  const shown = shownLabel(json, sureName === undefined ? controls : [...controls, sureName]);
  const answers = controls.map((name) => ({ name, value: cellValue(json[name]) }));
  if (answers.every(({ value }) => value === null)) return collector.notVote('unlabelled');
  for (const { name, value } of answers) {
    const field = controls.length === 1 ? (textOf(json['field']) ?? fieldName(name)) : fieldName(name);
    if (value !== null) collector.vote({ ...shown, field, value, confidence }, json[ASIDE]);
  }
}

/** The column and what it says. One that only looks like a confidence by its name may be a field of the document. */
function confidenceIn(json: Json, { confidence: named }: ReadSettings): [string | undefined, unknown] {
  const [name = ''] = named === undefined ? namesFor(json, 'confidence_score') : [named.name];
  const said = onScale(scalarOf(json[name]), named?.scale ?? 1);
  const isCertain = named !== undefined || name === 'confidence';
  return isCertain || typeof confidenceOf(said) === 'number' ? [name, said] : [undefined, null];
}

/** Names by alias, our own first: a field of the document may have such a name too. */
function namesFor(json: Json, column: 'label' | 'confidence_score'): string[] {
  const own = column === 'label' ? 'label' : 'confidence';
  const names = Object.keys(json).filter((name) => columnOf(name) === column);
  return names.includes(own) ? [own] : names;
}

function shownLabel(json: Json, taken: readonly string[]): Omit<ShownLabel, 'value'> {
  const document = documentOf(without(json, [...OWN, ...taken]));
  const updated = textOf(json['updated_at']);
  const raw = rawParts(json);
  return {
    docId: document.docId,
    text: document.text,
    annotator: textOf(json['annotator']),
    field: DEFAULT_FIELD,
    confidence: null,
    partConfidences: null,
    annotatedAt: updated,
    origin: { tool: TOOL, id: textOf(json['annotation_id']), version: updated },
    extra: Object.keys(raw).length === 0 ? document.fields : { ...document.fields, [RAW]: raw },
  };
}

/** The same shape as label-studio-json keeps, so that one can be written as the other. */
function rawParts(json: Json): Json {
  const annotation = Object.fromEntries(OF_ANNOTATION.filter((name) => name in json).map((name) => [name, json[name]]));
  const id = json['annotation_id'];
  if (id === undefined || id === null) return {};
  const email = textOf(json['annotator']);
  const completedBy = email?.includes('@') === true ? { email } : (json['annotator'] ?? null);
  const task = json['id'] === undefined ? {} : { task: { id: json['id'] } };
  return { ...task, annotation: { id, completed_by: completedBy, ...annotation } };
}

/** A column named by an alias of `label` is our one field; a control that was asked for by name keeps it. */
function fieldName(column: string): string {
  return columnOf(column) === 'label' ? DEFAULT_FIELD : column;
}

function scalarOf(value: unknown): unknown {
  const [only] = listOf(value).map(jsonOf);
  return only === undefined ? value : (only['number'] ?? only['rating']);
}

/** What the converter of Label Studio makes of a control: one choice bare, else the regions' values. */
function cellValue(cell: unknown): LabelValue | null {
  if (typeof cell === 'number') return { kind: 'rating', rating: cell };
  if (typeof cell === 'string') return cell.trim() === '' ? null : parseLabelCell(cell);
  const values = isJson(cell) ? [cell] : listOf(cell);
  if (values.length > 0 && values.every((value) => typeof value === 'string')) {
    return { kind: 'choices', choices: values };
  }
  const regions = values.filter(isJson).map((value) => ({ type: typeOf(value), value }));
  return valueOf(regions);
}

function typeOf(value: Json): string {
  const [kind] = ['choices', 'taxonomy', 'rating', 'number'].filter((name) => name in value);
  if (kind !== undefined) return kind;
  return 'start' in value || 'globalOffsets' in value ? 'labels' : 'textarea';
}

function recordsOf(labels: readonly Label[], asides: readonly (Aside | undefined)[]): [Json[], number[]] {
  const records: Json[] = [];
  const order: number[] = [];
  for (const [index, label] of labels.entries()) {
    const value = cellOf(label);
    if (value === undefined) continue;
    order.push(index);
    records.push(recordOf(label, value, asides[index]));
  }
  return [records, order];
}

function recordOf(label: Label, value: unknown, aside: Aside | undefined): Json {
  const raw = rawOf(label, TOOL);
  const annotation = jsonOf(raw['annotation']);
  const own = [...OWN, 'text', 'doc_id', 'label', 'confidence'];
  const present: [string, unknown][] = [
    ['text', label.text],
    ['doc_id', label.docId],
    ['id', jsonOf(raw['task'])['id']],
    ['annotator', /^[1-9]\d{0,9}$/.test(label.annotator ?? '') ? Number(label.annotator) : label.annotator],
    ['annotation_id', annotation['id']],
    ['created_at', annotation['created_at']],
    ['updated_at', label.annotatedAt],
    ['lead_time', annotation['lead_time']],
    ['confidence', label.confidence],
    ['field', label.field === DEFAULT_FIELD ? null : label.field],
    [ASIDE, aside],
  ];
  const hasPlace = (name: string, content: unknown) =>
    content !== undefined && (content !== null || (name === 'lead_time' && 'lead_time' in annotation));
  return {
    ...fieldsOf(label, own),
    label: value,
    ...Object.fromEntries(present.filter(([name, content]) => hasPlace(name, content))),
  };
}

/** Undefined where nothing would be left in the cell. */
function cellOf({ value, text }: Label): unknown {
  if (value.kind === 'choice') return value.choice;
  if (value.kind === 'text') return value.text;
  if (value.kind === 'choices') return { choices: value.choices };
  const regions = resultsOf(value, '', text, () => '').map((region) => region['value']);
  return regions.length === 0 ? undefined : regions;
}

const reasons = {
  label: 'an empty set of spans leaves an empty cell, which means "not labelled"',
  partConfidences: 'one confidence for the whole row',
  value: 'the cell reads back as another kind of label',
  extra: 'a column of that name means something else, or cells cannot hold it',
};

const minCodec: Codec = {
  name: 'label-studio-min',
  summary: 'Label Studio JSON_MIN: one object per annotation (export only)',
  hasAside: true,
  reasons,
  read(content, settings) {
    const rows = parseJson(content);
    if (!Array.isArray(rows)) throw new UnreadableContent('malformed_json', 'no JSON array of annotations');
    const collector = new LabelCollector(settings.path);
    for (const json of rows) readRow(jsonOf(json), settings, collector);
    return collector.result();
  },
  encode(labels, asides): Encoded {
    const [records, order] = recordsOf(labels, asides);
    return { content: `${JSON.stringify(records, null, 1)}\n`, order };
  },
};

function tableCodec(name: string, summary: string, style: CsvStyle): Codec {
  return {
    name,
    summary,
    hasAside: true,
    reasons,
    read(content, settings) {
      const table = parseTable(content);
      const collector = new LabelCollector(settings.path);
      readRecords(recordsOfTable(table, jsonOfCells), collector, (json) => readRow(json, settings, collector));
      collector.noteRepeatedHeaders(table.repeatedHeaders);
      return collector.result();
    },
    encode(labels, asides): Encoded {
      const [records, order] = recordsOf(labels, asides);
      const all = new Set(['label', 'text', ...records.flatMap((record) => Object.keys(record))]);
      // Names are trimmed when they are read, and two of them may then be one.
      const names = [...all].filter((name) => name === name.trim()).toSorted();
      // The annotator is text in the table, a number in JSON_MIN.
      const rows = records.map((record) =>
        'annotator' in record ? { ...record, annotator: textOf(record['annotator']) } : record,
      );
      return { content: formatTable(names, rows, style), order };
    },
  };
}

/** Strings are quoted and numbers bare; an empty cell is a missing value. */
function jsonOfCells(cells: ReadonlyMap<string, CsvCell>): Json {
  const present = [...cells].filter(([, { text }]) => text !== '');
  return Object.fromEntries(present.map(([name, cell]) => [name, contentOf(name, cell)]));
}

function contentOf(name: string, { text, isQuoted }: CsvCell): unknown {
  if (name === ASIDE) return parseJson(text);
  return isQuoted || text.trim() === '' ? text : onScale(text, 1);
}

export const labelStudioMin: LabelFormat = verified(minCodec);

const crlf = { lineEnd: '\r\n', isQuotingStrings: true } as const;

export const labelStudioCsv: LabelFormat = verified(
  tableCodec('label-studio-csv', 'Label Studio CSV: one row per annotation (export only)', { separator: ',', ...crlf }),
);

export const labelStudioTsv: LabelFormat = verified(
  tableCodec('label-studio-tsv', 'Label Studio TSV: one row per annotation (export only)', {
    separator: '\t',
    ...crlf,
  }),
);
