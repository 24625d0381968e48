import type { DecisionEvent } from '@assay/shared/contracts/gold-line';
import type { Write } from '@assay/shared/pipeline/lane';
import type { Postgres } from '@assay/shared/postgres/postgres';
import type { Statement, Transaction } from '@assay/shared/postgres/statement';
import { appendToStreams } from './append-lines.ts';
import { noteForked } from './forked-decisions.ts';
import { newestDecisions } from './domain/newest-decisions.ts';
import { linesFor, type Verdict, verdictOn } from './domain/stream-lines.ts';
import { holdWaiting, newTurn, setAside, takeCome } from './waiting-decisions.ts';

const findDocuments: Statement = {
  name: 'find-documents-with-applied-version',
  text: `
    select d.doc_id, d.text, coalesce(a.life, 0) as life, coalesce(a.version, 0) as version
      from public.documents d
      left join assay.applied_decisions a on a.doc_id = d.doc_id
     where d.doc_id = any ($1::text[])`,
};

/** What stood before is told by whoever replaces it: a look at it before would be one at what somebody else replaces. */
const applyNewer: Statement = {
  name: 'apply-newer-decisions',
  text: `
    insert into assay.applied_decisions as a (doc_id, life, version, verdict)
    select doc_id, life, version, verdict
      from json_to_recordset($1::json) as row (doc_id text, life integer, version integer, verdict text)
     order by doc_id collate "C"
        on conflict (doc_id) do update set life = excluded.life, version = excluded.version, verdict = excluded.verdict
     where (a.life, a.version) < (excluded.life, excluded.version)
    returning new.doc_id, old.verdict as before`,
};

interface DocumentRow {
  readonly doc_id: string;
  readonly text: string | null;
  readonly life: number;
  readonly version: number;
}

interface Applied {
  readonly doc_id: string;
  /** The verdict that stood until now; null when nothing was applied. */
  readonly before: Verdict | null;
}

/**
 * Decisions become lines. Those about one document come through one partition, until partitions are added: then its newer ones
 * come through another one while older ones are still unread (ADR 0012). So a version is applied by compare-and-set, and who
 * has set it holds the document until the end; an older one that comes later, or at the same time, finds it taken.
 * `synchronous`, because a consumer may have read a line over HTTP that a crash of Postgres would otherwise take back.
 *
 * After a restore Kafka knows more than Postgres: a decision whose document is not there (yet, or ever again) is set aside,
 * so that it keeps nobody else waiting.
 */
export const applyDecisions: Write<DecisionEvent, readonly DecisionEvent[], Transaction> = {
  durability: 'synchronous',

  prepare: async (items) => items.map(({ value }) => value),

  async apply(tx, decisions) {
    const docIds = [...new Set(decisions.map(({ doc_id }) => doc_id))];
    await noteForked(tx, decisions);
    await holdWaiting(tx, docIds);
    const found = await tx.query<DocumentRow>(findDocuments, [docIds]);
    const documents = new Map(found.map((document) => [document.doc_id, document]));
    const isThere = ({ doc_id }: DecisionEvent) => documents.has(doc_id);
    const older = await setAside(
      tx,
      decisions.filter((decision) => !isThere(decision)),
    );
    const { newest, duplicate } = newestDecisions(decisions.filter(isThere), documents);
    const textOf = ({ doc_id }: DecisionEvent) => documents.get(doc_id)!.text;
    const before = await applyNewest(tx, newest, textOf);
    const ours = newest.filter(({ doc_id }) => before.has(doc_id));
    const lines = ours.flatMap((decision) => linesFor(decision, textOf(decision), before.get(decision.doc_id)!));
    await appendToStreams(tx, lines);
    return { duplicate: older + duplicate + newest.length - ours.length };
  },
};

/** Of those that nobody was faster with: what stood before. */
async function applyNewest(
  tx: Transaction,
  newest: readonly DecisionEvent[],
  textOf: (decision: DecisionEvent) => string | null,
): Promise<ReadonlyMap<string, Verdict | null>> {
  if (newest.length === 0) return new Map();
  const rows = newest.map((decision) => {
    const { doc_id, life, version } = decision;
    return { doc_id, life, version, verdict: verdictOn(decision, textOf(decision)) };
  });
  const set = await tx.query<Applied>(applyNewer, [JSON.stringify(rows)]);
  return new Map(set.map(({ doc_id, before }) => [doc_id, before]));
}

/** Decisions in one round at most. */
const ROUND = 200;

/**
 * Applies decisions that were set aside and whose document has come. Answers whether there may be more. A worker keeps its
 * turn, so that its rounds go through all that waits, some at a time.
 */
export const applyWaiting = (postgres: Postgres, turn = newTurn()): Promise<boolean> =>
  postgres.transaction('synchronous', async (tx) => {
    const decisions = await takeCome(tx, ROUND, turn);
    if (decisions.length > 0) await applyDecisions.apply(tx, decisions);
    return decisions.length === ROUND;
  });

/** The worker's round. */
export function applyWaitingInTurn(postgres: Postgres): () => Promise<boolean> {
  const turn = newTurn();
  return () => applyWaiting(postgres, turn);
}
