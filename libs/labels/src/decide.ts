import { labelJson, labelKey } from './label.ts';
import type { LabelJson } from './label.ts';
import { settleVotes } from './votes.ts';
import type { SettledVotes, Vote } from './votes.ts';

// The verdict about one document from its votes (docs/label-rules.md#9-decisions). Pure and per document, because the
// streaming validator decides a document again on every arrival. `assay validate` decides a million at a time from flat
// arrays; a property test holds the two together.

export const verdicts = ['gold', 'disagreement', 'low_confidence', 'pending'] as const;

export type Verdict = (typeof verdicts)[number];

export interface DecisionRules {
  /** A vote reaches it when its confidence is equal or higher: 0.8 is kept, 0.7999999 is not. */
  readonly threshold: number;
  readonly minAnnotators: number;
  readonly minConfidentVotes: number;
  /** The fields that must be gold. Null: those the document has votes for. Votes for other fields decide nothing. */
  readonly requiredFields: readonly string[] | null;
}

export const defaultRules: DecisionRules = {
  threshold: 0.8,
  minAnnotators: 1,
  minConfidentVotes: 1,
  requiredFields: null,
};

export interface FieldDecision {
  readonly verdict: Verdict;
  /** What all live votes say; null where they say different things or nothing. */
  readonly label: LabelJson | null;
  /** Every label among the live votes, in order. */
  readonly labels: readonly LabelJson[];
  /** The smallest confidence of the votes that reached the threshold; null where none did. */
  readonly confidence: number | null;
  /** Who cast those votes, in order and without the anonymous ones. */
  readonly annotators: readonly string[];
  readonly liveVotes: number;
  readonly confidentVotes: number;
}

export interface Decision {
  readonly verdict: Verdict;
  readonly fields: Readonly<Record<string, FieldDecision>>;
}

/** From the live votes of one document. */
export function decide(live: readonly Vote[], rules: DecisionRules): Decision {
  const names = rules.requiredFields ?? [...new Set(live.map(({ field }) => field))].toSorted();
  const fields = names.map((name) => {
    const votes = live.filter(({ field }) => field === name);
    return [name, decideField(votes, rules)] as const;
  });
  return { verdict: overallVerdict(fields.map(([, { verdict }]) => verdict)), fields: Object.fromEntries(fields) };
}

/** From all rows of one document: what became of each, and the verdict. */
export function decideRows<V extends Vote>(
  rows: readonly V[],
  rules: DecisionRules,
): { readonly votes: SettledVotes<V>; readonly decision: Decision } {
  const votes = settleVotes(rows);
  return { votes, decision: decide(votes.live, rules) };
}

export function decideField(live: readonly Vote[], rules: DecisionRules): FieldDecision {
  const byKey = new Map(live.map(({ label }) => [labelKey(label), labelJson(label)]));
  const labels = [...byKey].toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([, label]) => label);
  const confident = live.filter(({ confidence }) => confidence >= rules.threshold);
  const annotators = confident.flatMap(({ annotator }) => (annotator === null ? [] : [annotator]));
  return {
    verdict: fieldVerdict(labels.length, live.length, confident.length, rules),
    label: labels.length === 1 ? (labels[0] ?? null) : null,
    labels,
    confidence: confident.length === 0 ? null : Math.min(...confident.map(({ confidence }) => confidence)),
    annotators: [...new Set(annotators)].toSorted(),
    liveVotes: live.length,
    confidentVotes: confident.length,
  };
}

/** The order is the rule: dissent counts whatever its confidence, and before anybody asks how many voted. */
export function fieldVerdict(labels: number, liveVotes: number, confidentVotes: number, rules: DecisionRules): Verdict {
  if (labels > 1) return 'disagreement';
  if (liveVotes < rules.minAnnotators) return 'pending';
  return confidentVotes >= rules.minConfidentVotes ? 'gold' : 'low_confidence';
}

/** Gold when every required field is, else the first of this order that any field has. A document without a vote waits. */
export function overallVerdict(fields: readonly Verdict[]): Verdict {
  if (fields.includes('disagreement')) return 'disagreement';
  if (fields.includes('pending') || fields.length === 0) return 'pending';
  return fields.includes('low_confidence') ? 'low_confidence' : 'gold';
}
