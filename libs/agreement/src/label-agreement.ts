import type { PatternTable } from './pattern-table.ts';
import { labelTotals, sharedOnly } from './pattern-table.ts';

/** How well people agree on one label, against all others. */
export interface LabelAgreement {
  readonly label: string;
  /** Votes for it on items with at least two votes. */
  readonly votes: number;
  /** When one says it, how often another vote on the item says it too. Null where nobody's vote could be compared. */
  readonly specificAgreement: number | null;
  /** Krippendorff's nominal alpha of "this label or not". Null where it is 0/0. */
  readonly alpha: number | null;
}

/** In order of label name. */
export function labelAgreements(all: PatternTable): LabelAgreement[] {
  const table = sharedOnly(all);
  const totals = labelTotals(table, table.items);
  const votes = totals.reduce((sum, total) => sum + total, 0);
  const coinciding = coincidencesWithSelf(table);
  return all.labelNames.map((label, at) => {
    const own = totals[at] ?? 0;
    const unequal = own - (coinciding[at] ?? 0);
    const isDefined = own > 0 && own < votes;
    return {
      label,
      votes: own,
      specificAgreement: own > 0 ? (coinciding[at] ?? 0) / own : null,
      alpha: isDefined ? 1 - ((votes - 1) * unequal) / (own * (votes - own)) : null,
    };
  });
}

/** The diagonal of Krippendorff's coincidence matrix. */
function coincidencesWithSelf({ patterns, items, labelNames }: PatternTable): Float64Array {
  const diagonal = new Float64Array(labelNames.length);
  for (const [at, { votes, labels, times }] of patterns.entries()) {
    for (const [k, label] of labels.entries()) {
      const pairs = (times[k] ?? 0) * ((times[k] ?? 0) - 1);
      diagonal[label] = (diagonal[label] ?? 0) + (pairs * (items[at] ?? 0)) / (votes - 1);
    }
  }
  return diagonal;
}
