import type { BootstrapOptions } from './bootstrap.ts';
import { bootstrapInterval } from './bootstrap.ts';
import type { Coefficient, UndefinedReason } from './coefficient.ts';
import { prevalenceOf } from './coefficient.ts';
import type { ItemPattern, PatternTable } from './pattern-table.ts';
import { agreeingPairs, labelTotals, sharedOnly } from './pattern-table.ts';

/** How far two labels are from each other: equal or not (nominal), how many votes lie between their ranks (ordinal),
 * the square of the difference of their values (interval: the label's name read as a number). */
export type Scale =
  | { readonly kind: 'nominal' }
  | { readonly kind: 'ordinal'; readonly order: readonly string[] | 'numeric' }
  | { readonly kind: 'interval' };

/** Krippendorff's alpha, for any number of raters and missing votes; items with a single vote count for nothing.
 * No exact variance is known for it, hence the bootstrap over items. */
export function krippendorffAlpha(all: PatternTable, scale: Scale, options: BootstrapOptions): Coefficient {
  const table = sharedOnly(all);
  const basis = { items: all.sharedItemCount, raters: all.raters };
  const totals = labelTotals(table, table.items);
  const places = placesOf(table.labelNames, scale);
  const reason = undefinedReason(totals, places, scale);
  if (reason !== null) return { ...basis, value: null, reason };
  const statistic = (items: ArrayLike<number>) => alphaOf(table, items, { kind: scale.kind, places });
  const value = statistic(table.items);
  if (value === null) return { ...basis, value: null, reason: 'one label only' };
  return {
    ...basis,
    value,
    interval: bootstrapInterval(table.items, statistic, options),
    prevalence: prevalenceOf(totals, table.labelNames),
  };
}

function undefinedReason(totals: Float64Array, places: Places | null, scale: Scale): UndefinedReason | null {
  const seen = [...totals.entries()].filter(([, total]) => total > 0).map(([label]) => label);
  if (seen.length === 0) return 'not enough overlap';
  if (seen.length === 1) return 'one label only';
  if (places === null || seen.every((label) => Number.isFinite(places[label]))) return null;
  return scale.kind === 'ordinal' ? 'labels have no order' : 'labels are not numbers';
}

/** The value (interval) or rank (ordinal) of each label, NaN where it has none; null for nominal labels. */
type Places = readonly number[];

function placesOf(names: readonly string[], scale: Scale): Places | null {
  if (scale.kind === 'nominal') return null;
  const order = scale.kind === 'ordinal' ? scale.order : 'numeric';
  if (order === 'numeric') return names.map((name) => (name.trim() === '' ? Number.NaN : Number(name)));
  const rank = new Map(order.map((name, at) => [name, at]));
  return names.map((name) => rank.get(name) ?? Number.NaN);
}

interface PlacedScale {
  readonly kind: Scale['kind'];
  readonly places: Places | null;
}

/** Null where every pair of votes is equal: 0/0. */
function alphaOf(table: PatternTable, items: ArrayLike<number>, scale: PlacedScale): number | null {
  const totals = labelTotals(table, items);
  const votes = totals.reduce((sum, total) => sum + total, 0);
  const scores = scoresOf(totals, scale);
  const expected = scores === null ? unequalPairs(totals, votes) : squaredDifferences(totals, scores);
  if (expected === 0) return null;
  let observed = 0;
  for (const [at, pattern] of table.patterns.entries()) {
    const weight = items[at] ?? 0;
    if (weight > 0) observed += (weight * disagreement(pattern, scores)) / (pattern.votes - 1);
  }
  return 1 - ((votes - 1) * observed) / expected;
}

/** A place on a line for every label, such that the distance is the squared difference; null for nominal labels.
 * The ordinal distance of Krippendorff, the votes from one rank to another with half of both ends, is exactly the
 * difference of the ranks' middles. */
function scoresOf(totals: Float64Array, { kind, places }: PlacedScale): ArrayLike<number> | null {
  if (places === null || kind === 'interval') return places;
  const byRank = new Map<number, number>();
  for (const [label, total] of totals.entries()) {
    const rank = places[label] ?? Number.NaN;
    byRank.set(rank, (byRank.get(rank) ?? 0) + total);
  }
  const middle = new Map<number, number>();
  let below = 0;
  for (const [rank, total] of [...byRank].sort(([left], [right]) => left - right)) {
    middle.set(rank, below + total / 2);
    below += total;
  }
  return places.map((rank) => middle.get(rank) ?? Number.NaN);
}

function disagreement(pattern: ItemPattern, scores: ArrayLike<number> | null): number {
  const { votes, labels, times } = pattern;
  if (scores === null) return votes * (votes - 1) - agreeingPairs(pattern);
  let total = 0;
  for (const [at, label] of labels.entries()) {
    for (let other = at + 1; other < labels.length; other += 1) {
      const distance = (scores[label] ?? 0) - (scores[labels[other] ?? 0] ?? 0);
      total += 2 * (times[at] ?? 0) * (times[other] ?? 0) * distance * distance;
    }
  }
  return total;
}

function unequalPairs(totals: Float64Array, votes: number): number {
  return totals.reduce((sum, total) => sum + total * (votes - total), 0);
}

// Around the mean: the textbook form n Σx² − (Σx)² loses all digits when the values are large and close together.
function squaredDifferences(totals: Float64Array, scores: ArrayLike<number>): number {
  let votes = 0;
  let sum = 0;
  for (const [label, total] of totals.entries()) {
    if (total === 0) continue;
    votes += total;
    sum += total * (scores[label] ?? 0);
  }
  const mean = sum / votes;
  let squares = 0;
  for (const [label, total] of totals.entries()) {
    if (total > 0) squares += total * ((scores[label] ?? 0) - mean) ** 2;
  }
  return 2 * votes * squares;
}
