import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { agreementReport } from './agreement-report.ts';
import type { AgreementReport } from './agreement-report.ts';
import { cohenKappaBootstrap, pairTables } from './cohen-kappa.ts';
import { countRatings } from './counted-ratings.ts';
import type { Rating } from './counted-ratings.ts';

interface ExpectedPair {
  raters: [string, string];
  n: number;
  kappa: number | null;
  observed: number | null;
  se?: number;
  ci95?: [number, number];
  se_null?: number;
  ci_degenerate?: true;
  bootstrap_percentile_ci95?: [number, number];
  bootstrap_tolerance?: number;
}

interface Textbook {
  name: string;
  ratings: Rating[];
  expected: {
    n_items: number;
    n_raters: number;
    n_shared_items: number;
    cohen: ExpectedPair | null;
    cohen_pairwise: ExpectedPair[] | null;
    fleiss: number | null;
    krippendorff_nominal: number | null;
    percent_agreement: number | null;
    percent_agreement_pairs: number | null;
  };
}

const folder = new URL('../testdata/textbook/', import.meta.url);
const tables = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name): Textbook => JSON.parse(readFileSync(new URL(name, folder), 'utf8')));

function reportOf({ ratings }: Textbook): AgreementReport {
  const { counts, raters, labels } = countRatings(ratings);
  return agreementReport(counts, { raters, labels });
}

/** |actual − expected| < 0.5e-9. */
const near = (expected: number | null | undefined): unknown =>
  typeof expected === 'number' ? expect.closeTo(expected, 9) : null;

function expectedPair({ raters, n, kappa, observed, se, ci95, se_null, ci_degenerate }: ExpectedPair): object {
  const interval = ci95 && { low: near(ci95[0]), high: near(ci95[1]), degenerate: ci_degenerate ?? false };
  // one-rater-constant: the exact value is 0; the table's 1.825e-08 is the root of a rounding error of 3.3e-16.
  const underNull = se_null !== undefined && se_null < 1e-7 ? 0 : se_null;
  return {
    pair: raters,
    items: n,
    value: near(kappa),
    observed: near(observed),
    standardError: near(se),
    standardErrorUnderNull: near(underNull),
    ...(kappa === null ? {} : { interval: interval ?? null }),
  };
}

function sharedPairs({ cohen, cohen_pairwise }: Textbook['expected']): ExpectedPair[] {
  return (cohen_pairwise ?? (cohen ? [cohen] : [])).filter(({ n }) => n > 0);
}

describe('every textbook table, to 1e-9', () => {
  it.each(tables.map((table) => [table.name, table] as const))('%s', (_, table) => {
    const report = reportOf(table);
    const { expected } = table;
    expect([report.items, report.raters, report.sharedItems]).toEqual([
      expected.n_items,
      expected.n_raters,
      expected.n_shared_items,
    ]);
    expect(report).toMatchObject({
      percentAgreement: { value: near(expected.percent_agreement) },
      percentAgreementOfPairs: near(expected.percent_agreement_pairs),
      fleiss: { value: near(expected.fleiss) },
      krippendorffNominal: { value: near(expected.krippendorff_nominal) },
      cohen: expected.cohen && expectedPair(expected.cohen),
      cohenPairwise: sharedPairs(expected).map(expectedPair),
    });
  });

  it('covers all the tables there are', () => {
    expect(tables.map(({ name }) => name)).toHaveLength(17);
  });
});

describe('what is undefined says why', () => {
  const named = (name: string) => {
    const table = tables.find((candidate) => candidate.name === name);
    if (table === undefined) throw new Error(`there is no table ${name}`);
    return reportOf(table);
  };

  it('no item with two votes', () => {
    const report = named('no-shared-item');
    const none = { value: null, reason: 'not enough overlap', items: 0 };
    expect(report.percentAgreement).toMatchObject(none);
    expect(report.cohen).toMatchObject(none);
    expect(report.fleiss).toMatchObject(none);
    expect(report.krippendorffNominal).toMatchObject(none);
    expect(report.gwetAc1).toMatchObject(none);
  });

  it('one label only', () => {
    const report = named('single-label-undefined');
    const none = { value: null, reason: 'one label only', items: 8 };
    expect(report.percentAgreement).toMatchObject({ value: 1, interval: { degenerate: true } });
    expect(report.cohen).toMatchObject(none);
    expect(report.fleiss).toMatchObject(none);
    expect(report.krippendorffNominal).toMatchObject(none);
    expect(report.gwetAc1).toMatchObject(none);
  });

  it('items with different numbers of votes', () => {
    expect(named('three-raters-missing').fleiss).toMatchObject({
      value: null,
      reason: 'items have different numbers of votes',
    });
  });

  it('labels that are no numbers have no order', () => {
    const { counts, raters, labels } = countRatings(tables.find(({ name }) => name === 'perfect')?.ratings ?? []);
    const report = agreementReport(counts, { raters, labels, order: 'numeric' });
    expect(report.krippendorffOrdinal).toMatchObject({ value: null, reason: 'labels have no order' });
    expect(report.krippendorffInterval).toMatchObject({ value: null, reason: 'labels are not numbers' });
  });
});

describe('warnings', () => {
  it('names the label that dominates when kappa is 0 in spite of agreement', () => {
    const report = reportOf(tables.find(({ name }) => name === 'one-rater-constant') as Textbook);
    expect(report.cohen).toMatchObject({ value: 0, prevalence: { label: 'bug', share: 10 / 12 } });
    expect(report.gwetAc1.value).toBeGreaterThan(0.5);
  });

  it('is silent where no label dominates', () => {
    const report = reportOf(tables.find(({ name }) => name === 'random-200') as Textbook);
    expect(report.cohen).toMatchObject({ prevalence: null });
  });
});

describe('bootstrap', () => {
  const table = tables.find(({ name }) => name === 'random-200') as Textbook;
  const { counts, labels, raters } = countRatings(table.ratings);
  const [pair] = pairTables(counts, labels, raters);

  it('meets the interval of 10 000 resamples drawn item by item', () => {
    if (pair === undefined) throw new Error('there is no pair');
    const { interval } = cohenKappaBootstrap(pair, { seed: 7, resamples: 10_000 }) as {
      interval: { low: number; high: number };
    };
    const [low, high] = table.expected.cohen?.bootstrap_percentile_ci95 ?? [0, 0];
    const tolerance = table.expected.cohen?.bootstrap_tolerance ?? 0;
    expect(Math.abs(interval.low - low)).toBeLessThan(tolerance);
    expect(Math.abs(interval.high - high)).toBeLessThan(tolerance);
  });

  it('gives the same interval for the same seed and another for another', () => {
    if (pair === undefined) throw new Error('there is no pair');
    const first = cohenKappaBootstrap(pair, { seed: 1, resamples: 200 });
    expect(cohenKappaBootstrap(pair, { seed: 1, resamples: 200 })).toEqual(first);
    expect(cohenKappaBootstrap(pair, { seed: 2, resamples: 200 })).not.toEqual(first);
  });
});
