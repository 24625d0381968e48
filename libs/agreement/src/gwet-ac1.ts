import type { Coefficient } from './coefficient.ts';
import { linearizedInterval, prevalenceOf } from './coefficient.ts';
import type { ItemPattern, PatternTable } from './pattern-table.ts';
import { agreeingShare, labelTotals } from './pattern-table.ts';

/** Gwet's AC1 (2008), for any number of raters and missing votes. Items with one vote tell nothing about agreement but
 * do count for how common a label is. It keeps its value where one label dominates and kappa collapses. */
export function gwetAc1(table: PatternTable): Coefficient {
  const basis = { items: table.sharedItemCount, raters: table.raters };
  if (basis.items === 0) return { ...basis, value: null, reason: 'not enough overlap' };
  const totals = labelTotals(table, table.items, true);
  const labels = totals.filter((total) => total > 0).length;
  if (labels === 1) return { ...basis, value: null, reason: 'one label only' };
  const model: Chance = { shares: totals.map((total) => total / table.itemCount), scale: 1 / (labels - 1) };
  const expected = model.shares.reduce((total, share) => total + share * (1 - share), 0) * model.scale;
  const observed = observedAgreement(table);
  const value = (observed - expected) / (1 - expected);
  const influences = table.patterns.map((pattern) => {
    const item = pattern.votes > 1 ? (table.itemCount / basis.items) * (agreeingShare(pattern) - expected) : 0;
    return (item - 2 * (1 - value) * (chanceOf(pattern, model) - expected)) / (1 - expected);
  });
  return {
    ...basis,
    value,
    interval: linearizedInterval(value, influences, table.items),
    prevalence: prevalenceOf(labelTotals(table, table.items), table.labelNames),
  };
}

interface Chance {
  readonly shares: Float64Array;
  readonly scale: number;
}

function chanceOf({ votes, labels, times }: ItemPattern, { shares, scale }: Chance): number {
  return (scale * labels.reduce((total, label, k) => total + (times[k] ?? 0) * (1 - (shares[label] ?? 0)), 0)) / votes;
}

function observedAgreement({ patterns, items, sharedItemCount }: PatternTable): number {
  let total = 0;
  for (const [at, pattern] of patterns.entries()) {
    if (pattern.votes > 1) total += agreeingShare(pattern) * (items[at] ?? 0);
  }
  return total / sharedItemCount;
}
