import { countsOf } from '@assay/agreement/count-rows';
import { cohenKappa, pairTables } from '@assay/agreement/cohen-kappa';
import { stayInLife } from '@assay/shared/postgres/lives';
import type { Transaction } from '@assay/shared/postgres/statement';
import { type DecisionRow, judgeDocument, type Dossier, type Head, type Judgement } from './domain/judge-document.ts';
import { pairDigestOf } from './domain/count-votes.ts';
import { partnersOf, voterKey } from './domain/partners.ts';
import type { Standing } from './domain/standing.ts';
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
  PAIR_COUNTS_READ,
  readHeads,
  readPairCounts,
  readVotes,
  readWholeLabels,
} from '../votes/labels.sql.ts';

/** Judges documents again under their row locks. `docIds` are sorted: everybody locks in one order. */
export async function judgeDocuments(
  tx: Transaction,
  docIds: readonly string[],
  shard: number,
  { rules, version }: Rules,
): Promise<number> {
  if (docIds.length === 0) return 0;
  const life = await stayInLife(tx);
  const dossiers = await openDossiers(tx, docIds);
  const judgements = dossiers.map((dossier) => judgeDocument(dossier, rules, life));
  const decisions = await withWholeLabels(
    tx,
    judgements.flatMap(({ decision }) => decision ?? []),
  );
  if (decisions.length > 0) {
    await tx.query(insertDecisions, [JSON.stringify(decisions), version]);
    await tx.query(moveHeads, [JSON.stringify(decisions.map(headOf))]);
  }
  await recordCounts(tx, judgements, shard);
  await recordStandings(tx, judgements);
  return decisions.length;
}

const headOf = ({ doc_id, life, version, verdict, decision_id }: DecisionRow) => ({
  doc_id,
  life,
  version,
  verdict,
  decision_id,
});

interface StoredVoteRow extends VoteRow {
  readonly standing: Standing | null;
  readonly reason: string | null;
  readonly is_removed: boolean;
  readonly is_withdrawn: boolean;
  readonly whole_bytes: number | null;
}

async function openDossiers(tx: Transaction, docIds: readonly string[]): Promise<readonly Dossier[]> {
  const opened = new Set((await tx.query<{ doc_id: string }>(openHeads, [docIds])).map(({ doc_id }) => doc_id));
  const others = docIds.filter((docId) => !opened.has(docId));
  if (others.length > 0) await tx.query(lockHeads, [others]);
  const heads = await tx.query<Head & { doc_id: string }>(readHeads, [docIds]);
  const rows = await tx.query<StoredVoteRow>(readVotes, [docIds]);
  const votes = Map.groupBy(rows, ({ doc_id }) => doc_id);
  return heads.map(({ doc_id: docId, ...head }) => ({
    docId,
    head,
    votes: (votes.get(docId) ?? []).map(
      ({ standing, reason, is_removed, is_withdrawn, whole_bytes: wholeBytes, ...row }) => ({
        row,
        wholeBytes,
        standing,
        reason,
        withdrawn: is_removed ? 'removed' : is_withdrawn ? 'taken back' : null,
      }),
    ),
  }));
}

/** Labels were judged by their short forms; what is gold by them carries the label as it is. */
async function withWholeLabels(tx: Transaction, decisions: readonly DecisionRow[]): Promise<readonly DecisionRow[]> {
  const ids = decisions.flatMap(({ wholeLabels }) => Object.values(wholeLabels));
  if (ids.length === 0) return decisions;
  const rows = await tx.query<{ annotation_id: string; value: unknown }>(readWholeLabels, [ids]);
  const values = new Map(rows.map(({ annotation_id, value }) => [annotation_id, value]));
  return decisions.map(({ fields, wholeLabels, ...decision }) => {
    const whole = Object.entries(fields).map(([name, field]) =>
      Object.hasOwn(wholeLabels, name) ? [name, { ...field, label: values.get(wholeLabels[name]!) }] : [name, field],
    );
    return { ...decision, wholeLabels, fields: Object.fromEntries(whole) };
  });
}

async function recordCounts(tx: Transaction, judgements: readonly Judgement[], shard: number): Promise<void> {
  const counts = judgements.flatMap((judgement) => judgement.counts);
  if (counts.length > 0) await tx.query(addAgreementCounts, [JSON.stringify(counts), shard]);
}

async function recordStandings(tx: Transaction, judgements: readonly Judgement[]): Promise<void> {
  const changes = judgements.flatMap(({ standings }) => standings);
  if (changes.length === 0) return;
  const kappas = await readKappas(tx, judgements);
  const rows = changes.map(({ vote, status, reason }) => ({
    annotation_id: vote.annotation_id,
    doc_id: vote.doc_id,
    status,
    reason,
    confidence_score: vote.confidence_score,
    kappa_score: kappas.get(voterKey(vote)) ?? null,
  }));
  const json = JSON.stringify(rows);
  await tx.query(moveStandings, [json]);
  await tx.query(insertQualityMetrics, [json]);
}

/** Cohen's kappa, over all documents the two have in common, of each voter and whom they met most in this batch. */
async function readKappas(tx: Transaction, judgements: readonly Judgement[]): Promise<ReadonlyMap<string, number>> {
  const partners = partnersOf(judgements);
  const digests = new Map([...partners].map(([voter, { field, raters }]) => [voter, pairDigestOf(field, raters)]));
  if (digests.size === 0) return new Map();
  const wanted = [...new Set(digests.values())];
  const rows = await tx.query<{ pair_digest: string; key: string; n: number }>(readPairCounts, [wanted]);
  const kappas = new Map<string, number>();
  for (const [digest, cells] of Map.groupBy(rows, ({ pair_digest }) => pair_digest)) {
    if (cells.length > PAIR_COUNTS_READ) continue;
    const { counts, labels, raters } = countsOf(cells.map(({ key, n }) => ({ kind: 'pair', key, n })));
    for (const table of pairTables(counts, labels, raters)) {
      const { value } = cohenKappa(table);
      if (value !== null) kappas.set(digest, value);
    }
  }
  return new Map(
    [...digests].flatMap(([voter, digest]) => (kappas.has(digest) ? [[voter, kappas.get(digest)!] as const] : [])),
  );
}
