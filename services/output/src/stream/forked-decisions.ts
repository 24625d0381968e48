import type { DecisionEvent } from '@assay/shared/contracts/gold-line';
import { beginLife, holdLives, thisLife } from '@assay/shared/postgres/lives';
import type { Statement, Transaction } from '@assay/shared/postgres/statement';
import type { Versioned } from './domain/newest-decisions.ts';

/** By the time, too: until the new life has its number, its decisions are numbered like those of the one before. */
const findForked: Statement = {
  name: 'find-forked-decisions',
  text: `
    select e.doc_id, e.life, e.version
      from json_to_recordset($1::json) as e (doc_id text, life integer, version integer, decided_at timestamptz)
     where not exists (
       select from public.decisions d
        where d.doc_id = e.doc_id and d.version = e.version and d.life = e.life and d.decided_at = e.decided_at
     )`,
};

const keepForked: Statement = {
  name: 'keep-forked-documents',
  text: `
    insert into assay.forked_documents (doc_id)
    select doc_id from public.documents where doc_id = any ($1::text[]) order by doc_id
        on conflict do nothing`,
};

/**
 * A decision that Postgres does not have was made before a restore took it from there. Readers may have its line, so it is
 * applied as any other; its document is judged once more, and what comes of that is of this life and outranks it.
 *
 * It is also the proof of a restore that nothing else shows, and of the life that ended with it. Debezium reads a decision a
 * moment before everybody can see it, which is why whoever finds one that is not there waits and looks again.
 */
export async function noteForked(tx: Transaction, decisions: readonly DecisionEvent[]): Promise<void> {
  const life = await thisLife(tx);
  const isOfThisLife = (decision: Versioned) => decision.life >= life;
  let forked = await forkedAmong(tx, decisions);
  if (forked.some(isOfThisLife)) {
    await holdLives(tx);
    forked = await forkedAmong(tx, decisions);
    const lives = forked.filter(isOfThisLife).map((decision) => decision.life);
    if (lives.length > 0) await beginLife(tx, Math.max(...lives), 'the topic holds decisions that are not here');
  }
  if (forked.length > 0) await tx.query(keepForked, [forked.map(({ doc_id }) => doc_id)]);
}

const forkedAmong = (tx: Transaction, decisions: readonly DecisionEvent[]): Promise<readonly Versioned[]> =>
  tx.query(findForked, [
    JSON.stringify(decisions.map(({ doc_id, life, version, decided_at }) => ({ doc_id, life, version, decided_at }))),
  ]);
