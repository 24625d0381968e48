import { formatTable } from '@assay/labels/formats/csv-table';
import { fieldAt } from '../../field-at.ts';
import type { OutgoingDocument } from '../../outgoing-document.ts';

export const batchColumns = ['doc_id', 'ticket_id', 'source', 'datetime', 'priority', 'text'] as const;

const RFC_4180 = { separator: ',', lineEnd: '\r\n', isQuotingStrings: false } as const;

/** RFC 4180. A cell that looks like a formula stays as it is: what comes back must be the text that went out. */
export function encodeBatch(documents: readonly OutgoingDocument[], fieldPaths: readonly string[]): Buffer {
  const records = documents.map(({ fields, ...columns }) => ({
    ...columns,
    ...Object.fromEntries(fieldPaths.map((path) => [path, fieldAt(fields, path)])),
  }));
  return Buffer.from(formatTable([...batchColumns, ...fieldPaths], records, RFC_4180));
}

export interface ManifestRow {
  /** Data row of the CSV, from 1. */
  readonly row: number;
  readonly doc_id: string;
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
