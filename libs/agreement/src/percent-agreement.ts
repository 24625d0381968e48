import type { Coefficient } from './coefficient.ts';
import { linearizedInterval, prevalenceOf } from './coefficient.ts';
import type { PatternTable } from './pattern-table.ts';
import { agreeingPairs, agreeingShare, labelTotals, sharedOnly } from './pattern-table.ts';

/** Mean over items, with two votes or more, of the share of agreeing pairs of votes. Not corrected for chance. */
export function percentAgreement(all: PatternTable): Coefficient {
  const table = sharedOnly(all);
  const basis = { items: all.sharedItemCount, raters: all.raters };
  if (basis.items === 0) return { ...basis, value: null, reason: 'not enough overlap' };
  const shares = table.patterns.map(agreeingShare);
  const value = shares.reduce((total, share, at) => total + share * (table.items[at] ?? 0), 0) / basis.items;
  return {
    ...basis,
    value,
    interval: linearizedInterval(value, shares, table.items),
    prevalence: prevalenceOf(labelTotals(table, table.items), table.labelNames),
  };
}

/** Agreeing pairs of votes / all pairs over all items: items with many votes weigh more. Null without any pair. */
export function percentAgreementOfPairs(all: PatternTable): number | null {
  const { patterns, items } = sharedOnly(all);
  let agreeing = 0;
  let pairs = 0;
  for (const [at, pattern] of patterns.entries()) {
    agreeing += agreeingPairs(pattern) * (items[at] ?? 0);
    pairs += pattern.votes * (pattern.votes - 1) * (items[at] ?? 0);
  }
  return pairs === 0 ? null : agreeing / pairs;
}
