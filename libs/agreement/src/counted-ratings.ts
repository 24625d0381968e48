import { AgreementCounts } from './agreement-counts.ts';
import type { Vote } from './agreement-counts.ts';

export type Rating = readonly [item: string, rater: string, label: string];

/** Ratings as people keep them, counted. For small sets: it holds them all. */
export interface CountedRatings {
  readonly counts: AgreementCounts;
  readonly raters: readonly string[];
  readonly labels: readonly string[];
  /** Live votes of each item, as indexes. */
  readonly votesByItem: ReadonlyMap<string, readonly Vote[]>;
}

export function countRatings(ratings: readonly Rating[]): CountedRatings {
  const raters = new Map<string, number>();
  const labels = new Map<string, number>();
  const votesByItem = new Map<string, Vote[]>();
  for (const [item, rater, label] of ratings) {
    const votes = votesByItem.get(item) ?? [];
    votesByItem.set(item, votes);
    votes.push([indexOf(raters, rater), indexOf(labels, label)]);
  }
  const counts = new AgreementCounts();
  for (const votes of votesByItem.values()) counts.add(votes);
  return { counts, raters: [...raters.keys()], labels: [...labels.keys()], votesByItem };
}

function indexOf(names: Map<string, number>, name: string): number {
  const known = names.get(name) ?? names.size;
  names.set(name, known);
  return known;
}
