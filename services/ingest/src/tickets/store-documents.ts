import type { Item, Write } from '@assay/shared/pipeline/lane';
import type { Transaction } from '@assay/shared/postgres/statement';
import { textArray } from '@assay/shared/postgres/text-array';
import type { Document } from './domain/document.ts';
import type { Bronze } from '../bronze/bronze.ts';
import { findDocuments, insertBronzeBlob, insertDocuments } from './documents.sql.ts';

/** Outside of the lane's transaction only one thing is asked of Postgres: which documents are there already. */
export type DocumentStore = Pick<Transaction, 'query'>;

/** What is done to new documents before they are stored, and takes its time. */
export type Finish = (
  items: readonly Item<Document>[],
  keepAlive: () => Promise<void>,
) => Promise<readonly Item<Document>[]>;

type Row = Document & { readonly bronze_path: string };

export interface PreparedDocuments {
  readonly received: number;
  readonly rows: readonly Row[];
  readonly bronzeBlob: string | null;
}

/**
 * Raw lines into bronze, then masked rows into `documents`. Only what is new is written: a replayed topic touches neither.
 * Everything here may happen twice without a trace, so the transaction need not wait for the disk.
 */
export const storeDocuments = (
  documents: DocumentStore,
  bronze: Bronze,
  finish: Finish | null = null,
): Write<Document, PreparedDocuments, Transaction> => ({
  durability: 'replayable',

  async prepare(items, keepAlive) {
    const unfinished = await selectNew(documents, items);
    if (unfinished.length === 0) return { received: items.length, rows: [], bronzeBlob: null };
    const fresh = finish === null ? unfinished : await finish(unfinished, keepAlive);
    const bronzeBlob = await bronze.write(fresh.map(({ record }) => record));
    const rows = fresh.map(({ value, record }) => ({ ...value, bronze_path: `${bronzeBlob}#${record.offset}` }));
    return { received: items.length, rows, bronzeBlob };
  },

  async apply(tx, { received, rows, bronzeBlob }) {
    if (bronzeBlob === null) return { duplicate: received };
    const [inserted] = await tx.query<{ count: number }>(insertDocuments, columnsOf(rows));
    const count = inserted?.count ?? 0;
    if (count > 0) await tx.query(insertBronzeBlob, [bronzeBlob, rows.length]);
    return { duplicate: received - count };
  },
});

/** The parameters of `insertDocuments`. */
export function columnsOf(rows: readonly Row[]): readonly Buffer[] {
  const sorted = rows.toSorted((a, b) => (a.doc_id < b.doc_id ? -1 : 1));
  const column = (of: (row: Row) => string | null) => textArray(sorted.map(of));
  return [
    column((row) => row.doc_id),
    column((row) => row.source),
    column((row) => row.ticket_id),
    column((row) => row.text),
    column((row) => row.text_hash),
    column((row) => String(row.priority)),
    column((row) => JSON.stringify(row.fields)),
    column((row) => JSON.stringify(row.masked)),
    column((row) => row.bronze_path),
    column((row) => row.created_at),
  ];
}

/** The first of each document in this batch that the database does not have yet, in order of offset. */
async function selectNew(
  documents: DocumentStore,
  items: readonly Item<Document>[],
): Promise<readonly Item<Document>[]> {
  const byId = new Map<string, Item<Document>>();
  for (const item of items) if (!byId.has(item.value.doc_id)) byId.set(item.value.doc_id, item);
  const found = await documents.query<{ doc_id: string }>(findDocuments, [textArray([...byId.keys()])]);
  for (const { doc_id } of found) byId.delete(doc_id);
  return [...byId.values()];
}
