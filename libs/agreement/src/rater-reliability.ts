import type { Vote } from './agreement-counts.ts';
import { ANONYMOUS } from './agreement-counts.ts';
import type { Consensus } from './majority.ts';
import { majority, weightedMajority } from './majority.ts';

export interface RaterReliability {
  /** Votes on items where at least two votes have a majority. */
  readonly compared: number;
  /** Those of them that are the majority's label. */
  readonly agreed: number;
}

/** How often each rater says what the majority says. A rater's own vote is part of that majority (as in Wawa of
 * crowd-kit), so with few votes per item it flatters; Dawid–Skene does better where there are enough votes. */
export function raterReliabilities(items: Iterable<readonly Vote[]>): Map<number, RaterReliability> {
  const found = new Map<number, RaterReliability>();
  for (const votes of items) {
    const { label } = majority(votes);
    if (votes.length < 2 || label === null) continue;
    for (const [rater, said] of votes) {
      const { compared, agreed } = found.get(rater) ?? { compared: 0, agreed: 0 };
      found.set(rater, { compared: compared + 1, agreed: agreed + (said === label ? 1 : 0) });
    }
  }
  return found;
}

/** Majority weighted by reliability. A rater who was never compared, and a vote of nobody, gets `unknownWorth`. */
export function reliabilityWeighted(
  votes: readonly Vote[],
  reliabilities: ReadonlyMap<number, RaterReliability>,
  unknownWorth = 0.5,
): Consensus {
  return weightedMajority(votes, (rater) => {
    const known = rater === ANONYMOUS ? undefined : reliabilities.get(rater);
    return known === undefined ? unknownWorth : known.agreed / known.compared;
  });
}
