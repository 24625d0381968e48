import { locks } from '../contracts/locks.ts';
import { holdLock } from './advisory-lock.ts';
import type { Statement, Transaction } from './statement.ts';

// A restore from a backup makes another life of the database. Postgres notices by itself when it stands elsewhere than it did
// (migrations/0010-lives-and-replays.sql); a file system that was set back is noticed by what the topics know and the tables do not.

const selectThisLife: Statement = { name: 'this-life', text: 'select assay.this_life() as life' };

/** Exported for stores in memory, which know statements by their names. */
export const selectStay: Statement = { name: 'stay-in-life', text: 'select assay.stay_in_life($1) as life' };

const selectBegun: Statement = { name: 'begin-life', text: 'select assay.begin_life($1, $2) as life' };

/** The life of this moment. */
export const thisLife = (tx: Pick<Transaction, 'query'>): Promise<number> => lifeFrom(tx, selectThisLife, []);

/** The life in which this transaction ends: no other one begins before. */
export const stayInLife = (tx: Transaction): Promise<number> => lifeFrom(tx, selectStay, [locks.lives.name]);

/**
 * Waits for everybody who decides in this life, so that what they have decided can be seen; nobody decides until this
 * transaction ends. Then `beginLife` may follow.
 */
export const holdLives = (tx: Transaction): Promise<void> => holdLock(tx, locks.lives);

/** Begins the life after `outdone`, unless a later one has begun. Answers the life of this moment. */
export const beginLife = (tx: Transaction, outdone: number, reason: string): Promise<number> =>
  lifeFrom(tx, selectBegun, [outdone, reason]);

async function lifeFrom(
  tx: Pick<Transaction, 'query'>,
  statement: Statement,
  values: readonly unknown[],
): Promise<number> {
  const [row] = await tx.query<{ life: number }>(statement, values);
  return row!.life;
}
