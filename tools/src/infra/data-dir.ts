import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { dropRecord, endProcess, readLeftovers } from './child-record.ts';
import { type ExclusiveLock, type LockHeld, tryLock } from './exclusive-lock.ts';

const leftoverGentleMs = 20_000;

export function recordFolderOf(dataDir: string): string {
  return join(dataDir, 'run');
}

export function logFileOf(dataDir: string, name: string): string {
  return join(dataDir, 'logs', `${name}.log`);
}

function makeFolder(path: string): void {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat !== undefined && !stat.isDirectory()) {
    throw new Error(`the data directory ${path} is a file. Delete it or choose another with --data-dir.`);
  }
  if (path.includes(',')) {
    throw new Error(`the data directory ${path} has a comma, which Kafka takes for two folders. Choose another name.`);
  }
  try {
    mkdirSync(recordFolderOf(path), { recursive: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`the data directory ${path} cannot be made (${reason}). Choose another with --data-dir.`, {
      cause: error,
    });
  }
}

function tryLockOf(path: string): ExclusiveLock | LockHeld {
  try {
    return tryLock(join(recordFolderOf(path), 'lock'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `the data directory ${path} cannot be used (${reason}). ` +
        'If another account made it, start as that one; else choose another with --data-dir.',
      { cause: error },
    );
  }
}

function lock(path: string): ExclusiveLock {
  const taken = tryLockOf(path);
  if ('release' in taken) return taken;
  throw new Error(
    `the data directory ${path} is in use by process ${taken.heldBy}. Stop that one, or choose another with --data-dir.`,
  );
}

/** Takes the directory for this process alone, until the returned function is called, and ends what is left in it. */
export async function openDataDir(path: string, log: (line: string) => void): Promise<() => void> {
  makeFolder(path);
  const held = lock(path);
  try {
    await endLeftovers(recordFolderOf(path), log);
  } catch (error) {
    held.release();
    throw error;
  }
  return () => held.release();
}

async function endLeftovers(folder: string, log: (line: string) => void): Promise<void> {
  const leftovers = readLeftovers(folder);
  for (const { name, pid } of leftovers) log(`ending ${name} (pid ${pid}), left behind by an earlier start`);
  await Promise.all(leftovers.map((record) => endProcess(record, leftoverGentleMs)));
  for (const { name } of leftovers) dropRecord(folder, name);
}
