import { CsvScanner, UNTERMINATED } from '../files/csv-scanner.ts';
import type { Json } from './json-input.ts';
import { UnreadableContent } from './unreadable-content.ts';
import type { Loss } from './loss.ts';

export interface CsvCell {
  readonly text: string;
  readonly isQuoted: boolean;
}

export interface CsvTable {
  readonly names: readonly string[];
  readonly rows: readonly { readonly row: number; readonly cells: ReadonlyMap<string, CsvCell> }[];
  readonly losses: readonly Loss[];
}

const SEPARATORS = [',', ';', '\t'] as const;
const QUOTE = 0x22;

/** A table with a header. A record with more or fewer cells costs that record only; blank lines do not count. */
export function parseTable(content: string, path: string): CsvTable {
  const bytes = Buffer.from(content, 'utf8');
  const separator = separatorOf(content);
  const records = [...recordsOf(bytes, separator.charCodeAt(0))];
  const [header, ...data] = records;
  if (header === undefined) throw new UnreadableContent('the file is empty');
  const names = header.map(({ text }) => text.trim());
  const rows: { row: number; cells: Map<string, CsvCell> }[] = [];
  const losses: Loss[] = [];
  for (const [at, cells] of data.entries()) {
    if (cells.length === names.length) {
      rows.push({ row: at + 1, cells: new Map(cells.map((cell, column) => [names[column] ?? '', cell])) });
    } else {
      const why = `${cells.length} cells under a header of ${names.length}`;
      losses.push({ what: 'label', where: `${path}#${at + 1}`, why, isKept: false });
    }
  }
  return { names, rows, losses };
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
    if (at === UNTERMINATED) throw new UnreadableContent('a quoted cell is never closed');
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
