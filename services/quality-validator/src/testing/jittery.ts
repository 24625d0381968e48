import { setTimeout as sleep } from 'node:timers/promises';
import type { Postgres } from '@assay/shared/postgres/postgres';

/** Longest pause before a statement; about as long as a statement takes. */
const LONGEST_MS = 4;

/**
 * The same database, seen from a process that is interrupted all the time: before each statement of a transaction it stands
 * still for a moment. Transactions that are started together then meet in every way there is, not only in step.
 */
export function jittery(postgres: Postgres, chance: () => number): Postgres {
  return {
    ...postgres,
    transaction: (durability, work) =>
      postgres.transaction(durability, (tx) =>
        work({
          async query(statement, values) {
            await sleep(Math.floor(chance() * (LONGEST_MS + 1)));
            return tx.query(statement, values);
          },
        }),
      ),
  };
}

/** Chance that is the same for the same seed (mulberry32). */
export function seededChance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const shuffled = <T>(list: readonly T[], chance: () => number): T[] =>
  list
    .map((item) => ({ item, rank: chance() }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
