import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** The account Postgres runs as; undefined for the account we are. */
export interface SystemAccount {
  readonly uid: number;
  readonly gid: number;
}

function readAccount(name: string): SystemAccount | undefined {
  const entry = (() => {
    try {
      return execFileSync('id', ['-u', name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    } catch (error) {
      // id ends with 1 when it does not know the name.
      if (error instanceof Error && 'status' in error && error.status === 1) return undefined;
      throw error;
    }
  })();
  if (entry === undefined) return undefined;
  return { uid: Number(entry), gid: Number(execFileSync('id', ['-g', name], { encoding: 'utf8' })) };
}

/**
 * Postgres refuses to run as root, so root (a container, a build machine) lends it the account `postgres`, or the owner
 * of the folder when someone else made it.
 */
export function postgresAccount(folder: string, log: (line: string) => void): SystemAccount | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const owner = statSync(folder, { throwIfNoEntry: false });
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const existing = readAccount('postgres');
  if (existing !== undefined) return existing;
  log('making the system account postgres, because Postgres does not run as root');
  execFileSync('groupadd', ['--force', 'postgres']);
  execFileSync('useradd', ['--gid', 'postgres', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres']);
  const made = readAccount('postgres');
  if (made === undefined) throw new Error('the system account postgres was made but cannot be found.');
  return made;
}

interface Folder {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

export function mayEnter({ mode, uid, gid }: Folder, account: SystemAccount): boolean {
  if (uid === account.uid) return (mode & 0o100) !== 0;
  if (gid === account.gid) return (mode & 0o010) !== 0;
  return (mode & 0o001) !== 0;
}

/** The outermost folder on the way to `path` that the account may not enter. */
export function firstClosedFolder(
  path: string,
  account: SystemAccount,
  read: (folder: string) => Folder = (folder) => statSync(folder),
): string | undefined {
  const folders = [resolve(path)];
  for (let at = folders[0] ?? '/'; at !== dirname(at); at = dirname(at)) folders.unshift(dirname(at));
  return folders.find((folder) => !mayEnter(read(folder), account));
}
