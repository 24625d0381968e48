import { countsOf } from '@assay/agreement/count-rows';
import { cohenKappa, pairTables } from '@assay/agreement/cohen-kappa';
import type { Transaction } from '@assay/shared/postgres/statement';
import { judgeDocument, type Dossier, type Head, type Judgement, type Standing } from './domain/judge-document.ts';
import type { VoteRow } from '../votes/domain/vote-row.ts';
import type { Rules } from './domain/rules.ts';
import {
  addAgreementCounts,
  insertDecisions,
  insertQualityMetrics,
  lockHeads,
  moveHeads,
  moveStandings,
  openHeads,
  readHeads,
  readPairCounts,
  readVotes,
} from '../votes/labels.sql.ts';

/** Judges documents again under their row locks. `docIds` are sorted: everybody locks in one order. */
export async function judgeDocuments(
  tx: Transaction,
  docIds: readonly string[],
  shard: number,
  { rules, version }: Rules,
): Promise<number> {
  if (docIds.length === 0) return 0;
  const dossiers = await openDossiers(tx, docIds);
  const judgements = dossiers.map((dossier) => judgeDocument(dossier, rules));
  const decisions = judgements.flatMap(({ decision }) => decision ?? []);
  if (decisions.length > 0) {
    const json = JSON.stringify(decisions);
    await tx.query(insertDecisions, [json, version]);
    await tx.query(moveHeads, [json]);
  }
  await recordCounts(tx, judgements, shard);
  await recordStandings(tx, judgements);
  return decisions.length;
}

interface StoredVoteRow extends VoteRow {
  readonly standing: Standing | null;
  readonly reason: string | null;
  readonly is_withdrawn: boolean;
}

async function openDossiers(tx: Transaction, docIds: readonly string[]): Promise<readonly Dossier[]> {
  await tx.query(openHeads, [docIds]);
  await tx.query(lockHeads, [docIds]);
  const heads = await tx.query<Head & { doc_id: string }>(readHeads, [docIds]);
  const rows = await tx.query<StoredVoteRow>(readVotes, [docIds]);
  const votes = Map.groupBy(rows, ({ doc_id }) => doc_id);
  return heads.map(({ doc_id: docId, ...head }) => ({
    docId,
    head,
    votes: (votes.get(docId) ?? []).map(({ standing, reason, is_withdrawn: isWithdrawn, ...row }) => ({
      row,
      standing,
      reason,
      isWithdrawn,
    })),
  }));
}

async function recordCounts(tx: Transaction, judgements: readonly Judgement[], shard: number): Promise<void> {
  const counts = judgements.flatMap((judgement) => judgement.counts);
  if (counts.length > 0) await tx.query(addAgreementCounts, [JSON.stringify(counts), shard]);
}

async function recordStandings(tx: Transaction, judgements: readonly Judgement[]): Promise<void> {
  const changes = judgements.flatMap(({ standings }) => standings);
  if (changes.length === 0) return;
  const kappas = await readKappas(tx, [...new Set(changes.map(({ vote }) => vote.field))]);
  const rows = changes.map(({ vote, status, reason }) => ({
    annotation_id: vote.annotation_id,
    doc_id: vote.doc_id,
    status,
    reason,
    confidence_score: vote.confidence_score,
    kappa_score: kappas.get(`${vote.field}\n${vote.annotator_id}`) ?? null,
  }));
  const json = JSON.stringify(rows);
  await tx.query(moveStandings, [json]);
  await tx.query(insertQualityMetrics, [json]);
}

/** Cohen's kappa of each annotator with the one they share most documents with, by field and annotator. */
async function readKappas(tx: Transaction, fields: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const rows = await tx.query<{ field: string; key: string; n: number }>(readPairCounts, [fields]);
  const kappas = new Map<string, number>();
  for (const [field, pairs] of Map.groupBy(rows, (row) => row.field)) {
    const { counts, labels, raters } = countsOf(pairs.map(({ key, n }) => ({ kind: 'pair', key, n })));
    const bySize = pairTables(counts, labels, raters).map((table) => ({ table, kappa: cohenKappa(table) }));
    for (const { table, kappa } of bySize.toSorted((a, b) => a.kappa.items - b.kappa.items))
      for (const rater of table.raters) if (kappa.value !== null) kappas.set(`${field}\n${rater}`, kappa.value);
  }
  return kappas;
}
