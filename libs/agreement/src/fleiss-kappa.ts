import type { Coefficient } from './coefficient.ts';
import { linearizedInterval, prevalenceOf } from './coefficient.ts';
import type { ItemPattern, PatternTable } from './pattern-table.ts';
import { agreeingShare, labelTotals } from './pattern-table.ts';

/** Fleiss' kappa (1971). Every item needs the same number of votes, two at least; the raters may change from item to
 * item. Elsewhere it is undefined and Krippendorff's alpha is the coefficient to read. The interval is the one of
 * Gwet (2014); the variance in Fleiss's paper holds under the hypothesis kappa = 0 only. */
export function fleissKappa(table: PatternTable): Coefficient {
  const { patterns, items, itemCount } = table;
  const basis = { items: table.sharedItemCount, raters: table.raters };
  if (basis.items === 0) return { ...basis, value: null, reason: 'not enough overlap' };
  if (new Set(patterns.map(({ votes }) => votes)).size > 1) {
    return { ...basis, value: null, reason: 'items have different numbers of votes' };
  }
  const totals = labelTotals(table, items, true);
  if (totals.filter((total) => total > 0).length === 1) return { ...basis, value: null, reason: 'one label only' };
  const shares = totals.map((total) => total / itemCount);
  const observed = patterns.map(agreeingShare);
  const chance = patterns.map((pattern) => chanceOf(pattern, shares));
  const mean = (values: readonly number[]) =>
    values.reduce((total, value, at) => total + value * (items[at] ?? 0), 0) / itemCount;
  const expected = shares.reduce((total, share) => total + share * share, 0);
  const value = (mean(observed) - expected) / (1 - expected);
  const influences = observed.map(
    (share, at) =>
      (share - expected) / (1 - expected) - (2 * (1 - value) * ((chance[at] ?? 0) - expected)) / (1 - expected),
  );
  return {
    ...basis,
    value,
    interval: linearizedInterval(value, influences, items),
    prevalence: prevalenceOf(totals, table.labelNames),
  };
}

function chanceOf({ votes, labels, times }: ItemPattern, shares: Float64Array): number {
  return labels.reduce((total, label, k) => total + (times[k] ?? 0) * (shares[label] ?? 0), 0) / votes;
}
