import { ANONYMOUS, AgreementCounts } from './agreement-counts.ts';
import type { Vote } from './agreement-counts.ts';

/** One additive count by names, as a table keeps it: `insert … on conflict (kind, key) do update set n = n + excluded.n`.
 * Rows of several shards are summed by key. `key` is JSON: labels in rising order (`item`), [[rater, label], [rater,
 * label]] in rising order of rater (`pair`), the rater (`rater`, null for anonymous). */
export interface CountRow {
  readonly kind: 'item' | 'pair' | 'rater';
  readonly key: string;
  readonly n: number;
}

export type NamedVote = readonly [rater: string | null, label: string];

/** What changes when an item's live votes go from `before` to `after`: the rows to add, without those that cancel. */
export function countChange(before: readonly NamedVote[], after: readonly NamedVote[]): CountRow[] {
  const names = new NameIndexes();
  const counts = new AgreementCounts();
  counts.remove(before.map((vote) => names.vote(vote)));
  counts.add(after.map((vote) => names.vote(vote)));
  return rowsOf(counts, names.raters.list, names.labels.list);
}

/** Counts as rows, to be stored. */
export function rowsOf(counts: AgreementCounts, raters: readonly string[], labels: readonly string[]): CountRow[] {
  const rater = (index: number) => raters[index] ?? '';
  const label = (index: number) => labels[index] ?? '';
  return [
    ...[...counts.patterns()].map(({ labels: pattern, items }): CountRow => {
      return { kind: 'item', key: JSON.stringify(pattern.map(label).sort()), n: items };
    }),
    ...[...counts.cells()].map(({ raters: pair, labels: said, items }): CountRow => {
      const votes = [
        [rater(pair[0]), label(said[0])],
        [rater(pair[1]), label(said[1])],
      ].sort(([left = ''], [right = '']) => (left < right ? -1 : 1));
      return { kind: 'pair', key: JSON.stringify(votes), n: items };
    }),
    ...[...counts.raters()].map(({ rater: index, votes }): CountRow => {
      return { kind: 'rater', key: JSON.stringify(index === ANONYMOUS ? null : rater(index)), n: votes };
    }),
  ];
}

export interface NamedCounts {
  readonly counts: AgreementCounts;
  readonly raters: readonly string[];
  readonly labels: readonly string[];
}

/** Stored rows, of one shard or of all of them, as counts again. */
export function countsOf(rows: Iterable<CountRow>): NamedCounts {
  const names = new NameIndexes();
  const counts = new AgreementCounts();
  for (const { kind, key, n } of rows) {
    if (kind === 'item') addItemRow(counts, names, JSON.parse(key) as string[], n);
    else if (kind === 'pair') addPairRow(counts, names, JSON.parse(key) as [NamedVote, NamedVote], n);
    else counts.addRaterVotes(names.rater(JSON.parse(key) as string | null), n);
  }
  return { counts, raters: names.raters.list, labels: names.labels.list };
}

function addItemRow(counts: AgreementCounts, names: NameIndexes, pattern: readonly string[], n: number): void {
  const labels = pattern.map((label) => names.labels.indexOf(label)).sort((a, b) => a - b);
  counts.addPattern(labels, n);
}

function addPairRow(counts: AgreementCounts, names: NameIndexes, [a, b]: [NamedVote, NamedVote], n: number): void {
  const [left, right] = [names.vote(a), names.vote(b)];
  if (left[0] < right[0]) counts.addCell([left[0], right[0]], [left[1], right[1]], n);
  else counts.addCell([right[0], left[0]], [right[1], left[1]], n);
}

class Names {
  readonly list: string[] = [];
  readonly #byName = new Map<string, number>();

  indexOf(name: string): number {
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    this.#byName.set(name, this.list.length);
    return this.list.push(name) - 1;
  }
}

class NameIndexes {
  readonly raters = new Names();
  readonly labels = new Names();

  rater(name: string | null): number {
    return name === null ? ANONYMOUS : this.raters.indexOf(name);
  }

  vote([rater, label]: NamedVote): Vote {
    return [this.rater(rater), this.labels.indexOf(label)];
  }
}
