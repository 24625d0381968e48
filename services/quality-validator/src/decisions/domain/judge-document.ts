import { type CountRow, countChange, type NamedVote } from '@assay/agreement/count-rows';
import { decide, type Decision, type DecisionRules, type Verdict } from '@assay/labels/decide';
import { settleVotes } from '@assay/labels/votes';
import type { DecidedField, VoteView } from '@assay/shared/contracts/gold-line';
import { storedVote, type StoredVote, type VoteRow } from '../../votes/domain/vote-row.ts';

export type Standing = 'live' | 'superseded' | 'withdrawn';

/** Everything known about one document before it is judged again. */
export interface Dossier {
  readonly docId: string;
  readonly head: Head;
  readonly votes: readonly KnownVote[];
}

export interface Head {
  readonly version: number;
  readonly verdict: string | null;
  readonly fields: Readonly<Record<string, DecidedField>>;
}

export interface KnownVote {
  readonly row: VoteRow;
  readonly isWithdrawn: boolean;
  /** How it stood after the last judgement; null when this is its first. */
  readonly standing: Standing | null;
  readonly reason: string | null;
}

export interface DecisionRow {
  readonly decision_id: string;
  readonly doc_id: string;
  readonly version: number;
  readonly verdict: Verdict;
  readonly fields: Readonly<Record<string, DecidedField>>;
  readonly votes: readonly VoteView[];
  readonly reason: string;
}

export interface StandingChange {
  readonly vote: VoteRow;
  readonly status: Standing;
  readonly reason: string;
}

export interface Judgement {
  /** Null when nothing a reader of the decision could see has changed. */
  readonly decision: DecisionRow | null;
  readonly standings: readonly StandingChange[];
  /** What to add to the agreement counts, by field. */
  readonly counts: readonly (CountRow & { readonly field: string })[];
}

/** Judges a document from all its votes. What comes out depends on the votes alone, never on the order they came in. */
export function judgeDocument({ docId, head, votes }: Dossier, rules: DecisionRules): Judgement {
  const counted = votes.filter(({ isWithdrawn }) => !isWithdrawn).map(({ row }) => storedVote(row));
  const { live } = settleVotes(counted);
  const liveIds = new Set(live.map(({ stored }) => stored.annotation_id));
  const standingOf = ({ row, isWithdrawn }: KnownVote): StandingChange => {
    if (isWithdrawn) return { vote: row, status: 'withdrawn', reason: 'taken back by its annotator' };
    if (!liveIds.has(row.annotation_id))
      return { vote: row, status: 'superseded', reason: 'a newer vote of the same annotator counts' };
    const confident = row.confidence_score >= rules.threshold;
    return { vote: row, status: 'live', reason: confident ? 'confident' : 'low_confidence' };
  };
  const standings = votes.map(standingOf);
  const decision = decide(live, rules);
  const fields = decidedFields(decision);
  return {
    decision: hasChanged(head, decision.verdict, fields, live.length)
      ? decisionRow(docId, head.version + 1, decision, fields, standings, rules)
      : null,
    standings: standings.filter(
      ({ status, reason }, index) => status !== votes[index]!.standing || reason !== votes[index]!.reason,
    ),
    counts: countChanges(votes, live),
  };
}

const decidedFields = ({ fields }: Decision): Record<string, DecidedField> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, { verdict, label, labels, confidence, annotators }]) => [
      name,
      { verdict, label, labels: [...labels], confidence_score: confidence, annotators: [...annotators] },
    ]),
  );

/**
 * A document nobody ever voted on has no decision; one whose votes were all taken back has: pending. One that was erased
 * stays so, whatever is still voted.
 */
function hasChanged(
  head: Head,
  verdict: Verdict,
  fields: Readonly<Record<string, DecidedField>>,
  liveVotes: number,
): boolean {
  if (head.verdict === 'erased' || (head.version === 0 && liveVotes === 0)) return false;
  return head.verdict !== verdict || canonical(head.fields) !== canonical(fields);
}

/** JSON with sorted keys: Postgres gives jsonb back with its keys in an order of its own. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

function decisionRow(
  docId: string,
  version: number,
  decision: Decision,
  fields: Readonly<Record<string, DecidedField>>,
  standings: readonly StandingChange[],
  rules: DecisionRules,
): DecisionRow {
  const votes = standings.map(({ vote, status }): VoteView => ({
    annotation_id: vote.annotation_id,
    annotator_id: vote.annotator_id,
    field: vote.field,
    label: vote.label,
    value: vote.value,
    confidence_score: vote.confidence_score,
    row: `${vote.raw_annotation_path}#${vote.raw_row}`,
    status,
  }));
  const reason = reasonOf(decision, rules);
  return {
    decision_id: `${docId}.${version}`,
    doc_id: docId,
    version,
    verdict: decision.verdict,
    fields,
    votes,
    reason,
  };
}

/** Which rule decided, with its numbers and without anybody's words. */
export function reasonOf({ fields }: Decision, { threshold }: DecisionRules): string {
  const parts = Object.entries(fields).map(
    ([name, { verdict, labels, liveVotes, confidentVotes }]) =>
      `${name}: ${verdict} (${liveVotes} live ${liveVotes === 1 ? 'vote' : 'votes'}, ${labels.length} ${labels.length === 1 ? 'label' : 'labels'}, ${confidentVotes} at ${threshold} or more)`,
  );
  return parts.length === 0 ? 'no live vote' : parts.join('; ');
}

function countChanges(votes: readonly KnownVote[], live: readonly StoredVote[]): Judgement['counts'] {
  const before = votes.filter(({ standing }) => standing === 'live').map(({ row }) => row);
  const after = live.map(({ stored }) => stored);
  const fields = new Set([...before, ...after].map(({ field }) => field));
  return [...fields].flatMap((field) => {
    const named = (rows: readonly VoteRow[]): NamedVote[] =>
      rows.filter((row) => row.field === field).map((row) => [row.annotator_id, row.label]);
    return countChange(named(before), named(after)).map((row) => ({ ...row, field }));
  });
}
