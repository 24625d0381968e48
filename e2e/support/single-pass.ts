import type { Account } from '@assay/shared/contracts/account';
import { decideRows, defaultRules } from '@assay/labels/decide';
import type { Vote } from '@assay/labels/votes';
import type { PlacedRow } from './label-desk.ts';

/** A document as gold should show it. */
export interface GoldExample {
  readonly label: unknown;
  readonly confidence_score: number;
  readonly annotators: readonly string[];
}

export interface SinglePass {
  /** By document. */
  readonly gold: ReadonlyMap<string, GoldExample>;
  /** What the account must say of documents that have a vote, and of every row. */
  readonly account: Pick<
    Account,
    | 'gold'
    | 'disagreement'
    | 'low_confidence'
    | 'label_rows'
    | 'live'
    | 'superseded'
    | 'withdrawn'
    | 'withdrawals'
    | 'duplicate_rows'
    | 'rejected_rows'
  >;
}

/**
 * What the system should have come to: every row that was ever written, read once and in row order, decided once, by the
 * rules of libs/labels and without any of the system's parts.
 */
export function singlePass(rows: readonly PlacedRow[]): SinglePass {
  const read = rows.filter(({ confidence }) => isConfidence(confidence));
  const withdrawals = read.filter(({ op }) => op === 'withdraw');
  const taken = new Set(withdrawals.map(({ toolId }) => toolId));
  const isTaken = ({ toolId }: PlacedRow) => toolId !== undefined && taken.has(toolId);
  const votes = read.filter(({ op }) => op !== 'withdraw');
  const gold = new Map<string, GoldExample>();
  const counts = { gold: 0, disagreement: 0, low_confidence: 0, pending: 0, live: 0, superseded: 0, duplicate_rows: 0 };
  for (const [docId, written] of Map.groupBy(
    votes.filter((vote) => !isTaken(vote)),
    (row) => row.docId,
  )) {
    const { decision, votes: settled } = decideRows(written.map(voteOf), defaultRules);
    counts[decision.verdict]++;
    counts.live += settled.live.length;
    counts.superseded += settled.superseded.length;
    counts.duplicate_rows += settled.duplicate.length;
    const field = decision.fields['label']!;
    if (decision.verdict === 'gold')
      gold.set(docId, { label: field.label, confidence_score: field.confidence!, annotators: field.annotators });
  }
  const { pending: _, ...account } = counts;
  return {
    gold,
    account: {
      ...account,
      label_rows: rows.length,
      withdrawn: votes.filter(isTaken).length,
      withdrawals: withdrawals.length,
      rejected_rows: rows.length - read.length,
    },
  };
}

const isConfidence = (text: string): boolean => /^(0(\.\d+)?|1(\.0+)?)$/.test(text);

const voteOf = ({ annotator, label, confidence, path, row }: PlacedRow): Vote => ({
  field: 'label',
  annotator,
  label: { kind: 'choice', choice: label },
  confidence: Number(confidence),
  annotatedAt: null,
  text: null,
  path,
  row,
});
