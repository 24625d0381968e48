import { CsvScanner, UNTERMINATED } from '../files/csv-scanner.ts';
import { columnOf, freeName } from '../columns.ts';
import { MAX_COLUMNS } from '../limits.ts';
import type { FileRecord, Json } from './json-input.ts';
import { UnreadableContent } from './unreadable-content.ts';

export interface CsvCell {
  readonly text: string;
  readonly isQuoted: boolean;
}

export interface CsvTable {
  readonly names: readonly string[];
  /** In the order of the file. */
  readonly rows: readonly CsvRow[];
  readonly repeatedHeaders: number;
}

interface CsvRow {
  /** Empty where the record has more or fewer cells than the header. */
  readonly cells: ReadonlyMap<string, CsvCell>;
  readonly malformed: { readonly content: readonly string[]; readonly why: string } | null;
}

const SEPARATORS = [',', ';', '\t'] as const;
const QUOTE = 0x22;

/** A table with a header. A record with more or fewer cells costs that record only; blank lines and repeated headers do
 * not count. */
export function parseTable(content: string): CsvTable {
  const bytes = Buffer.from(content, 'utf8');
  const separator = separatorOf(content);
  const [header, ...data] = [...recordsOf(bytes, separator.charCodeAt(0))];
  if (header === undefined) throw new UnreadableContent('empty_file', 'the file is empty');
  const names = namesIn(header);
  const isHeader = (cells: readonly CsvCell[]) =>
    cells.length === header.length && cells.every(({ text }, column) => text.trim() === header[column]?.text.trim());
  const records = data.filter((cells) => !isHeader(cells));
  const rows = records.map((cells) => {
    const isWhole = cells.length === names.length;
    const why = `${cells.length} cells under a header of ${names.length}`;
    return {
      cells: new Map(isWhole ? cells.map((cell, at) => [names[at] ?? '', cell]) : []),
      malformed: isWhole ? null : { content: cells.map(({ text }) => text), why },
    };
  });
  return { names, rows, repeatedHeaders: data.length - records.length };
}

/** The rows as records, each cell as the format reads it. */
export function recordsOfTable(
  { rows }: CsvTable,
  jsonOf: (cells: ReadonlyMap<string, CsvCell>) => Json,
): readonly FileRecord[] {
  return rows.map(({ cells, malformed }) => malformed ?? { json: jsonOf(cells) });
}

/** Which of two columns of one name counts is not ours to guess; where neither does, none is lost. */
function namesIn(header: readonly CsvCell[]): string[] {
  if (header.length > MAX_COLUMNS) throw new UnreadableContent('too_many_columns', `${header.length} columns`);
  const names = new Set<string>();
  for (const name of header.map(({ text }) => text.trim())) {
    const column = names.has(name) ? columnOf(name) : undefined;
    if (column !== undefined)
      throw new UnreadableContent(`duplicate_column:${column}`, `two columns are named ${name}`);
    names.add(freeName(names, name));
  }
  return [...names];
}

/** Whichever makes the most cells of the first line. */
function separatorOf(content: string): string {
  const [header = ''] = content.split(/\r?\n|\r/, 1);
  const unquoted = header.replace(/"[^"]*"/g, '');
  const [best] = SEPARATORS.map((separator) => ({ separator, count: unquoted.split(separator).length })).toSorted(
    (left, right) => right.count - left.count,
  );
  return best?.separator ?? ',';
}

function* recordsOf(bytes: Uint8Array, separator: number): Generator<CsvCell[]> {
  const scanner = new CsvScanner(separator);
  let at = 0;
  while (at < bytes.length) {
    at = scanner.scan(bytes, at, bytes.length, true);
    if (at === UNTERMINATED) throw new UnreadableContent('unterminated_quote', 'a quoted cell is never closed');
    const cells = Array.from({ length: scanner.count }, (_, cell) => {
      // A cell in a buffer of its own had doubled quotes inside.
      const isCopied = scanner.bytesOf(cell) !== bytes;
      return { text: scanner.textOf(cell), isQuoted: isCopied || bytes[scanner.startOf(cell) - 1] === QUOTE };
    });
    if (!isBlankLine(cells)) yield cells;
  }
}

function isBlankLine([first, ...rest]: readonly CsvCell[]): boolean {
  return first !== undefined && rest.length === 0 && !first.isQuoted && first.text.trim() === '';
}

export interface CsvStyle {
  readonly separator: ',' | '\t';
  readonly lineEnd: '\n' | '\r\n';
  /** Quote every string (Label Studio) instead of those that need it. */
  readonly isQuotingStrings: boolean;
}

export const PLAIN_CSV: CsvStyle = { separator: ',', lineEnd: '\n', isQuotingStrings: false };

/** Null and undefined become empty cells; what is no string or number becomes JSON. */
export function formatTable(names: readonly string[], records: readonly Json[], style: CsvStyle): string {
  const cell = (value: unknown): string => formatCell(value, style);
  const lines = [names.map(cell), ...records.map((record) => names.map((name) => cell(ownValue(record, name))))];
  return lines.map((cells) => cells.join(style.separator) + style.lineEnd).join('');
}

/** A column may be called `toString`; only what the record itself has is in it. */
const ownValue = (record: Json, name: string): unknown => (Object.hasOwn(record, name) ? record[name] : undefined);

function formatCell(value: unknown, { separator, isQuotingStrings }: CsvStyle): string {
  if (typeof value === 'number') return String(value);
  const text = textOfCell(value);
  const isPlain = !isQuotingStrings && !/["\r\n]/.test(text) && !text.includes(separator);
  return isPlain ? text : `"${text.replaceAll('"', '""')}"`;
}

function textOfCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
