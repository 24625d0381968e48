import { decide, type Decision, type DecisionRules, type Verdict } from '@assay/labels/decide';
import { settleVotes } from '@assay/labels/votes';
import type { DecidedField, VoteView } from '@assay/shared/contracts/gold-line';
import { storedVote, type StoredVote, type VoteRow } from '../../votes/domain/vote-row.ts';
import { countChanges, countedVotes, type FieldCount } from './count-votes.ts';
import { type Outcome, outcomeOf, shownVotes } from './decision-row.ts';
import type { Standing, StandingChange } from './standing.ts';

/** Everything known about one document before it is judged again. */
export interface Dossier {
  readonly docId: string;
  readonly head: Head;
  readonly votes: readonly KnownVote[];
}

export interface Head {
  /** Of the database when its decision was made. */
  readonly life: number;
  readonly version: number;
  readonly verdict: string | null;
  readonly fields: Readonly<Record<string, DecidedField>>;
}

export interface KnownVote {
  readonly row: VoteRow;
  /** What its label takes in an event; null for one that is not long, and so stands in `row` as it is. */
  readonly wholeBytes: number | null;
  /** Why it does not count: its rows are no longer in their files, or somebody took it back. */
  readonly withdrawn: keyof typeof withdrawnReasons | null;
  /** How it stood after the last judgement; null when this is its first. */
  readonly standing: Standing | null;
  readonly reason: string | null;
}

export interface DecisionRow {
  readonly decision_id: string;
  readonly doc_id: string;
  readonly life: number;
  readonly version: number;
  readonly verdict: Verdict;
  readonly fields: Readonly<Record<string, DecidedField>>;
  readonly votes: readonly VoteView[];
  readonly reason: string;
  /** Votes whose long labels the fields carry, by field: `fields` has them shortened, and whoever stores it fills them in. */
  readonly wholeLabels: Readonly<Record<string, string>>;
}

export interface Judgement {
  /** Null when nothing a reader of the decision could see has changed. */
  readonly decision: DecisionRow | null;
  readonly standings: readonly StandingChange[];
  /** What to add to the agreement counts. */
  readonly counts: readonly FieldCount[];
  /** The live votes they are counted over, by field. */
  readonly counted: ReadonlyMap<string, readonly VoteRow[]>;
}

const withdrawnReasons = {
  removed: 'its row is no longer in its file',
  'taken back': 'taken back by its annotator',
} as const;

/**
 * Judges a document from all its votes. What comes out depends on the votes alone, never on the order they came in; which
 * `life` it is decides only whether it is said again.
 */
export function judgeDocument({ docId, head, votes }: Dossier, rules: DecisionRules, life: number): Judgement {
  const counted = votes.filter(({ withdrawn }) => withdrawn === null).map(({ row }) => storedVote(row));
  const { live } = settleVotes(counted);
  const liveIds = new Set(live.map(({ stored }) => stored.annotation_id));
  const standingOf = ({ row, withdrawn }: KnownVote): StandingChange => {
    if (withdrawn !== null) return { vote: row, status: 'withdrawn', reason: withdrawnReasons[withdrawn] };
    if (!liveIds.has(row.annotation_id))
      return { vote: row, status: 'superseded', reason: 'a newer vote of the same annotator counts' };
    const confident = row.confidence_score >= rules.threshold;
    return { vote: row, status: 'live', reason: confident ? 'confident' : 'low_confidence' };
  };
  const standings = votes.map(standingOf);
  const decision = decide(live, rules);
  const long = longLabels(votes, live, decision);
  const wholeBytes = long.reduce((sum, { bytes }) => sum + bytes, 0);
  const outcome = outcomeOf(decision, wholeBytes, rules);
  const version = head.version + 1;
  const after = live.map(({ stored }) => stored);
  const before = votes.filter(({ standing }) => standing === 'live').map(({ row }) => row);
  return {
    decision: isToBeSaid(head, outcome, live.length, life)
      ? {
          ...outcome,
          decision_id: life === 1 ? `${docId}.${version}` : `${docId}.${life}.${version}`,
          doc_id: docId,
          life,
          version,
          votes: shownVotes(standings),
          wholeLabels: Object.fromEntries(
            long.flatMap(({ field, annotationId }) =>
              Object.hasOwn(outcome.fields, field) ? [[field, annotationId]] : [],
            ),
          ),
        }
      : null,
    standings: standings.filter(
      ({ status, reason }, index) => status !== votes[index]!.standing || reason !== votes[index]!.reason,
    ),
    counts: countChanges(before, after),
    counted: countedVotes(after),
  };
}

/** The fields whose one label is long, with a vote that has it. */
function longLabels(votes: readonly KnownVote[], live: readonly StoredVote[], { fields }: Decision) {
  const bytesOf = new Map(votes.map(({ row, wholeBytes }) => [row.annotation_id, wholeBytes]));
  return [...new Map(live.map(({ stored }) => [stored.field, stored.annotation_id]))].flatMap(
    ([field, annotationId]) => {
      const bytes = bytesOf.get(annotationId) ?? null;
      const isOne = Object.hasOwn(fields, field) && fields[field]!.labels.length === 1;
      return bytes === null || !isOne ? [] : [{ field, annotationId, bytes }];
    },
  );
}

/**
 * A document nobody ever voted on has no decision; one whose votes were all taken back has: pending. One that was erased
 * stays so, whatever is still voted. In a new life of the database a decision is said again though it is the same: readers may
 * have another one of the life before, which the restore took from here.
 */
function isToBeSaid(head: Head, { verdict, fields }: Outcome, liveVotes: number, life: number): boolean {
  if (head.verdict === 'erased' || (head.version === 0 && liveVotes === 0)) return false;
  if (head.version > 0 && head.life < life) return true;
  return head.verdict !== verdict || canonical(withoutLabel(head.fields)) !== canonical(withoutLabel(fields));
}

/** `labels` says the same, and is short where the label is long. */
const withoutLabel = (fields: Readonly<Record<string, DecidedField>>) =>
  Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, { ...field, label: undefined }]));

/** JSON with sorted keys: Postgres gives jsonb back with its keys in an order of its own. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
