import { columns } from '../column-names.ts';
import { columnOf, countKnownColumns, freeName, isArgillaHeader, matchColumns } from '../columns.ts';
import { CsvScanner, INCOMPLETE, UNTERMINATED } from './csv-scanner.ts';
import { LabelRow } from '../label-row.ts';
import type { Cell, SourceSettings } from '../label-row.ts';
import type { FileReason } from '../reasons.ts';
import type { FileNote, LabelSink, RecordReader, RecordView } from '../record-reader.ts';
import { skipSpace } from '../white-space.ts';

const SEPARATORS = [',', ';', '\t'].map((separator) => separator.charCodeAt(0));

interface Header {
  readonly scanner: CsvScanner;
  readonly names: readonly string[];
  /** The same for records, where each must be another. */
  readonly distinct: readonly string[];
  /** Which of them mean nothing to us. */
  readonly extra: readonly number[];
  /** Of the first name in UTF-8; undefined for an unnamed first column. */
  readonly firstByte: number | undefined;
}

/** CSV in its three dialects. The first record that is no blank line is the header. */
export class CsvReader implements RecordReader, RecordView {
  rejection: FileReason | undefined;
  readonly tooLong = 'unterminated_quote';
  rows = 0;
  readonly #sink: LabelSink;
  readonly #settings: SourceSettings;
  readonly #row = new LabelRow();
  // Cells of #row by column index in the file, so that filling a row is one loop without names.
  #filled: { cell: Cell; index: number }[] = [];
  #header: Header | undefined;
  #repeatedHeaders = 0;

  constructor(sink: LabelSink, settings: SourceSettings) {
    this.#sink = sink;
    this.#settings = settings;
  }

  get notes(): readonly FileNote[] {
    return this.#repeatedHeaders === 0 ? [] : [{ code: 'repeated_header', count: this.#repeatedHeaders }];
  }

  take(bytes: Uint8Array, start: number, end: number, isLast: boolean): number {
    let at = start;
    if (this.#header === undefined) {
      at = this.#takeHeader(bytes, start, end, isLast);
      if (this.#header === undefined) return at;
    }
    const header = this.#header;
    const { scanner, names } = header;
    while (at < end) {
      const next = scanner.scan(bytes, at, end, isLast);
      if (next === INCOMPLETE) return at;
      if (next === UNTERMINATED) {
        this.rejection = 'unterminated_quote';
        return end;
      }
      at = next;
      if (scanner.count !== names.length) this.#takeOddRecord(scanner);
      else if (!this.#isHeaderAgain(header)) this.#takeRecord(scanner);
    }
    return end;
  }

  record(): Record<string, string> {
    return this.#cells(this.#header?.names.keys() ?? []);
  }

  extra(): Record<string, unknown> {
    return this.#cells(this.#header?.extra ?? []);
  }

  #takeRecord(scanner: CsvScanner): void {
    this.rows += 1;
    const row = this.#row;
    row.row = this.rows;
    for (const { cell, index } of this.#filled) {
      cell.set(scanner.bytesOf(index), scanner.startOf(index), scanner.endOf(index));
    }
    const reason = row.check(this.#settings);
    if (reason === undefined) this.#sink.accept(row, this);
    else this.#sink.reject(this.rows, reason, this.record());
  }

  #takeOddRecord(scanner: CsvScanner): void {
    if (isBlankLine(scanner)) return;
    this.rows += 1;
    this.#sink.reject(this.rows, 'malformed_row', scanner.texts());
  }

  #isHeaderAgain({ scanner, names, firstByte }: Header): boolean {
    // Almost every record differs in the first letter of its first cell already.
    const start = scanner.startOf(0);
    const end = scanner.endOf(0);
    const bytes = scanner.bytesOf(0);
    const at = skipSpace(bytes, start, end);
    if ((at < end ? bytes[at] : undefined) !== firstByte) return false;
    if (!names.every((name, cell) => scanner.textOf(cell).trim() === name)) return false;
    this.#repeatedHeaders += 1;
    return true;
  }

  #takeHeader(bytes: Uint8Array, start: number, end: number, isLast: boolean): number {
    let at = start;
    while (at < end) {
      const found = findHeader(bytes, at, end, isLast);
      if (typeof found === 'string') {
        this.rejection = found === 'incomplete' ? undefined : found;
        return found === 'incomplete' ? at : end;
      }
      at = found.next;
      if (isBlankLine(found.scanner)) continue;
      this.#useHeader(found.scanner, found.names);
      return this.rejection === undefined ? at : end;
    }
    return end;
  }

  #useHeader(scanner: CsvScanner, names: readonly string[]): void {
    const indexes = matchColumns(names, { isConfidenceNeeded: this.#settings.missingConfidence === 'reject' });
    // A NUL in the header means binary data, or UTF-16 without its byte order mark.
    if (names.some((name) => name.includes('\0'))) this.rejection = 'undecodable';
    else if (typeof indexes === 'string') this.rejection = indexes;
    else {
      this.#header = headerOf(scanner, names);
      const row = this.#row;
      const cells = [row.docId, row.text, row.annotator, row.field, row.label, row.confidenceCell, row.annotatedAtCell];
      this.#filled = cells
        .map((cell, at) => ({ cell, index: indexes[columns[at] ?? 'text'] }))
        .filter(({ index }) => index >= 0);
    }
  }

  #cells(wanted: Iterable<number>): Record<string, string> {
    if (this.#header === undefined) return {};
    const { scanner, distinct } = this.#header;
    return Object.fromEntries(Array.from(wanted, (cell) => [distinct[cell], scanner.textOf(cell)]));
  }
}

/** What every record would find out again is found out once: looking for a free name costs as much as there are names. */
function headerOf(scanner: CsvScanner, names: readonly string[]): Header {
  const distinct = new Set<string>();
  for (const name of names) distinct.add(freeName(distinct, name));
  const isArgilla = isArgillaHeader(names);
  const extra = [...names.keys()].filter((cell) => columnOf(names[cell] ?? '', isArgilla) === undefined);
  return { scanner, names, distinct: [...distinct], extra, firstByte: Buffer.from(names[0] ?? '')[0] };
}

interface FoundHeader {
  readonly scanner: CsvScanner;
  readonly names: readonly string[];
  readonly next: number;
}

/** The separator is the one that makes the header name the most known columns; the comma where they are equal. */
function findHeader(
  bytes: Uint8Array,
  at: number,
  end: number,
  isLast: boolean,
): FoundHeader | FileReason | 'incomplete' {
  let best: FoundHeader | undefined;
  let mostKnown = -1;
  for (const separator of SEPARATORS) {
    const scanner = new CsvScanner(separator);
    const next = scanner.scan(bytes, at, end, isLast);
    if (next === INCOMPLETE) return 'incomplete';
    if (next === UNTERMINATED) continue;
    const names = scanner.texts().map((name) => name.trim());
    const known = countKnownColumns(names);
    if (known > mostKnown) {
      best = { scanner, names, next };
      mostKnown = known;
    }
  }
  return best ?? 'unterminated_quote';
}

/** A line of white space; a line of separators is a record of empty cells. */
function isBlankLine(scanner: CsvScanner): boolean {
  if (scanner.count !== 1 || !scanner.isBare) return false;
  return skipSpace(scanner.bytesOf(0), scanner.startOf(0), scanner.endOf(0)) === scanner.endOf(0);
}
