import { IntPairIndex } from './int-pair-index.ts';

/** One live vote on an item: [rater index, label index]; the rater is ANONYMOUS where the source names none. */
export type Vote = readonly [rater: number, label: number];

/** A vote of nobody in particular. It counts for every coefficient over an item's votes, but in no pair of raters. */
export const ANONYMOUS = -1;

/** Everything the coefficients need, without the ratings: how many items drew each multiset of labels, and how many
 * times each pair of raters gave each pair of labels to one item.
 *
 * Both are plain sums over items. So an item is taken out again by subtracting it, shards are merged by adding, any
 * order of arrival gives the same coefficients to the last bit, and the size depends on how many different
 * patterns occur, not on how many items there are. Coincidence counts (Krippendorff) fold these patterns by
 * their length; they are not kept themselves, because the bootstrap and Gwet's variances need whole items. */
export class AgreementCounts {
  // A pattern is a path through a tree of (parent, label); node 0 is the empty pattern.
  readonly #nodes = new IntPairIndex();
  readonly #itemsByNode: number[] = [0];
  readonly #raterPairs = new IntPairIndex();
  readonly #labelPairs = new IntPairIndex();
  readonly #cells = new IntPairIndex();
  readonly #itemsByCell: number[] = [];
  readonly #votesByRater: number[] = [];
  #anonymousVotes = 0;
  readonly #scratch: number[] = [];

  /** The live votes of one item, in any order. A rater may appear once only. */
  add(votes: readonly Vote[]): void {
    this.#count(votes, 1);
  }

  /** Takes an item out that was added with the same votes. */
  remove(votes: readonly Vote[]): void {
    this.#count(votes, -1);
  }

  /** A vote arrives for an item that has `before` already. */
  addVote(before: readonly Vote[], vote: Vote): void {
    this.remove(before);
    this.add([...before, vote]);
  }

  /** A vote of an item that has `before` is withdrawn. */
  removeVote(before: readonly Vote[], vote: Vote): void {
    const at = before.findIndex(([rater, label]) => rater === vote[0] && label === vote[1]);
    if (at < 0) throw new RangeError(`withdrawing a vote that the item does not have: ${vote.join(', ')}`);
    this.remove(before);
    this.add(before.toSpliced(at, 1));
  }

  /** Adds another shard's counts. Both must use the same rater and label indexes. */
  merge(shard: AgreementCounts): void {
    for (const { labels, items } of shard.patterns()) this.addPattern(labels, items);
    for (const { raters, labels, items } of shard.cells()) this.addCell(raters, labels, items);
    for (const { rater, votes } of shard.raters()) this.addRaterVotes(rater, votes);
  }

  /** `labels` in rising order. */
  addPattern(labels: readonly number[], items: number): void {
    let node = 0;
    for (let at = 0; at < labels.length; at += 1) node = this.#nodes.idOf(node, labels[at] ?? 0) + 1;
    this.#itemsByNode[node] = (this.#itemsByNode[node] ?? 0) + items;
  }

  /** `raters` in rising order; `labels[0]` is what `raters[0]` said. */
  addCell(raters: readonly [number, number], labels: readonly [number, number], items: number): void {
    this.#addToCell(raters[0], raters[1], labels[0], labels[1], items);
  }

  addRaterVotes(rater: number, votes: number): void {
    if (rater === ANONYMOUS) this.#anonymousVotes += votes;
    else this.#votesByRater[rater] = (this.#votesByRater[rater] ?? 0) + votes;
  }

  /** Patterns that occur, in no promised order; items with a single vote are patterns too. */
  *patterns(): Generator<{ labels: number[]; items: number }> {
    for (const [node, items] of this.#itemsByNode.entries()) {
      if (node > 0 && items !== undefined && items !== 0) yield { labels: this.#labelsOf(node), items };
    }
  }

  *cells(): Generator<{ raters: [number, number]; labels: [number, number]; items: number }> {
    for (const [cell, items] of this.#itemsByCell.entries()) {
      if (items === 0) continue;
      const raters = this.#cells.firstOf(cell);
      const labels = this.#cells.secondOf(cell);
      yield {
        raters: [this.#raterPairs.firstOf(raters), this.#raterPairs.secondOf(raters)],
        labels: [this.#labelPairs.firstOf(labels), this.#labelPairs.secondOf(labels)],
        items,
      };
    }
  }

  /** Raters with a vote; ANONYMOUS stands for all votes without one. */
  *raters(): Generator<{ rater: number; votes: number }> {
    for (const [rater, votes] of this.#votesByRater.entries()) {
      if (votes !== undefined && votes !== 0) yield { rater, votes };
    }
    if (this.#anonymousVotes !== 0) yield { rater: ANONYMOUS, votes: this.#anonymousVotes };
  }

  // Runs once per document. Written without iterators and arrays of its own it takes half the time: 0.2 s of CPU for
  // 500,000 items with one to three votes, against 0.42 s.
  #count(votes: readonly Vote[], sign: 1 | -1): void {
    if (votes.length === 0) return;
    rejectRepeatedRater(votes);
    this.addPattern(sortedLabels(votes, this.#scratch), sign);
    for (let at = 0; at < votes.length; at += 1) {
      const [rater, label] = votes[at] as Vote;
      this.addRaterVotes(rater, sign);
      if (rater === ANONYMOUS) continue;
      for (let other = at + 1; other < votes.length; other += 1) {
        const [otherRater, otherLabel] = votes[other] as Vote;
        if (otherRater === ANONYMOUS) continue;
        if (rater < otherRater) this.#addToCell(rater, otherRater, label, otherLabel, sign);
        else this.#addToCell(otherRater, rater, otherLabel, label, sign);
      }
    }
  }

  #addToCell(left: number, right: number, leftLabel: number, rightLabel: number, items: number): void {
    const cell = this.#cells.idOf(this.#raterPairs.idOf(left, right), this.#labelPairs.idOf(leftLabel, rightLabel));
    this.#itemsByCell[cell] = (this.#itemsByCell[cell] ?? 0) + items;
  }

  #labelsOf(node: number): number[] {
    const labels: number[] = [];
    for (let at = node; at > 0; at = this.#nodes.firstOf(at - 1)) labels.push(this.#nodes.secondOf(at - 1));
    return labels.reverse();
  }
}

// Checked before anything is counted: a half-counted item could never be taken out again.
function rejectRepeatedRater(votes: readonly Vote[]): void {
  for (let at = 0; at < votes.length; at += 1) {
    const rater = votes[at]?.[0];
    if (rater === ANONYMOUS) continue;
    for (let other = at + 1; other < votes.length; other += 1) {
      if (votes[other]?.[0] === rater) throw new RangeError(`rater ${rater} votes twice on one item`);
    }
  }
}

/** Insertion sort into `into`, as items have a handful of votes; the rare long one (a text without a doc_id that came
 * back thousands of times) must not take quadratic time. */
function sortedLabels(votes: readonly Vote[], into: number[]): readonly number[] {
  if (votes.length > 32) return votes.map(([, label]) => label).sort((a, b) => a - b);
  into.length = votes.length;
  for (let at = 0; at < votes.length; at += 1) {
    const label = votes[at]?.[1] ?? 0;
    let place = at;
    for (; place > 0 && (into[place - 1] ?? 0) > label; place -= 1) into[place] = into[place - 1] ?? 0;
    into[place] = label;
  }
  return into;
}
