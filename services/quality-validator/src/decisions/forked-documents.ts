import type { Postgres } from '@assay/shared/postgres/postgres';
import type { Statement } from '@assay/shared/postgres/statement';
import type { Rules } from './domain/rules.ts';
import { judgeDocuments } from './judge-documents.ts';

const ROUND = 200;

const takeForked: Statement = {
  name: 'take-forked-documents',
  text: `
    with taken as (
      select doc_id from assay.forked_documents order by doc_id limit ${ROUND} for update skip locked
    ), gone as (
      delete from assay.forked_documents f using taken where f.doc_id = taken.doc_id
    )
    select doc_id from taken order by doc_id`,
};

/** Judged documents count in a shard of their own, which no partition writes. */
const SHARD = -2;

/**
 * After a restore readers may have decisions that are not here any more. Their documents are judged once more: where nothing
 * was decided in this life yet, what is known here is said again, and outranks them. Answers whether there may be more.
 */
export const judgeForked = (postgres: Postgres, rules: Rules): Promise<boolean> =>
  postgres.transaction('synchronous', async (tx) => {
    const taken = await tx.query<{ doc_id: string }>(takeForked, []);
    const docIds = taken.map(({ doc_id }) => doc_id);
    await judgeDocuments(tx, docIds, SHARD, rules);
    return docIds.length === ROUND;
  });
