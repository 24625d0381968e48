import type { DecisionEvent } from '@assay/shared/contracts/gold-line';
import type { Statement, Transaction } from '@assay/shared/postgres/statement';
import { newestDecisions } from './domain/newest-decisions.ts';

const lockWaiting: Statement = {
  name: 'lock-waiting-decisions',
  text: `
    select doc_id from assay.waiting_decisions
     where doc_id = any ($1::text[]) order by doc_id collate "C" for update`,
};

const keepWaiting: Statement = {
  name: 'keep-waiting-decisions',
  text: `
    insert into assay.waiting_decisions (doc_id, life, version, decision)
    select doc_id, life, version, decision::json
      from json_to_recordset($1::json) as row (doc_id text, life integer, version integer, decision text)
     order by doc_id collate "C"
        on conflict (doc_id) do update set life = excluded.life, version = excluded.version, decision = excluded.decision
     where (waiting_decisions.life, waiting_decisions.version) < (excluded.life, excluded.version)`,
};

/** Decisions that one round looks at, however many wait. */
const LOOKED_AT = 2_000;

/** `$2` is how far the rounds have got; answers how far this one has, null when it has seen the last. */
const takeThoseCome: Statement = {
  name: 'take-decisions-whose-document-has-come',
  text: `
    with looked as materialized (
      select doc_id from assay.waiting_decisions where doc_id > $2 order by doc_id limit ${LOOKED_AT}
    ), come as (
      select w.doc_id
        from looked
        join assay.waiting_decisions w using (doc_id)
       where exists (select from public.documents d where d.doc_id = w.doc_id)
       order by w.doc_id
       limit $1
         for update of w skip locked
    ), taken as (
      delete from assay.waiting_decisions w using come where w.doc_id = come.doc_id
      returning w.decision
    )
    select (select coalesce(json_agg(decision), '[]') from taken) as decisions,
           (select max(doc_id) from looked having count(*) = ${LOOKED_AT}) as looked_to`,
};

/**
 * Whoever applies decisions about these documents holds this first: a waiting decision is applied outside of its partition,
 * and must not meet a newer one of the same document on its way.
 */
export async function holdWaiting(tx: Transaction, docIds: readonly string[]): Promise<void> {
  await tx.query(lockWaiting, [docIds]);
}

/** Sets aside decisions about documents that Postgres does not have, the newest of each. Answers how many were no newer. */
export async function setAside(tx: Transaction, decisions: readonly DecisionEvent[]): Promise<number> {
  const { newest, duplicate } = newestDecisions(decisions, new Map());
  // As text, because Postgres opens the escapes of JSON in a JSON document, and refuses that of NUL.
  const rows = newest.map((decision) => ({ ...idOf(decision), decision: JSON.stringify(decision) }));
  if (rows.length > 0) await tx.query(keepWaiting, [JSON.stringify(rows)]);
  return duplicate;
}

const idOf = ({ doc_id, life, version }: DecisionEvent) => ({ doc_id, life, version });

/** How far looking through what waits has got; it begins again after the last. */
export interface Turn {
  after: string;
}

export const newTurn = (): Turn => ({ after: '' });

interface Taken {
  readonly decisions: readonly (Omit<DecisionEvent, 'life'> & Partial<DecisionEvent>)[];
  readonly looked_to: string | null;
}

/** Takes out decisions whose document has come, at most `limit`; they are held until the transaction ends. */
export async function takeCome(tx: Transaction, limit: number, turn = newTurn()): Promise<readonly DecisionEvent[]> {
  const [taken] = await tx.query<Taken>(takeThoseCome, [limit, turn.after]);
  // There may be more among those it has looked at.
  if (taken!.decisions.length < limit) turn.after = taken!.looked_to ?? '';
  // What was set aside before there were lives says nothing of them.
  return taken!.decisions.map((decision) => ({ ...decision, life: decision.life ?? 1 }));
}
