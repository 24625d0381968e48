// Values of published Python packages; testdata/published/make_tables.py made them.
import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { agreementReport } from './agreement-report.ts';
import { countRatings } from './counted-ratings.ts';
import type { Rating } from './counted-ratings.ts';
import { dawidSkene } from './dawid-skene.ts';
import { majority } from './majority.ts';
import { raterReliabilities, reliabilityWeighted } from './rater-reliability.ts';

interface Published<Expected> {
  name: string;
  ratings: Rating[];
  expected: Expected;
}

function published<Expected>(prefix: string): [string, Published<Expected>][] {
  const folder = new URL('../testdata/published/', import.meta.url);
  return readdirSync(folder)
    .filter((name) => name.startsWith(prefix) && name.endsWith('.json'))
    .map((name) => [name, JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Published<Expected>]);
}

const near = (value: number | null): unknown => (value === null ? null : expect.closeTo(value, 9));

const nearEach = (values: Record<string, number>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, near(value)]));

interface Alphas {
  order: string[];
  ordinal: number;
  interval: number | null;
}

describe("ordinal and interval alpha (Python's krippendorff)", () => {
  it.each(published<Alphas>('alpha-'))('%s', (_, { ratings, expected }) => {
    const { counts, raters, labels } = countRatings(ratings);
    const isNumeric = expected.interval !== null;
    const report = agreementReport(counts, { raters, labels, order: isNumeric ? 'numeric' : expected.order });
    expect(report.krippendorffOrdinal?.value).toEqual(near(expected.ordinal));
    expect(report.krippendorffInterval?.value ?? null).toEqual(near(expected.interval));
    const byList = agreementReport(counts, { raters, labels, order: expected.order });
    expect(byList.krippendorffOrdinal?.value).toEqual(near(expected.ordinal));
    expect(report.krippendorffOrdinal).toMatchObject({ interval: { method: 'bootstrap', degenerate: false } });
  });
});

interface Ac1 {
  ac1: number;
  ac1_se: number;
  pa: number;
  fleiss?: number;
  fleiss_se?: number;
}

const Z = 1.959963984540054;
const standardError = (interval: { low: number; high: number } | null | undefined) =>
  ((interval?.high ?? Number.NaN) - (interval?.low ?? Number.NaN)) / (2 * Z);

describe("Gwet's AC1 and linearized standard errors (irrCAC)", () => {
  it.each(published<Ac1>('ac1-'))('%s', (_, { ratings, expected }) => {
    const { counts, raters, labels } = countRatings(ratings);
    const { gwetAc1, fleiss, percentAgreement } = agreementReport(counts, { raters, labels });
    expect(gwetAc1.value).toEqual(near(expected.ac1));
    expect(percentAgreement.value).toEqual(near(expected.pa));
    expect(standardError(gwetAc1.value === null ? null : gwetAc1.interval)).toEqual(near(expected.ac1_se));
    expect(fleiss.value).toEqual(near(expected.fleiss ?? null));
    const fleissError = fleiss.value === null ? 0 : standardError(fleiss.interval);
    // irrCAC writes 1e-15 where the error is 0.
    expect(fleissError).toEqual(near(expected.fleiss_se ?? 0));
  });
});

interface Crowd {
  majority: Record<string, string>;
  skills: Record<string, number>;
  weighted: Record<string, Record<string, number>>;
  dawid_skene: {
    rounds: number;
    priors: Record<string, number>;
    probabilities: Record<string, Record<string, number>>;
    errors: Record<string, Record<string, number>>;
  };
}

describe('consensus (crowd-kit)', () => {
  const cases = published<Crowd>('crowd-');

  it.each(cases)('majority and reliability: %s', (_, { ratings, expected }) => {
    const { votesByItem, raters, labels } = countRatings(ratings);
    const reliabilities = raterReliabilities(votesByItem.values());
    const skills = [...reliabilities].map(([rater, { agreed, compared }]) => [raters[rater], agreed / compared]);
    expect(Object.fromEntries(skills)).toEqual(nearEach(expected.skills));
    for (const [item, votes] of votesByItem) {
      expect(labels[majority(votes).label ?? -1]).toBe(expected.majority[item]);
      const { support } = reliabilityWeighted(votes, reliabilities);
      const shares = labels.map((label, at) => [label, support.get(at) ?? 0]);
      expect(Object.fromEntries(shares)).toEqual(nearEach(expected.weighted[item] ?? {}));
    }
  });

  it.each(cases)('Dawid–Skene: %s', (_, { ratings, expected }) => {
    const { votesByItem, raters, labels } = countRatings(ratings);
    const found = dawidSkene([...votesByItem.values()], { labels: labels.length });
    const byLabel = (values: ArrayLike<number>) =>
      Object.fromEntries(labels.map((label, at) => [label, values[at] ?? Number.NaN]));
    expect(found.rounds).toBe(expected.dawid_skene.rounds);
    expect(byLabel(found.priors)).toEqual(nearEach(expected.dawid_skene.priors));
    for (const [at, item] of [...votesByItem.keys()].entries()) {
      expect(byLabel(found.probabilities[at] ?? [])).toEqual(nearEach(expected.dawid_skene.probabilities[item] ?? {}));
    }
    for (const [key, errors] of Object.entries(expected.dawid_skene.errors)) {
      const [rater = '', said = ''] = key.split(' says ');
      const matrix = found.errors.get(raters.indexOf(rater)) ?? new Float64Array();
      const row = labels.indexOf(said) * labels.length;
      expect(byLabel(matrix.subarray(row, row + labels.length))).toEqual(nearEach(errors));
    }
  });
});
