import type { DecisionEvent } from '@assay/shared/contracts/gold-line';
import type { Write } from '@assay/shared/pipeline/lane';
import type { Postgres } from '@assay/shared/postgres/postgres';
import type { Statement, Transaction } from '@assay/shared/postgres/statement';
import { newestDecisions } from './domain/newest-decisions.ts';
import { linesFor, type Op } from './domain/stream-lines.ts';
import { holdWaiting, setAside, takeCome } from './waiting-decisions.ts';

const readDocuments: Statement = {
  name: 'read-documents-with-applied-decision',
  text: `
    select d.doc_id, d.text, coalesce(a.version, 0) as version,
           (select op from assay.output_lines l
             where l.stream = 'gold' and l.doc_id = d.doc_id order by l.version desc limit 1) as gold,
           (select op from assay.output_lines l
             where l.stream = 'disagreements' and l.doc_id = d.doc_id order by l.version desc limit 1) as disagreements
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

const insertLines: Statement = {
  name: 'insert-output-lines',
  text: `
    insert into assay.output_lines (stream, doc_id, version, op, line)
    select stream, doc_id, version, op, line
      from json_to_recordset($1::json) as row (stream text, doc_id text, version integer, op text, line text)
     order by doc_id collate "C", stream`,
};

interface DocumentRow {
  readonly doc_id: string;
  readonly text: string | null;
  readonly version: number;
  readonly gold: Op | null;
  readonly disagreements: Op | null;
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
    const lines = newest.flatMap((decision) => {
      const document = documents.get(decision.doc_id)!;
      return linesFor(decision, document.text, document);
    });
    const rows = newest.map(({ doc_id, version, verdict }) => ({ doc_id, version, verdict }));
    await tx.query(applyDecision, [JSON.stringify(rows)]);
    if (lines.length > 0) await tx.query(insertLines, [JSON.stringify(lines)]);
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
