import type { AgreementCounts } from './agreement-counts.ts';
import type { BootstrapOptions } from './bootstrap.ts';
import { bootstrapInterval } from './bootstrap.ts';
import type { Coefficient, DefinedCoefficient, UndefinedCoefficient } from './coefficient.ts';
import { analyticInterval, prevalenceOf, standardErrorOf } from './coefficient.ts';
import { compareText, labelRanks } from './pattern-table.ts';

/** What two raters said about the items both rated: `items[i]` items got label `left[i]` from one and `right[i]` from
 * the other. Labels are numbered within the table, so that a pair costs what the pair said. */
export interface PairTable {
  readonly raters: readonly [string, string];
  readonly left: readonly number[];
  readonly right: readonly number[];
  readonly items: Float64Array;
  readonly labelNames: readonly string[];
}

export type CohenKappa = Coefficient & {
  /** Share of shared items with equal labels; null without a shared item. */
  readonly observed: number | null;
  /** Null where the interval is. */
  readonly standardError: number | null;
  /** Standard error if the true kappa were 0: for a test, never for an interval. */
  readonly standardErrorUnderNull: number | null;
};

/** All pairs of raters with a shared item, in order of name. `raterNames[i]` is the rater that was counted as i. */
export function pairTables(
  counts: AgreementCounts,
  labelNames: readonly string[],
  raterNames: readonly string[],
): PairTable[] {
  const rank = labelRanks(labelNames);
  const names = labelNames.toSorted(compareText);
  const byPair = new Map<string, { raters: [number, number]; cells: Cell[] }>();
  for (const { raters, labels, items } of counts.cells()) {
    const key = raters.join(' ');
    const pair = byPair.get(key) ?? { raters, cells: [] };
    byPair.set(key, pair);
    pair.cells.push([rank[labels[0]] ?? labels[0], rank[labels[1]] ?? labels[1], items]);
  }
  return [...byPair.values()]
    .map(({ raters: [a, b], cells }) => pairTable([raterNames[a] ?? '', raterNames[b] ?? ''], cells, names))
    .sort((a, b) => compareText(a.raters[0], b.raters[0]) || compareText(a.raters[1], b.raters[1]));
}

type Cell = [left: number, right: number, items: number];

// The rater whose name sorts first is `left`, whoever arrived first: the same votes give the same sums to the last bit.
function pairTable(raters: [string, string], found: readonly Cell[], names: readonly string[]): PairTable {
  const isInOrder = compareText(raters[0], raters[1]) <= 0;
  const cells = found.map(([left, right, items]): Cell => (isInOrder ? [left, right, items] : [right, left, items]));
  cells.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const seen = [...new Set(cells.flatMap(([left, right]) => [left, right]))].sort((a, b) => a - b);
  const local = new Map(seen.map((label, at) => [label, at]));
  return {
    raters: isInOrder ? raters : [raters[1], raters[0]],
    left: cells.map(([left]) => local.get(left) ?? 0),
    right: cells.map(([, right]) => local.get(right) ?? 0),
    items: Float64Array.from(cells, ([, , items]) => items),
    labelNames: seen.map((label) => names[label] ?? ''),
  };
}

/** Cohen's kappa over the items both raters rated, with the standard error of Fleiss, Cohen and Everitt (1969). */
export function cohenKappa(table: PairTable): CohenKappa {
  const shares = sharesOf(table, table.items);
  const basis = { items: shares.total, raters: 2 };
  const none = { standardError: null, standardErrorUnderNull: null };
  if (shares.total === 0) return { ...basis, ...none, value: null, reason: 'not enough overlap', observed: null };
  const value = kappaOf(shares);
  const { observed } = shares;
  if (value === null) return { ...basis, ...none, value, reason: 'one label only', observed };
  const defined = { ...basis, value, observed, prevalence: prevalenceOf(shares.both, table.labelNames) };
  // One item has no spread to estimate an error from.
  if (shares.total === 1) return { ...defined, ...none, interval: null };
  const standardError = standardErrorOf(scaledVariance(table, shares, value), shares.total);
  return {
    ...defined,
    interval: analyticInterval(value, standardError),
    standardError,
    standardErrorUnderNull: standardErrorOf(scaledVarianceUnderNull(shares), shares.total),
  };
}

/** The same value with a percentile interval over resamples of the shared items. */
export function cohenKappaBootstrap(
  table: PairTable,
  options: BootstrapOptions,
): DefinedCoefficient | UndefinedCoefficient {
  const { items, raters, ...kappa } = cohenKappa(table);
  if (kappa.value === null) return { items, raters, value: null, reason: kappa.reason };
  const interval = bootstrapInterval(table.items, (drawn) => kappaOf(sharesOf(table, drawn)), options);
  return { items, raters, value: kappa.value, prevalence: kappa.prevalence, interval };
}

interface Shares {
  readonly total: number;
  readonly observed: number;
  readonly expected: number;
  /** Share of each label in the one's votes, in the other's, and votes of both. */
  readonly rows: Float64Array;
  readonly columns: Float64Array;
  readonly both: Float64Array;
}

function sharesOf({ left, right, labelNames }: PairTable, items: Float64Array): Shares {
  const labels = labelNames.length;
  const rows = new Float64Array(labels);
  const columns = new Float64Array(labels);
  let total = 0;
  let equal = 0;
  for (const [at, count] of items.entries()) {
    const [a, b] = [left[at] ?? 0, right[at] ?? 0];
    total += count;
    if (a === b) equal += count;
    rows[a] = (rows[a] ?? 0) + count;
    columns[b] = (columns[b] ?? 0) + count;
  }
  const both = rows.map((count, label) => count + (columns[label] ?? 0));
  const share = (counts: Float64Array) => counts.map((count) => count / total);
  const [rowShares, columnShares] = [share(rows), share(columns)];
  const expected = rowShares.reduce((sum, row, label) => sum + row * (columnShares[label] ?? 0), 0);
  return { total, observed: equal / total, expected, rows: rowShares, columns: columnShares, both };
}

/** Null where both raters use one and the same label only: 0/0. */
function kappaOf({ both, observed, expected }: Shares): number | null {
  return both.filter((count) => count > 0).length < 2 ? null : (observed - expected) / (1 - expected);
}

function scaledVariance({ left, right, items }: PairTable, shares: Shares, kappa: number): number {
  const { total, expected, rows, columns } = shares;
  let diagonal = 0;
  let rest = 0;
  for (const [at, count] of items.entries()) {
    const [a, b] = [left[at] ?? 0, right[at] ?? 0];
    if (a === b) diagonal += (count / total) * (1 - ((rows[a] ?? 0) + (columns[a] ?? 0)) * (1 - kappa)) ** 2;
    else rest += (count / total) * ((rows[b] ?? 0) + (columns[a] ?? 0)) ** 2;
  }
  const chance = (kappa - expected * (1 - kappa)) ** 2;
  return (diagonal + rest * (1 - kappa) ** 2 - chance) / (1 - expected) ** 2;
}

function scaledVarianceUnderNull({ expected, rows, columns }: Shares): number {
  const third = rows.reduce((sum, row, label) => {
    const column = columns[label] ?? 0;
    return sum + row * column * (row + column);
  }, 0);
  return (expected + expected ** 2 - third) / (1 - expected) ** 2;
}
