import { channels } from '@assay/shared/contracts/channels';
import type { Write } from '@assay/shared/pipeline/lane';
import { notify } from '@assay/shared/postgres/notify';
import type { Statement, Transaction } from '@assay/shared/postgres/statement';
import type { DocumentChange } from './domain/document-change.ts';

/**
 * The join leaves out documents that Postgres does not have: after a restore from a backup the topic may be ahead of the
 * table, and those tickets come again through ingest. Sorted by key, because two batches that insert the same keys in
 * different orders would deadlock.
 */
const insertDeliveries: Statement = {
  name: 'insert-deliveries',
  text: `
    with inserted as (
      insert into assay.deliveries (doc_id, target, priority)
      select row.doc_id, target.name, row.priority
        from json_to_recordset($1::json) as row (doc_id text, priority smallint)
        join public.documents on documents.doc_id = row.doc_id collate "C"
       cross join unnest($2::text[]) as target (name)
       order by row.doc_id collate "C", target.name collate "C"
          on conflict (doc_id, target) do nothing
      returning doc_id
    )
    select count(distinct doc_id)::integer as count from inserted`,
};

/**
 * One delivery for each document and target, made once for ever. A change event that makes none is a duplicate. Everything here
 * rolls back and repeats together with the ledger.
 */
export const queueDeliveries = (
  targets: readonly string[],
): Write<DocumentChange, readonly DocumentChange[], Transaction> => ({
  durability: 'replayable',
  prepare: async (items) => items.map(({ value }) => value),
  async apply(tx, documents) {
    const [inserted] = await tx.query<{ count: number }>(insertDeliveries, [JSON.stringify(documents), targets]);
    const queued = inserted?.count ?? 0;
    if (queued > 0) await notify(tx, channels.deliveries);
    return { duplicate: documents.length - queued };
  },
});
