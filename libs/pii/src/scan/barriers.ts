import type { EntityType } from '../entity.ts';
import type { Candidate } from './findings.ts';

/** What a gap may not be read across. */
export interface Barrier {
  readonly start: number;
  readonly end: number;
  readonly type: EntityType;
  /** In which round it was found: the neighbourhood of a new one is still to be read again. */
  readonly round: number;
  readonly isName: boolean;
}

/** A gap, with the barriers at its ends. */
export type VisitGap = (lo: number, hi: number, before: Barrier | undefined, after: Barrier | undefined) => void;

/** The barriers of one text, in order. */
export class Barriers {
  #all: Barrier[];

  constructor(all: Barrier[] = []) {
    this.#all = all;
  }

  get all(): readonly Barrier[] {
    return this.#all;
  }

  raise(found: readonly Candidate[], round: number, isName: boolean): void {
    if (found.length === 0) return;
    for (const { start, end, type } of found) this.#all.push({ start, end, type, round, isName });
    this.#all.sort((a, b) => a.start - b.start);
  }

  eachGap(length: number, visit: VisitGap): void {
    let lo = 0;
    let before: Barrier | undefined;
    for (const barrier of this.#all) {
      if (barrier.start > lo) visit(lo, barrier.start, before, barrier);
      lo = barrier.end;
      before = barrier;
    }
    if (lo < length) visit(lo, length, before, undefined);
  }

  /** Whether one of these places, which are in order, stands outside all of them; so does what is glued to the end of one. */
  leavesOut(places: ArrayLike<number>, count: number, length: number, counts: (at: number) => boolean): boolean {
    for (const [i, { end }] of this.#all.entries())
      if ((this.#all[i + 1]?.start ?? length) > end && counts(end)) return true;
    let next = 0;
    for (let i = 0; i < count; i++) {
      const at = places[i] as number;
      if (!counts(at)) continue;
      while (next < this.#all.length && (this.#all[next] as Barrier).end <= at) next++;
      if (next === this.#all.length || (this.#all[next] as Barrier).start > at) return true;
    }
    return false;
  }

  /** The gaps beside a barrier of this round or a later one, without the blanks and marks at their ends. */
  besideNew(round: number, length: number, isBare: (at: number) => boolean): Candidate[] {
    const isNew = (barrier: Barrier | undefined): barrier is Barrier => barrier !== undefined && barrier.round >= round;
    const beside: Candidate[] = [];
    this.eachGap(length, (lo, hi, before, after) => {
      const neighbour = isNew(before) ? before : isNew(after) ? after : undefined;
      if (neighbour === undefined) return;
      let start = lo;
      let end = hi;
      while (start < end && isBare(start)) start++;
      while (end > start && isBare(end - 1)) end--;
      if (start < end) beside.push({ start, end, type: neighbour.type, rank: 0 });
    });
    return beside;
  }
}
