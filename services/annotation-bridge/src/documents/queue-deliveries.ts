import type { Statement, Write } from '@assay/shared/pipeline/lane';
import type { PushItem } from './to-push-item.step.ts';

/**
 * The join leaves out documents that Postgres does not have: after a restore from a backup the topic may be ahead of the
 * table, and those tickets come again through ingest. Sorted by key, because two batches that insert the same keys in
 * different orders would deadlock.
 */
const insertPushItems: Statement = {
  name: 'insert-push-items',
  text: `
    with inserted as (
      insert into assay.push_queue (doc_id, target, priority)
      select row.doc_id, row.target, row.priority
        from json_to_recordset($1::json) as row (doc_id text, target text, priority smallint)
        join public.documents on documents.doc_id = row.doc_id collate "C"
       order by row.doc_id collate "C", row.target collate "C"
          on conflict (doc_id, target) do nothing
      returning 1
    )
    select count(*)::integer as count from inserted`,
};

/** One row for each document and target, for ever. Everything here rolls back and repeats together with the ledger. */
export const queueForPush: Write<PushItem, readonly PushItem[]> = {
  durability: 'replayable',
  prepare: async (items) => items.map(({ value }) => value),
  async apply(tx, items) {
    const [inserted] = await tx.query<{ count: number }>(insertPushItems, [JSON.stringify(items)]);
    return { duplicate: items.length - (inserted?.count ?? 0) };
  },
};
