import { columnOf, isArgillaHeader } from '../columns.ts';
import { MAX_COLUMNS, MAX_DEPTH, MAX_VALUE_LENGTH, isDeeperThan } from '../limits.ts';
import type { Column } from '../column-names.ts';
import { LabelRow } from '../label-row.ts';
import type { Cell, SourceSettings } from '../label-row.ts';
import type { FileReason, RowReason } from '../reasons.ts';
import type { LabelSink, RecordView } from '../record-reader.ts';

// Rows that arrive as values (JSON, Parquet) instead of text. They are written out as UTF-8 cells and then go the way of
// CSV, so that one set of rules decides about all formats.

/** A value as a cell would hold it; '' for null. Objects and lists become JSON. */
export function cellText(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value);
    case 'undefined':
      return '';
    default:
      if (value === null) return '';
      return value instanceof Date ? dateText(value) : JSON.stringify(value, plainJson);
  }
}

function dateText(date: Date): string {
  return Number.isNaN(date.getTime()) ? '' : date.toISOString();
}

/** JSON has no bigint; digits are lost in no case. */
export function plainJson(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

/** Turns objects into rows. The columns of a JSON file are known only when it has been read to its end, so a second name
 * for one column can turn up in any record. */
export class ValueRows implements RecordView {
  rejection: FileReason | undefined;
  rows = 0;
  readonly #sink: LabelSink;
  readonly #settings: SourceSettings;
  readonly #row = new LabelRow();
  readonly #cells: Readonly<Record<Column, Cell>>;
  readonly #columnByName = new Map<string, Column | undefined>();
  readonly #nameByColumn = new Map<Column, string>();
  #isArgilla: boolean | undefined;
  #bytes = Buffer.alloc(64 * 1024);
  #length = 0;
  #value: Readonly<Record<string, unknown>> = {};

  constructor(sink: LabelSink, settings: SourceSettings) {
    this.#sink = sink;
    this.#settings = settings;
    const row = this.#row;
    this.#cells = {
      doc_id: row.docId,
      text: row.text,
      annotator_id: row.annotator,
      field: row.field,
      label: row.label,
      confidence_score: row.confidenceCell,
      annotated_at: row.annotatedAtCell,
    };
  }

  take(value: Readonly<Record<string, unknown>>): void {
    const excess = excessOf(value);
    if (excess !== undefined) return this.reject('malformed_row', excess);
    this.rows += 1;
    this.#value = value;
    this.#fill(value);
    if (this.rejection !== undefined) return;
    const reason = this.#row.check(this.#settings);
    if (reason === undefined) this.#sink.accept(this.#row, this);
    else this.#sink.reject(this.rows, reason, value);
  }

  /** A record that is no row for a reason that was found before; `record` is what there is of it. */
  reject(reason: RowReason, record: unknown): void {
    this.rows += 1;
    this.#sink.reject(this.rows, reason, excessOf(record) ?? record);
  }

  record(): unknown {
    return this.#value;
  }

  extra(): Record<string, unknown> {
    return Object.fromEntries(Object.entries(this.#value).filter(([name]) => this.#columnOf(name) === undefined));
  }

  #fill(value: Readonly<Record<string, unknown>>): void {
    this.#isArgilla ??= isArgillaHeader(Object.keys(value));
    this.#row.clear();
    this.#row.row = this.rows;
    const texts: string[] = [];
    const filled: Column[] = [];
    for (const name in value) {
      const column = this.#columnOf(name);
      if (column === undefined) continue;
      if (!this.#isOnlyName(column, name)) this.rejection ??= `duplicate_column:${column}`;
      texts.push(cellText(value[name]));
      filled.push(column);
    }
    this.#reserve(texts);
    for (const [at, column] of filled.entries()) this.#write(this.#cells[column], texts[at] ?? '');
  }

  #isOnlyName(column: Column, name: string): boolean {
    const known = this.#nameByColumn.get(column);
    if (known === undefined) this.#nameByColumn.set(column, name);
    return known === undefined || known === name;
  }

  #columnOf(name: string): Column | undefined {
    const known = this.#columnByName.get(name);
    if (known !== undefined || this.#columnByName.has(name)) return known;
    const column = columnOf(name, this.#isArgilla);
    // A file may use a new name in every record; those are looked up each time instead of being remembered.
    if (this.#columnByName.size < 1000) this.#columnByName.set(name, column);
    return column;
  }

  // Cells point into one buffer, so it must not move while a row is being written.
  #reserve(texts: readonly string[]): void {
    const needed = texts.reduce((length, text) => length + text.length * 3, 0);
    if (needed > this.#bytes.length) this.#bytes = Buffer.alloc(needed * 2);
    this.#length = 0;
  }

  #write(cell: Cell, text: string): void {
    const start = this.#length;
    this.#length += this.#bytes.write(text, start, 'utf8');
    cell.set(this.#bytes, start, this.#length);
  }
}

/** What of a record is beyond any bound, instead of the record; undefined for every other one. */
function excessOf(record: unknown): object | undefined {
  if (isDeeperThan(MAX_DEPTH, record)) return { too_deep: MAX_DEPTH };
  if (!isRecord(record)) return undefined;
  let count = 0;
  for (const name in record) {
    count += 1;
    if (count > MAX_COLUMNS) return { too_many_columns: MAX_COLUMNS };
    const value = record[name];
    if (typeof value === 'string' && value.length > MAX_VALUE_LENGTH) return { too_long: value.length };
  }
  return undefined;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
