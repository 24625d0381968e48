import type { Label } from '../label.ts';
import type { CsvCell } from './csv-table.ts';
import { PLAIN_CSV, formatTable, parseTable } from './csv-table.ts';
import type { Json, Lines } from './json-input.ts';
import { parseJson, parseLines, toLines } from './json-input.ts';
import { LabelCollector } from './label-collector.ts';
import type { LabelFormat, ReadResult, ReadSettings } from './label-format.ts';
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
  reader(records: readonly Json[], settings: ReadSettings, into: LabelCollector): (record: Json, row: number) => void;
  /** Undefined where the record could not say the label at all. */
  encode(label: Label, labels: readonly Label[], index: number): Json | undefined;
}

function collect(format: RecordFormat, { rows, losses }: Lines, settings: ReadSettings): ReadResult {
  const collector = new LabelCollector(losses);
  const read = format.reader(
    rows.map(({ json }) => json),
    settings,
    collector,
  );
  for (const { row, json } of rows) read(json, row);
  return collector.result();
}

function encodeRecords(format: RecordFormat, labels: readonly Label[], asides: readonly (Aside | undefined)[]) {
  const order: number[] = [];
  const records: Json[] = [];
  for (const [index, label] of labels.entries()) {
    const record = format.encode(label, labels, index);
    if (record === undefined) continue;
    order.push(index);
    records.push(asides[index] === undefined ? record : { ...record, [ASIDE]: asides[index] });
  }
  return { records, order };
}

/** One JSON object a line. */
export function linesFormat(format: RecordFormat): LabelFormat {
  const codec: Codec = {
    ...format,
    hasAside: true,
    read: (content, settings) => collect(format, parseLines(content, settings.path), settings),
    encode(labels, asides) {
      const { records, order } = encodeRecords(format, labels, asides);
      return { content: toLines(records), order };
    },
  };
  return verified(codec);
}

/** A CSV table with these columns first, in this order, and others behind them. */
export function tableFormat(format: RecordFormat, columns: readonly string[]): LabelFormat {
  const codec: Codec = {
    ...format,
    hasAside: true,
    read(content, settings) {
      const { rows, losses } = parseTable(content, settings.path);
      const records = rows.map(({ row, cells }) => ({ row, json: jsonOfCells(cells) }));
      return collect(format, { rows: records, losses }, settings);
    },
    encode(labels, asides) {
      const { records, order } = encodeRecords(format, labels, asides);
      const others = new Set(records.flatMap((record) => Object.keys(record)));
      for (const name of [...columns, ASIDE]) others.delete(name);
      const last = asides.length === 0 ? [] : [ASIDE];
      return { content: formatTable([...columns, ...[...others].toSorted(), ...last], records, PLAIN_CSV), order };
    },
  };
  return verified(codec);
}

/** Every cell is text; an empty one is missing. */
function jsonOfCells(cells: ReadonlyMap<string, CsvCell>): Json {
  const present = [...cells].filter(([, { text }]) => text !== '');
  return Object.fromEntries(present.map(([name, { text }]) => [name, name === ASIDE ? parseJson(text) : text]));
}
