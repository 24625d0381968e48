import { chmodSync, mkdirSync, mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dropRecord, endProcess, readLeftovers } from './child-record.ts';
import { type ExclusiveLock, tryLock } from './exclusive-lock.ts';

const LEFTOVER_GENTLE_MS = 20_000;

export const recordFolderOf = (dataDir: string): string => join(dataDir, 'run');

export const logFileOf = (dataDir: string, name: string): string => join(dataDir, 'logs', `${name}.log`);

/** Does it, or says in a sentence why it cannot be done to the data directory and what to do instead. */
function doingTo<T>(path: string, cannot: string, wayOut: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`the data directory ${path} cannot be ${cannot} (${reason}). ${wayOut}`, { cause: error });
  }
}

/** Nobody else may look into it. Only the account that root lends to Postgres has to pass, to a folder of its own. */
const privateMode = (): number => (process.getuid?.() === 0 ? 0o711 : 0o700);

function makeFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === false)
    throw new Error(`the data directory ${path} is a file. Delete it or choose another with --data-dir.`);
  if (path.includes(','))
    throw new Error(`the data directory ${path} has a comma, which Kafka takes for two folders. Choose another name.`);
  doingTo(path, 'made', 'Choose another with --data-dir.', () => {
    mkdirSync(path, { recursive: true, mode: privateMode() });
    mkdirSync(recordFolderOf(path), { recursive: true, mode: 0o700 });
  });
}

function lock(path: string): ExclusiveLock {
  const wayOut = 'If another account made it, start as that one; else choose another with --data-dir.';
  const taken = doingTo(path, 'used', wayOut, () => tryLock(join(recordFolderOf(path), 'lock')));
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
  await Promise.all(leftovers.map((record) => endProcess(record, LEFTOVER_GENTLE_MS)));
  for (const { name } of leftovers) dropRecord(folder, name);
}

/** A scratch folder that the account Postgres runs as may enter. */
export function makeScratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'assay-infra-'));
  chmodSync(folder, 0o755);
  return folder;
}
