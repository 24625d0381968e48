import type { DecisionEvent } from '@assay/shared/contracts/gold-line';
import type { Write } from '@assay/shared/pipeline/lane';
import type { Postgres } from '@assay/shared/postgres/postgres';
import type { Statement, Transaction } from '@assay/shared/postgres/statement';
import { appendToStreams } from './append-lines.ts';
import { newestDecisions } from './domain/newest-decisions.ts';
import { linesFor, type Verdict, verdictOn } from './domain/stream-lines.ts';
import { holdWaiting, setAside, takeCome } from './waiting-decisions.ts';

const readDocuments: Statement = {
  name: 'read-documents-with-applied-decision',
  text: `
    select d.doc_id, d.text, coalesce(a.version, 0) as version, a.verdict
      from public.documents d
      left join assay.applied_decisions a on a.doc_id = d.doc_id
     where d.doc_id = any ($1::text[])`,
};

const applyDecision: Statement = {
  name: 'apply-decisions',
  text: `
    insert into assay.applied_decisions (doc_id, version, verdict)
    select doc_id, version, verdict
      from json_to_recordset($1::json) as row (doc_id text, version integer, verdict text)
     order by doc_id collate "C"
        on conflict (doc_id) do update set version = excluded.version, verdict = excluded.verdict`,
};

interface DocumentRow {
  readonly doc_id: string;
  readonly text: string | null;
  readonly version: number;
  /** What was applied last; null when nothing was. */
  readonly verdict: Verdict | null;
}

/**
 * Decisions become lines. All decisions about a document come through one partition, and this transaction has locked that
 * partition's ledger row before it reads: nobody else can apply a decision about the same documents meanwhile.
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
    await holdWaiting(tx, docIds);
    const documents = await findDocuments(tx, docIds);
    const isThere = ({ doc_id }: DecisionEvent) => documents.has(doc_id);
    const older = await setAside(
      tx,
      decisions.filter((decision) => !isThere(decision)),
    );
    const applied = new Map([...documents].map(([docId, { version }]) => [docId, version]));
    const { newest, duplicate: known } = newestDecisions(decisions.filter(isThere), applied);
    const duplicate = older + known;
    if (newest.length === 0) return { duplicate };
    const verdicts = newest.map((decision) => verdictOn(decision, documents.get(decision.doc_id)!.text));
    const rows = newest.map(({ doc_id, version }, index) => ({ doc_id, version, verdict: verdicts[index]! }));
    await tx.query(applyDecision, [JSON.stringify(rows)]);
    const lines = newest.flatMap((decision) => {
      const { text, verdict } = documents.get(decision.doc_id)!;
      return linesFor(decision, text, verdict);
    });
    await appendToStreams(tx, lines);
    return { duplicate };
  },
};

async function findDocuments(tx: Transaction, docIds: readonly string[]): Promise<ReadonlyMap<string, DocumentRow>> {
  const rows = await tx.query<DocumentRow>(readDocuments, [docIds]);
  return new Map(rows.map((row) => [row.doc_id, row]));
}

/** Decisions in one round at most. */
const ROUND = 200;

/** Applies decisions that were set aside and whose document has come. Answers whether there may be more. */
export const applyWaiting = (postgres: Postgres): Promise<boolean> =>
  postgres.transaction('synchronous', async (tx) => {
    const decisions = await takeCome(tx, ROUND);
    if (decisions.length > 0) await applyDecisions.apply(tx, decisions);
    return decisions.length === ROUND;
  });
