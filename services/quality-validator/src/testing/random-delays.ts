import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '@assay/agreement/random';
import type { Postgres } from '@assay/shared/postgres/postgres';

/** Longest pause before a statement; about as long as a statement takes. */
const LONGEST_MS = 4;

/**
 * The same database, seen from a process that is interrupted all the time: before each statement of a transaction it stands
 * still for a moment. Transactions that are started together then meet in every way there is, not only in step.
 */
export function withRandomDelays(postgres: Postgres, random: Random): Postgres {
  return {
    ...postgres,
    transaction: (durability, work) =>
      postgres.transaction(durability, (tx) =>
        work({
          async query(statement, values) {
            await sleep(Math.floor(random() * (LONGEST_MS + 1)));
            return tx.query(statement, values);
          },
        }),
      ),
  };
}

export const shuffled = <T>(list: readonly T[], random: Random): T[] =>
  list
    .map((item) => ({ item, rank: random() }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
