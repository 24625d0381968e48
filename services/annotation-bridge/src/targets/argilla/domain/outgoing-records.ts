import { fieldAt } from '../../field-at.ts';
import type { OutgoingDocument } from '../../outgoing-document.ts';

export const OWN_METADATA = ['doc_id', 'ticket_id', 'source', 'datetime', 'priority'] as const;

export interface OutgoingRecord {
  readonly external_id: string;
  readonly fields: { readonly text: string };
  readonly metadata: Readonly<Record<string, string | number>>;
}

/** What a bulk request is made of, in the order of the documents. Metadata are plain values there. */
export function encodeRecords(documents: readonly OutgoingDocument[], paths: readonly string[]): Buffer {
  const records = documents.map(({ text, fields, ...own }): OutgoingRecord => {
    const further = paths.flatMap((path): [string, string | number][] => {
      const value = plain(fieldAt(fields, path));
      return value === null ? [] : [[path, value]];
    });
    return { external_id: own.doc_id, fields: { text }, metadata: { ...own, ...Object.fromEntries(further) } };
  });
  return Buffer.from(JSON.stringify(records));
}

export const recordsIn = (content: Buffer): readonly OutgoingRecord[] =>
  JSON.parse(content.toString('utf8')) as readonly OutgoingRecord[];

function plain(value: unknown): string | number | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'number' || typeof value === 'string' ? value : JSON.stringify(value);
}
