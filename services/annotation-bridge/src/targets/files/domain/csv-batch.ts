import { formatTable } from '@assay/labels/formats/csv-table';
import { escapeFormula } from '@assay/labels/formula-cells';
import { fieldAt } from '../../field-at.ts';
import type { OutgoingDocument } from '../../outgoing-document.ts';

export const batchColumns = ['doc_id', 'ticket_id', 'source', 'datetime', 'priority', 'text'] as const;

const RFC_4180 = { separator: ',', lineEnd: '\r\n', isQuotingStrings: false } as const;

/** Whether a cell that a spreadsheet would run goes out as it is, or with an apostrophe that the intake takes off again. */
export type Formulas = 'keep' | 'escape';

/** A text as the CSV shows it. */
export const shownText = (text: string, formulas: Formulas): string =>
  formulas === 'escape' ? escapeFormula(text) : text;

/** RFC 4180. */
export function encodeBatch(
  documents: readonly OutgoingDocument[],
  fieldPaths: readonly string[],
  formulas: Formulas = 'keep',
): Buffer {
  const shown = (value: unknown): unknown => (typeof value === 'string' ? shownText(value, formulas) : value);
  const records = documents.map(({ fields, ...columns }) => ({
    ...Object.fromEntries(Object.entries(columns).map(([name, value]) => [name, shown(value)])),
    ...Object.fromEntries(fieldPaths.map((path) => [path, shown(fieldAt(fields, path))])),
  }));
  return Buffer.from(formatTable([...batchColumns, ...fieldPaths], records, RFC_4180));
}

export interface ManifestRow {
  /** Data row of the CSV, from 1. */
  readonly row: number;
  readonly doc_id: string;
  /** Of the text as the CSV shows it, which is what a tool gives back. */
  readonly text_sha256: string;
}

/** The way back from a row number to its document, for tools that keep nothing else. The same plan makes the same bytes. */
export function encodeManifest(blob: string, sha256: string, rows: readonly ManifestRow[]): Buffer {
  const manifest = { blob, sha256, count: rows.length, created_at: timeIn(blob), rows };
  return Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`);
}

/** The blob's name carries when it was planned, which a later try would not know otherwise. */
function timeIn(blob: string): string | null {
  const found = /(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z/.exec(blob);
  if (found === null) return null;
  const [, year, month, day, hour, minute, second, millis] = found;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}.${millis}Z`;
}
