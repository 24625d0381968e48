import { ANONYMOUS } from './agreement-counts.ts';
import type { AgreementCounts } from './agreement-counts.ts';

/** A multiset of labels that some items drew: `times[i]` votes for `labels[i]`. */
export interface ItemPattern {
  readonly votes: number;
  readonly labels: readonly number[];
  readonly times: readonly number[];
}

/** The counts in the form the coefficients read: patterns in a fixed order, so that the same counts give the same
 * sums (and the same bootstrap) however they were collected. */
export interface PatternTable {
  readonly patterns: readonly ItemPattern[];
  /** Items per pattern. */
  readonly items: Float64Array;
  /** Names by label index. The indexes of a table follow the names' order, not the order of arrival. */
  readonly labelNames: readonly string[];
  readonly raters: number;
  readonly anonymousVotes: number;
  readonly itemCount: number;
  readonly sharedItemCount: number;
}

/** `labelNames[i]` is the name of the label that was counted as i. */
export function patternTable(counts: AgreementCounts, labelNames: readonly string[]): PatternTable {
  const rank = labelRanks(labelNames);
  const rows = [...counts.patterns()]
    .map(({ labels, items }) => ({ labels: labels.map((label) => rank[label] ?? label).sort((a, b) => a - b), items }))
    .sort((left, right) => compareNumbers(left.labels, right.labels));
  const raters = [...counts.raters()];
  const shared = rows.filter(({ labels }) => labels.length > 1);
  return {
    patterns: rows.map(({ labels }) => itemPattern(labels)),
    items: Float64Array.from(rows, ({ items }) => items),
    labelNames: labelNames.toSorted(compareText),
    raters: raters.filter(({ rater }) => rater !== ANONYMOUS).length,
    anonymousVotes: raters.find(({ rater }) => rater === ANONYMOUS)?.votes ?? 0,
    itemCount: sum(rows.map(({ items }) => items)),
    sharedItemCount: sum(shared.map(({ items }) => items)),
  };
}

/** Only the items with at least two votes. */
export function sharedOnly(table: PatternTable): PatternTable {
  const kept = table.patterns.flatMap(({ votes }, at) => (votes > 1 ? [at] : []));
  return {
    ...table,
    patterns: kept.flatMap((at) => table.patterns[at] ?? []),
    items: Float64Array.from(kept, (at) => table.items[at] ?? 0),
  };
}

/** Votes per label; with `share`, an item's votes count 1/votes each, so that every item counts once. */
export function labelTotals(table: PatternTable, items: ArrayLike<number>, share = false): Float64Array {
  const totals = new Float64Array(table.labelNames.length);
  for (const [at, { votes, labels, times }] of table.patterns.entries()) {
    const weight = (items[at] ?? 0) / (share ? votes : 1);
    for (const [k, label] of labels.entries()) totals[label] = (totals[label] ?? 0) + weight * (times[k] ?? 0);
  }
  return totals;
}

/** Share of agreeing pairs among an item's pairs of votes. */
export function agreeingShare({ votes, times }: ItemPattern): number {
  return agreeingPairs({ times }) / (votes * (votes - 1));
}

/** Ordered pairs of votes with the same label. */
export function agreeingPairs({ times }: Pick<ItemPattern, 'times'>): number {
  return times.reduce((pairs, count) => pairs + count * (count - 1), 0);
}

/** Where each label index goes when labels are sorted by name. */
export function labelRanks(labelNames: readonly string[]): number[] {
  const rank: number[] = [];
  const sorted = [...labelNames.entries()].sort(([, left], [, right]) => compareText(left, right));
  for (const [place, [label]] of sorted.entries()) rank[label] = place;
  return rank;
}

export function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function itemPattern(votes: readonly number[]): ItemPattern {
  const labels: number[] = [];
  const times: number[] = [];
  for (const label of votes) {
    if (labels.at(-1) === label) times[times.length - 1] = (times.at(-1) ?? 0) + 1;
    else {
      labels.push(label);
      times.push(1);
    }
  }
  return { votes: votes.length, labels, times };
}

function compareNumbers(left: readonly number[], right: readonly number[]): number {
  const difference = left.findIndex((label, at) => label !== right[at]);
  if (difference < 0) return left.length - right.length;
  return (left[difference] ?? 0) - (right[difference] ?? -1);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
