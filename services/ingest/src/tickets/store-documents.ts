import type { Item, Write } from '@assay/shared/pipeline/lane';
import type { Transaction } from '@assay/shared/postgres/statement';
import type { Document } from './domain/document.ts';
import type { Bronze } from '../bronze/bronze.ts';
import { findDocuments, insertBronzeBlob, insertDocuments } from './documents.sql.ts';

/** Outside of the lane's transaction only one thing is asked of Postgres: which documents are there already. */
export type DocumentStore = Pick<Transaction, 'query'>;

export interface PreparedDocuments {
  readonly received: number;
  readonly rows: readonly (Document & { readonly bronze_path: string })[];
  readonly bronzeBlob: string | null;
}

/**
 * Raw lines into bronze, then masked rows into `documents`. Only what is new is written: a replayed topic touches neither.
 * Everything here may happen twice without a trace, so the transaction need not wait for the disk.
 */
export const storeDocuments = (
  documents: DocumentStore,
  bronze: Bronze,
): Write<Document, PreparedDocuments, Transaction> => ({
  durability: 'replayable',

  async prepare(items) {
    const fresh = await selectNew(documents, items);
    if (fresh.length === 0) return { received: items.length, rows: [], bronzeBlob: null };
    const bronzeBlob = await bronze.write(fresh.map(({ record }) => record));
    const rows = fresh.map(({ value, record }) => ({ ...value, bronze_path: `${bronzeBlob}#${record.offset}` }));
    return { received: items.length, rows, bronzeBlob };
  },

  async apply(tx, { received, rows, bronzeBlob }) {
    if (bronzeBlob === null) return { duplicate: received };
    const [inserted] = await tx.query<{ count: number }>(insertDocuments, [JSON.stringify(rows)]);
    const count = inserted?.count ?? 0;
    if (count > 0) await tx.query(insertBronzeBlob, [bronzeBlob, rows.length]);
    return { duplicate: received - count };
  },
});

/** The first of each document in this batch that the database does not have yet, in order of offset. */
async function selectNew(
  documents: DocumentStore,
  items: readonly Item<Document>[],
): Promise<readonly Item<Document>[]> {
  const byId = new Map<string, Item<Document>>();
  for (const item of items) if (!byId.has(item.value.doc_id)) byId.set(item.value.doc_id, item);
  const found = await documents.query<{ doc_id: string }>(findDocuments, [[...byId.keys()]]);
  for (const { doc_id } of found) byId.delete(doc_id);
  return [...byId.values()];
}
