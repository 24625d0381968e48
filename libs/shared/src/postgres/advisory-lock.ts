import type { Lock } from '../contracts/locks.ts';
import type { Postgres } from './postgres.ts';
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
