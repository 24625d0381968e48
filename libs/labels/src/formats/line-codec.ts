import type { Label } from '../label.ts';
import type { CsvCell } from './csv-table.ts';
import { PLAIN_CSV, formatTable, parseTable, recordsOfTable } from './csv-table.ts';
import type { FileRecord, Json } from './json-input.ts';
import { parseJson, parseLines, toLines } from './json-input.ts';
import { LabelCollector } from './label-collector.ts';
import type { LabelFormat, ReadSettings } from './label-format.ts';
import type { Aside } from './loss.ts';
import { ASIDE } from './loss.ts';
import type { Codec } from './verified-write.ts';
import { verified } from './verified-write.ts';

/** A format whose records are read one by one and that writes one label to a record. */
export interface RecordFormat {
  readonly name: string;
  readonly summary: string;
  readonly reasons: Readonly<Record<string, string>>;
  /** Called once per file, so that a format can look over all records first; the function takes them one by one. */
  reader(records: readonly Json[], settings: ReadSettings, into: LabelCollector): (record: Json) => void;
  /** Undefined where the record could not say the label at all. */
  readonly encode: (label: Label, labels: readonly Label[], index: number) => Json | undefined;
}

function collect(format: RecordFormat, records: readonly FileRecord[], settings: ReadSettings): LabelCollector {
  const collector = new LabelCollector(settings.path);
  const all = records.flatMap((record) => ('json' in record ? [record.json] : []));
  readRecords(records, collector, format.reader(all, settings, collector));
  return collector;
}

/** Every record in its place: good ones to `read`, the others as rows that do not count. */
export function readRecords(records: readonly FileRecord[], into: LabelCollector, read: (record: Json) => void): void {
  for (const record of records) {
    if ('json' in record) read(record.json);
    else into.reject('malformed_row', record.content, record.why);
  }
}

type EncodeRecord = RecordFormat['encode'];

function encodeRecords(encode: EncodeRecord, labels: readonly Label[], asides: readonly (Aside | undefined)[]) {
  const order: number[] = [];
  const records: Json[] = [];
  for (const [index, label] of labels.entries()) {
    const record = encode(label, labels, index);
    if (record === undefined) continue;
    order.push(index);
    records.push(asides[index] === undefined ? record : { ...record, [ASIDE]: asides[index] });
  }
  return { records, order };
}

export function encodeLines(encode: EncodeRecord): Codec['encode'] {
  return (labels, asides) => {
    const { records, order } = encodeRecords(encode, labels, asides);
    return { content: toLines(records), order };
  };
}

/** These columns first, in this order, and others behind them. */
export function encodeTable(encode: EncodeRecord, columns: readonly string[]): Codec['encode'] {
  return (labels, asides) => {
    const { records, order } = encodeRecords(encode, labels, asides);
    const others = new Set(records.flatMap((record) => Object.keys(record)));
    for (const name of [...columns, ASIDE]) others.delete(name);
    // Names are trimmed when they are read, and two of them may then be one.
    const own = [...others].filter((name) => name === name.trim()).toSorted();
    const last = asides.length === 0 ? [] : [ASIDE];
    return { content: formatTable([...columns, ...own, ...last], records, PLAIN_CSV), order };
  };
}

/** One JSON object a line. */
export function linesFormat(format: RecordFormat): LabelFormat {
  return verified({
    ...format,
    hasAside: true,
    read: (content, settings) => collect(format, parseLines(content), settings).result(),
    encode: encodeLines(format.encode),
  });
}

/** A CSV table with these columns first. */
export function tableFormat(format: RecordFormat, columns: readonly string[]): LabelFormat {
  return verified({
    ...format,
    hasAside: true,
    read(content, settings) {
      const table = parseTable(content);
      const collector = collect(format, recordsOfTable(table, jsonOfCells), settings);
      collector.noteRepeatedHeaders(table.repeatedHeaders);
      return collector.result();
    },
    encode: encodeTable(format.encode, columns),
  });
}

/** Every cell is text; an empty one is missing. */
function jsonOfCells(cells: ReadonlyMap<string, CsvCell>): Json {
  const present = [...cells].filter(([, { text }]) => text !== '');
  return Object.fromEntries(present.map(([name, { text }]) => [name, name === ASIDE ? parseJson(text) : text]));
}
