import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ANONYMOUS, AgreementCounts } from './agreement-counts.ts';
import type { Vote } from './agreement-counts.ts';
import { agreementReport } from './agreement-report.ts';
import { countChange, countsOf, rowsOf } from './count-rows.ts';
import type { CountRow, NamedVote } from './count-rows.ts';

const raters = ['ann', 'bob', 'cem', 'dora', 'eva'];
const labels = ['billing', 'bug', 'login', 'other'];
const bootstrap = { seed: 3, resamples: 20 };
const runs = { numRuns: 1000 };

// At most one vote per named rater, any number of anonymous ones.
const votes: fc.Arbitrary<Vote[]> = fc
  .tuple(
    fc.uniqueArray(fc.tuple(fc.nat(raters.length - 1), fc.nat(labels.length - 1)), { selector: ([rater]) => rater }),
    fc.array(fc.nat(labels.length - 1), { maxLength: 2 }),
  )
  .map(([named, anonymous]) => [...named, ...anonymous.map((label): Vote => [ANONYMOUS, label])]);

const items = fc.array(votes, { maxLength: 25 });

function counted(all: readonly (readonly Vote[])[]): AgreementCounts {
  const counts = new AgreementCounts();
  for (const item of all) counts.add(item);
  return counts;
}

const reportOf = (counts: AgreementCounts) => agreementReport(counts, { raters, labels, bootstrap });

describe('counts kept up to date equal counts made at once', () => {
  it('in any order of the items and of their votes', () => {
    fc.assert(
      fc.property(
        items.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([all, shuffled]) => {
          const other = counted(shuffled.map((item) => item.toReversed()));
          expect(reportOf(other)).toEqual(reportOf(counted(all)));
        },
      ),
      runs,
    );
  });

  it('when votes arrive one by one and others are withdrawn again', () => {
    fc.assert(
      fc.property(items, items, (kept, withdrawn) => {
        const counts = new AgreementCounts();
        for (const [at, item] of kept.entries()) {
          const passing = withdrawn[at] ?? [];
          for (const [k, vote] of passing.entries()) counts.addVote(passing.slice(0, k), vote);
          for (let left = passing; left.length > 0; left = left.slice(1)) counts.removeVote(left, left[0] ?? [0, 0]);
          for (const [k, vote] of item.entries()) counts.addVote(item.slice(0, k), vote);
        }
        expect(reportOf(counts)).toEqual(reportOf(counted(kept)));
      }),
      runs,
    );
  });

  it('when shards are summed', () => {
    fc.assert(
      fc.property(fc.array(items, { maxLength: 4 }), (shards) => {
        const merged = new AgreementCounts();
        for (const shard of shards) merged.merge(counted(shard));
        expect(reportOf(merged)).toEqual(reportOf(counted(shards.flat())));
      }),
      runs,
    );
  });

  it('when they are kept as rows by name, changed document by document', () => {
    const named = (item: readonly Vote[]): NamedVote[] =>
      item.map(([rater, label]) => [raters[rater] ?? null, labels[label] ?? '']);
    fc.assert(
      fc.property(fc.array(fc.tuple(votes, votes), { maxLength: 15 }), (documents) => {
        const stored = new Map<string, CountRow>();
        const store = (rows: readonly CountRow[]) => {
          for (const row of rows) {
            const key = `${row.kind} ${row.key}`;
            stored.set(key, { ...row, n: (stored.get(key)?.n ?? 0) + row.n });
          }
        };
        for (const [first] of documents) store(countChange([], named(first)));
        for (const [first, second] of documents) store(countChange(named(first), named(second)));
        const read = countsOf(stored.values());
        const full = counted(documents.map(([, second]) => second));
        const report = agreementReport(read.counts, { raters: read.raters, labels: read.labels, bootstrap });
        const expected = reportOf(full);
        const isSeen = ({ votes: seen }: { votes: number }) => seen > 0;
        expect({ ...report, byLabel: report.byLabel.filter(isSeen) }).toEqual({
          ...expected,
          byLabel: expected.byLabel.filter(isSeen),
        });
        const living = (rows: readonly CountRow[]) => rows.filter(({ n }) => n !== 0).toSorted(byKey);
        expect(living([...stored.values()])).toEqual(living(rowsOf(full, raters, labels)));
      }),
      runs,
    );
  });
});

function byKey(left: CountRow, right: CountRow): number {
  return `${left.kind} ${left.key}` < `${right.kind} ${right.key}` ? -1 : 1;
}

describe('what must not be counted', () => {
  it('a rater who votes twice on one item, and nothing is left behind', () => {
    const counts = new AgreementCounts();
    expect(() =>
      counts.add([
        [1, 0],
        [1, 1],
      ]),
    ).toThrow('rater 1 votes twice');
    expect([...counts.patterns()]).toEqual([]);
  });

  it('the withdrawal of a vote that is not there', () => {
    expect(() => new AgreementCounts().removeVote([[0, 1]], [0, 2])).toThrow('does not have');
  });
});
