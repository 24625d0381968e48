import type { Vote } from './agreement-counts.ts';

/** What an item's votes add up to. */
export interface Consensus {
  /** Null when there is no vote or the best labels are level: a tie is not broken by chance or alphabet. */
  readonly label: number | null;
  /** Labels level at the top, in rising order; more than one only in a tie. */
  readonly leading: readonly number[];
  /** Share of the weight by label, for every label voted for. */
  readonly support: ReadonlyMap<number, number>;
}

/** One rater, one vote. */
export function majority(votes: readonly Vote[]): Consensus {
  return weightedMajority(votes, () => 1);
}

/** Votes count as much as their rater is worth; nobody's worth may be negative. */
export function weightedMajority(votes: readonly Vote[], worthOf: (rater: number) => number): Consensus {
  const weights = new Map<number, number>();
  let total = 0;
  for (const [rater, label] of votes) {
    const worth = worthOf(rater);
    weights.set(label, (weights.get(label) ?? 0) + worth);
    total += worth;
  }
  if (total === 0) return { label: null, leading: [], support: new Map() };
  const support = new Map([...weights].map(([label, weight]) => [label, weight / total]));
  const best = Math.max(...support.values());
  // Sums of worths in another order differ in the last bits; that must not decide a tie.
  const leading = [...support].filter(([, share]) => best - share < 1e-12).map(([label]) => label);
  leading.sort((a, b) => a - b);
  return { label: leading.length === 1 ? (leading[0] ?? null) : null, leading, support };
}
