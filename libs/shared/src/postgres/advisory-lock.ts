import type { Lock } from '../contracts/locks.ts';
import type { Postgres } from './postgres.ts';
import { withShortConnection } from './short-connection.ts';
import type { Statement, Transaction } from './statement.ts';

const tryLock: Statement = {
  name: 'try-advisory-lock',
  text: `select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as locked`,
};

/**
 * Runs `work` in a transaction of its own under the lock, which ends with it; null when another instance holds the lock.
 * Nobody waits: who does the same work all the time has nothing to do while somebody else does it.
 */
export function underLock<T>(postgres: Postgres, lock: Lock, work: (tx: Transaction) => Promise<T>): Promise<T | null> {
  return postgres.transaction('synchronous', async (tx) => {
    const [row] = await tx.query<{ locked: boolean }>(tryLock, [lock.name]);
    return row?.locked === true ? work(tx) : null;
  });
}

const waitForLock: Statement = {
  name: 'wait-for-advisory-lock',
  text: `select pg_advisory_lock(hashtextextended($1, 0))`,
};

/** Longer than the work of all others before us takes; it is an outage when they are not done by then. */
const TURN_WITHIN_MS = 60_000;

/** Runs `work` when it is our turn, on a connection of its own and in no transaction. For what every service does at boot. */
export function inTurn<T>(
  databaseUrl: string,
  lock: Lock,
  work: () => Promise<T>,
  turnWithinMs = TURN_WITHIN_MS,
): Promise<T> {
  const waited = async (postgres: Postgres) => {
    await postgres.query(waitForLock, [lock.name]);
    return work();
  };
  return withShortConnection(databaseUrl, 'assay-boot', waited, turnWithinMs);
}

const hold: Statement = {
  name: 'hold-advisory-lock',
  text: `select pg_advisory_xact_lock(hashtextextended($1, 0))`,
};

/** Waits for the lock, which ends with the transaction. */
export async function holdLock(tx: Transaction, lock: Lock): Promise<void> {
  await tx.query(hold, [lock.name]);
}
