import { ANONYMOUS } from './agreement-counts.ts';
import type { AgreementCounts } from './agreement-counts.ts';
import { BOOTSTRAP_DEFAULTS } from './bootstrap.ts';
import type { BootstrapOptions } from './bootstrap.ts';
import { cohenKappa, pairTables } from './cohen-kappa.ts';
import type { CohenKappa, PairTable } from './cohen-kappa.ts';
import type { Coefficient } from './coefficient.ts';
import { fleissKappa } from './fleiss-kappa.ts';
import { gwetAc1 } from './gwet-ac1.ts';
import { krippendorffAlpha } from './krippendorff-alpha.ts';
import { labelAgreements } from './label-agreement.ts';
import type { LabelAgreement } from './label-agreement.ts';
import { compareText, patternTable } from './pattern-table.ts';
import { percentAgreement, percentAgreementOfPairs } from './percent-agreement.ts';

export interface ReportOptions {
  /** Names by label index and by rater index, as they were counted. */
  readonly labels: readonly string[];
  readonly raters: readonly string[];
  /** Order of the labels, lowest first, when they have one; `numeric` reads them as numbers. */
  readonly order?: readonly string[] | 'numeric';
  readonly bootstrap?: BootstrapOptions;
  /** Pairs of raters that are reported, those with most shared items first. */
  readonly maxPairs?: number;
}

export type CohenPair = CohenKappa & { readonly pair: readonly [string, string] };

export interface AgreementReport {
  readonly items: number;
  /** Items with at least two votes. */
  readonly sharedItems: number;
  readonly raters: number;
  readonly anonymousVotes: number;
  readonly percentAgreement: Coefficient;
  readonly percentAgreementOfPairs: number | null;
  /** Of the only two raters there are; null when there are fewer or more. */
  readonly cohen: CohenPair | null;
  /** All pairs that share an item, in order of name. */
  readonly cohenPairwise: readonly CohenPair[];
  readonly pairsLeftOut: number;
  readonly pairsWithoutOverlap: number;
  readonly fleiss: Coefficient;
  readonly krippendorffNominal: Coefficient;
  /** Only with an `order`. */
  readonly krippendorffOrdinal: Coefficient | null;
  /** Only with the order `numeric`. */
  readonly krippendorffInterval: Coefficient | null;
  readonly gwetAc1: Coefficient;
  readonly byLabel: readonly LabelAgreement[];
}

const MAX_PAIRS = 1000;

/** Everything that is known about how far people agree. It never says 0 or 1 where it means "nothing is known". */
export function agreementReport(counts: AgreementCounts, options: ReportOptions): AgreementReport {
  const table = patternTable(counts, options.labels);
  const bootstrap = options.bootstrap ?? BOOTSTRAP_DEFAULTS;
  const { order } = options;
  return {
    items: table.itemCount,
    sharedItems: table.sharedItemCount,
    raters: table.raters,
    anonymousVotes: table.anonymousVotes,
    percentAgreement: percentAgreement(table),
    percentAgreementOfPairs: percentAgreementOfPairs(table),
    ...cohenOf(counts, options),
    fleiss: fleissKappa(table),
    krippendorffNominal: krippendorffAlpha(table, { kind: 'nominal' }, bootstrap),
    krippendorffOrdinal: order === undefined ? null : krippendorffAlpha(table, { kind: 'ordinal', order }, bootstrap),
    krippendorffInterval: order === 'numeric' ? krippendorffAlpha(table, { kind: 'interval' }, bootstrap) : null,
    gwetAc1: gwetAc1(table),
    byLabel: labelAgreements(table),
  };
}

type CohenPart = Pick<AgreementReport, 'cohen' | 'cohenPairwise' | 'pairsLeftOut' | 'pairsWithoutOverlap'>;

function cohenOf(counts: AgreementCounts, { labels, raters, maxPairs = MAX_PAIRS }: ReportOptions): CohenPart {
  const voters = [...counts.raters()].flatMap(({ rater }) => (rater === ANONYMOUS ? [] : [raters[rater] ?? '']));
  const pairs = pairTables(counts, labels, raters).map((table) => ({ ...cohenKappa(table), pair: table.raters }));
  const kept = new Set(pairs.toSorted((left, right) => right.items - left.items).slice(0, maxPairs));
  const [first, second] = voters.toSorted(compareText);
  const isOnePair = first !== undefined && second !== undefined && voters.length === 2;
  return {
    cohen: isOnePair ? (pairs[0] ?? { ...cohenKappa(NO_SHARED_ITEM), pair: [first, second] }) : null,
    cohenPairwise: pairs.filter((pair) => kept.has(pair)),
    pairsLeftOut: pairs.length - kept.size,
    pairsWithoutOverlap: (voters.length * (voters.length - 1)) / 2 - pairs.length,
  };
}

const NO_SHARED_ITEM: PairTable = { raters: ['', ''], left: [], right: [], items: new Float64Array(), labelNames: [] };
