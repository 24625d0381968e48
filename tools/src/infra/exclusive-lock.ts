import { readFileSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ExclusiveLock {
  release(): void;
}

export interface LockHeld {
  readonly heldBy: string;
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === 5;
}

/**
 * An exclusive lock between processes that the kernel drops when its holder dies, even by SIGKILL. A file made with
 * `wx` would stay behind and two processes could take over the same stale one. Node has no flock; SQLite's lock on a
 * file is the same thing. The file beside it only tells a person who holds the lock.
 */
export function tryLock(path: string): ExclusiveLock | LockHeld {
  const database = new DatabaseSync(path);
  const holderFile = `${path}.holder`;
  try {
    database.exec('begin exclusive');
  } catch (error) {
    database.close();
    if (!isBusy(error)) throw error;
    return { heldBy: readFileSync(holderFile, { encoding: 'utf8', flag: 'a+' }).trim() || 'of unknown pid' };
  }
  writeFileSync(holderFile, `${process.pid}\n`);
  return {
    release: () => {
      if (database.isOpen) database.close();
    },
  };
}

/** Waits for its turn; `onWait` is called once, when there is somebody to wait for. */
export async function lockWhenFree(path: string, onWait: (holder: string) => void): Promise<ExclusiveLock> {
  for (let hasWaited = false; ; hasWaited = true) {
    const lock = tryLock(path);
    if ('release' in lock) return lock;
    if (!hasWaited) onWait(lock.heldBy);
    await sleep(200);
  }
}
