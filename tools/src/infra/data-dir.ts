import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { endProcess, readLeftovers } from './child-record.ts';
import { type ExclusiveLock, tryLock } from './exclusive-lock.ts';

const leftoverGentleMs = 20_000;

export interface DataDir {
  readonly path: string;
  readonly recordFolder: string;
  logFile(name: string): string;
  release(): void;
}

function makeFolder(path: string): void {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat !== undefined && !stat.isDirectory()) {
    throw new Error(`the data directory ${path} is a file. Delete it or choose another with --data-dir.`);
  }
  try {
    mkdirSync(join(path, 'run'), { recursive: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`the data directory ${path} cannot be made (${reason}). Choose another with --data-dir.`, {
      cause: error,
    });
  }
}

function lock(path: string): ExclusiveLock {
  const taken = tryLock(join(path, 'run', 'lock'));
  if ('release' in taken) return taken;
  throw new Error(
    `the data directory ${path} is in use by process ${taken.heldBy}. Stop that one, or choose another with --data-dir.`,
  );
}

/** Takes the directory for this process alone and ends what an earlier start left behind in it. */
export async function openDataDir(path: string, log: (line: string) => void): Promise<DataDir> {
  makeFolder(path);
  const held = lock(path);
  const recordFolder = join(path, 'run');
  try {
    const leftovers = readLeftovers(recordFolder);
    for (const { name, pid } of leftovers) log(`ending ${name} (pid ${pid}), left behind by an earlier start`);
    await Promise.all(leftovers.map((record) => endProcess(record, leftoverGentleMs)));
    // Addresses of the earlier start are kept for its ports, but its records name nobody any more.
    for (const { name } of leftovers) rmSync(join(recordFolder, `${name}.json`), { force: true });
  } catch (error) {
    held.release();
    throw error;
  }
  return { path, recordFolder, logFile: (name) => join(path, 'logs', `${name}.log`), release: () => held.release() };
}
