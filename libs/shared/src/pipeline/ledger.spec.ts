import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Advance,
  advanceOver,
  advanceOverExpired,
  applyAdvance,
  faultsOf,
  type LedgerRow,
  NO_COUNTS,
  type RecordMark,
} from './ledger.ts';

const row = (given: Partial<LedgerRow> = {}): LedgerRow => ({
  incarnation: 1,
  clusterId: 'cluster',
  firstOffset: 0n,
  nextOffset: 0n,
  lastRecord: null,
  counts: NO_COUNTS,
  ...given,
});
const tally = (received: number, duplicate = 0, skipped = 0, deadLettered = 0) => ({
  received,
  duplicate,
  skipped,
  deadLettered,
});
const mark = (offset: bigint): RecordMark => ({ offset, keyHash: 'hash', timestamp: 1 });

describe('a move of the ledger', () => {
  it.each([
    ['messages only', 0n, 3n, tally(3), { received: 3, accepted: 3, gaps: 0 }],
    ['messages and markers', 5n, 9n, tally(3), { received: 3, accepted: 3, gaps: 1 }],
    ['markers only', 5n, 7n, tally(0), { received: 0, accepted: 0, gaps: 2 }],
    ['every outcome', 0n, 10n, tally(9, 2, 3, 1), { received: 9, accepted: 3, duplicate: 2, skipped: 3, gaps: 1 }],
    ['nothing at all', 4n, 4n, tally(0), { received: 0, accepted: 0, gaps: 0 }],
    ['offsets beyond a double', 2n ** 60n, 2n ** 60n + 3n, tally(2), { received: 2, accepted: 2, gaps: 1 }],
  ])('over %s', (_name, from, to, what, expected) => {
    const move = advanceOver(from, to, what, null);
    expect(move.counts).toMatchObject({ ...expected, expired: 0 });
    expect(faultsOf(applyAdvance(row({ firstOffset: from, nextOffset: from }), move)!)).toEqual([]);
  });

  it.each([
    ['more messages than offsets', 0n, 2n, tally(3)],
    ['more outcomes than messages', 0n, 2n, tally(2, 1, 1, 1)],
    ['a range that ends before it begins', 5n, 4n, tally(0)],
  ])('refuses %s', (_name, from, to, what) => {
    expect(() => advanceOver(from, to, what, null)).toThrow(RangeError);
  });

  it('over what retention deleted counts only that', () => {
    expect(advanceOverExpired(3n, 10n)).toEqual({
      from: 3n,
      to: 10n,
      lastRecord: null,
      counts: { ...NO_COUNTS, expired: 7 },
    });
  });

  it('is refused when the row is anywhere else', () => {
    const move = advanceOver(3n, 5n, tally(2), null);
    for (const nextOffset of [0n, 2n, 4n, 5n]) expect(applyAdvance(row({ nextOffset }), move)).toBeNull();
    expect(applyAdvance(row({ nextOffset: 3n }), move)).toMatchObject({ nextOffset: 5n });
  });

  it('keeps the last record when it brings none', () => {
    const at = row({ nextOffset: 3n, lastRecord: mark(2n) });
    expect(applyAdvance(at, advanceOver(3n, 5n, tally(0), null))!.lastRecord).toEqual(mark(2n));
    expect(applyAdvance(at, advanceOver(3n, 5n, tally(2), mark(4n)))!.lastRecord).toEqual(mark(4n));
  });
});

describe('the faults of a row', () => {
  it.each([
    ['an offset nobody booked', { nextOffset: 1n }, ['next − first is 1, but received + gaps + expired is 0']],
    [
      'a message without an end',
      { nextOffset: 1n, counts: { ...NO_COUNTS, received: 1 } },
      ['received is 1, but accepted + duplicate + skipped + dead-lettered is 0'],
    ],
    [
      'a message with two ends',
      { nextOffset: 1n, counts: { ...NO_COUNTS, received: 1, accepted: 1, duplicate: 1 } },
      ['received is 1, but accepted + duplicate + skipped + dead-lettered is 2'],
    ],
  ])('%s', (_name, given, expected) => {
    expect(faultsOf(row(given))).toEqual(expected);
  });
});

/**
 * The model: a log in which each offset holds a message or nothing, a beginning that moves forward, owners that act on what
 * they remember, and replacements of the whole log. Whatever they do and in whatever order, each offset of each log is booked
 * once and in order, and both equations hold.
 */
type Action =
  | { readonly kind: 'read'; readonly owner: number }
  | { readonly kind: 'book'; readonly owner: number; readonly size: number; readonly outcomes: readonly number[] }
  | { readonly kind: 'bookAgain'; readonly owner: number }
  | { readonly kind: 'expire'; readonly upTo: number }
  | { readonly kind: 'append'; readonly entries: readonly boolean[] }
  | { readonly kind: 'replace' };

const owner = fc.integer({ min: 0, max: 2 });
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('read' as const), owner }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('book' as const),
      owner,
      size: fc.integer({ min: 1, max: 6 }),
      outcomes: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 6, maxLength: 6 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('bookAgain' as const), owner }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('expire' as const), upTo: fc.integer({ min: 0, max: 40 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('append' as const), entries: fc.array(fc.boolean(), { maxLength: 8 }) }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'replace' as const }) },
);

class Model {
  /** True: a message. False: a marker or an aborted record. */
  log: boolean[] = [];
  low = 0;
  row = row();
  /** Offsets booked of this log, in order, and how. */
  booked: { offset: number; as: 'message' | 'gap' | 'expired' }[] = [];
  /** What each owner remembers: where the row stood when it last read or wrote it, of which log. */
  readonly #memory = new Map<number, { incarnation: number; next: bigint; last: Advance | null }>();

  run(step: Action): void {
    if (step.kind === 'append') this.log.push(...step.entries);
    else if (step.kind === 'expire') this.low = Math.max(this.low, Math.min(step.upTo, this.log.length));
    else if (step.kind === 'replace') this.#replace();
    else if (step.kind === 'read') this.#remember(step.owner, null);
    else if (step.kind === 'book') this.#book(step.owner, step.size, step.outcomes);
    else this.#bookAgain(step.owner);
  }

  #replace(): void {
    this.log = [];
    this.low = 0;
    this.booked = [];
    this.row = row({ incarnation: this.row.incarnation + 1 });
  }

  #remember(who: number, last: Advance | null): void {
    this.#memory.set(who, { incarnation: this.row.incarnation, next: this.row.nextOffset, last });
  }

  #book(who: number, size: number, outcomes: readonly number[]): void {
    const known = this.#memory.get(who);
    if (known === undefined) return;
    const from = Number(known.next);
    const move = from < this.low ? advanceOverExpired(known.next, BigInt(this.low)) : this.#batch(from, size, outcomes);
    if (move !== null) this.#attempt(who, known.incarnation, move);
  }

  #batch(from: number, size: number, outcomes: readonly number[]): Advance | null {
    const to = Math.min(this.log.length, from + size);
    if (to <= from) return null;
    const messages = this.log.slice(from, to).filter(Boolean).length;
    const count = (which: number) => outcomes.slice(0, messages).filter((outcome) => outcome === which).length;
    return advanceOver(BigInt(from), BigInt(to), tally(messages, count(1), count(2), count(3)), null);
  }

  /** A try whose answer was lost: the very same move once more. */
  #bookAgain(who: number): void {
    const known = this.#memory.get(who);
    if (known?.last) this.#attempt(who, known.incarnation, known.last);
  }

  #attempt(who: number, incarnation: number, move: Advance): void {
    const moved = incarnation === this.row.incarnation ? applyAdvance(this.row, move) : null;
    if (moved === null) {
      this.#memory.delete(who);
      return;
    }
    for (let offset = Number(move.from); offset < Number(move.to); offset++)
      this.booked.push({
        offset,
        as: move.counts.expired > 0 ? 'expired' : this.log[offset] === true ? 'message' : 'gap',
      });
    this.row = moved;
    this.#remember(who, move);
  }
}

describe('any interleaving of batches, retries, owners, gaps, expiry and replaced topics', () => {
  it('books each offset once and in order, and both equations hold after every move', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 80 }), (actions) => {
        const model = new Model();
        for (const step of actions) {
          model.run(step);
          const { booked, row: now } = model;
          expect(faultsOf(now)).toEqual([]);
          expect(booked.map(({ offset }) => offset)).toEqual(booked.map((_, index) => index));
          expect(now.nextOffset).toBe(BigInt(booked.length));
          const as = (kind: string) => booked.filter((one) => one.as === kind).length;
          expect(now.counts).toMatchObject({ received: as('message'), gaps: as('gap'), expired: as('expired') });
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is not a test that passes because nothing ever happens', () => {
    const reached = { expired: 0, gaps: 0, duplicate: 0, incarnation: 0 };
    const runs = fc.sample(fc.array(action, { minLength: 40, maxLength: 80 }), { numRuns: 100, seed: 7 });
    for (const actions of runs) {
      const model = new Model();
      for (const step of actions) {
        model.run(step);
        const { counts, incarnation } = model.row;
        if (counts.expired > 0) reached.expired++;
        if (counts.gaps > 0) reached.gaps++;
        if (counts.duplicate > 0) reached.duplicate++;
        if (incarnation > 1) reached.incarnation++;
      }
    }
    expect(Object.entries(reached).filter(([, times]) => times < 20)).toEqual([]);
  });
});
