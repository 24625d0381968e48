import {
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { NeverReady, type PartRecipe } from './part.ts';
import { firstClosedFolder, postgresAccount, type SystemAccount } from './postgres-account.ts';
import { findPostgresBinaries } from './postgres-binaries.ts';
import { endProcess } from './child-record.ts';
import { FORMER_SUPERUSER_PASSWORD } from './passwords.ts';
import { commandLine, identify } from './process-identity.ts';
import { runToEnd } from './short-run.ts';
import type { Site } from './site.ts';

const major = '18';
export const superuser = 'postgres';

/** As its superuser: it makes tables and logins; no service logs in by it. */
export const databaseUrl = (port: number, password: string): string =>
  `postgres://${superuser}:${password}@127.0.0.1:${port}/postgres`;

/** What Debezium and many services at once need of a server. */
export const serverSettings = {
  wal_level: 'logical',
  // An abandoned Debezium slot must not fill the disk; a slot that is lost is made again (snapshot.mode=when_needed).
  max_slot_wal_keep_size: '2GB',
  max_wal_senders: 20,
  max_replication_slots: 20,
  max_connections: 300,
  max_wal_size: '1GB',
} as const;

export type ServerSettings = Readonly<Record<string, string | number>>;

const settings: ServerSettings = {
  ...serverSettings,
  listen_addresses: '127.0.0.1',
  // No socket file: its path may be at most 107 bytes long, and a data directory's is often longer.
  unix_socket_directories: '',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '%m [%p] %d ',
};

/** For tests: only a crash of the machine could tell the difference. */
export const withoutSync = { fsync: 'off', full_page_writes: 'off' } as const;

/**
 * `isDurable` is false where only a crash of the machine could tell the difference, as in tests: then no fsync.
 * `changed` are a test's own server settings.
 */
export function postgresRecipe(site: Site, isDurable: boolean, changed: ServerSettings = {}): PartRecipe {
  const { dataDir, ports, log, passwords } = site;
  const folder = join(dataDir, 'postgres');
  const durability: Readonly<Record<string, string>> = isDurable ? {} : withoutSync;
  return {
    name: 'postgres',
    cwd: dataDir,
    folder,
    // SIGTERM would wait for every client to leave; SIGINT ends their sessions and writes a checkpoint.
    gentleSignal: 'SIGINT',
    async prepare() {
      const account = postgresAccount(folder, log);
      if (account !== undefined) refuseClosedFolder(dataDir, account);
      const binaries = await findPostgresBinaries(dataDir, account);
      if (!isInitialised(folder)) await initialise(folder, binaries.initdb, account, site);
      await endStrayPostmaster(folder, log);
      const flags = Object.entries({ ...settings, ...durability, ...changed }).flatMap(([name, value]) => [
        '-c',
        `${name}=${value}`,
      ]);
      return { file: binaries.postgres, args: ['-D', folder, '-p', String(ports.postgres), ...flags], ...account };
    },
    probe: () => probePostgres(databaseUrl(ports.postgres, passwords(superuser))),
  };
}

function refuseClosedFolder(dataDir: string, account: SystemAccount): void {
  const closed = firstClosedFolder(dataDir, account);
  if (closed === undefined) return;
  throw new Error(
    `Postgres does not run as root and so runs as the system account postgres, which may not enter ${closed}, ` +
      `and the data directory ${dataDir} lies below it. Choose another with --data-dir, for example /var/tmp/assay, ` +
      `or run as another user than root, or allow entering: chmod o+x ${closed}`,
  );
}

/** initdb works beside the final folder, so a folder of that name without its mark was damaged by someone else. */
function isInitialised(folder: string): boolean {
  const stat = statSync(folder, { throwIfNoEntry: false });
  const own = process.getuid?.();
  if (stat !== undefined && own !== undefined && own !== 0 && stat.uid !== own) {
    throw new Error(
      `${folder} belongs to another account (uid ${stat.uid}), and Postgres serves only its owner's folder. ` +
        'Start as that account, or choose another --data-dir.',
    );
  }
  const mark = join(folder, 'PG_VERSION');
  if (!existsSync(mark)) {
    if (!existsSync(folder) || readdirSync(folder).length === 0) return false;
    throw new Error(
      `${folder} holds data but no PG_VERSION, so Postgres cannot use it. ` +
        'Bring the file back, or delete the folder to start with an empty database.',
    );
  }
  const found = readFileSync(mark, 'utf8').trim();
  if (found === major) return true;
  throw new Error(
    `${folder} was made by PostgreSQL ${found}, but this is PostgreSQL ${major}. ` +
      `Dump it with version ${found} and load it again, delete the folder, or choose another --data-dir.`,
  );
}

async function initialise(
  folder: string,
  initdb: string,
  account: SystemAccount | undefined,
  site: Site,
): Promise<void> {
  const half = `${folder}.new`;
  const passwordFile = `${folder}.password`;
  rmSync(half, { recursive: true, force: true });
  mkdirSync(half, { recursive: true, mode: 0o700 });
  writeFileSync(passwordFile, site.passwords(superuser), { mode: 0o600 });
  if (account !== undefined) for (const path of [half, passwordFile]) chownSync(path, account.uid, account.gid);
  // The builtin locale is the same on every machine; a machine's own C.UTF-8 may sort otherwise after an upgrade.
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const access = [`--username=${superuser}`, '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  try {
    const args = [`--pgdata=${half}`, ...access, ...locale, '--no-sync', '--no-instructions'];
    await runToEnd({ purpose: 'initdb', file: initdb, args, ...account }, site);
  } finally {
    rmSync(passwordFile, { force: true });
  }
  rmSync(folder, { recursive: true, force: true });
  renameSync(half, folder);
}

/** While it starts or stops it says so (57P03); any other answer in SQL's own codes is its last word. */
function isLastWord(error: unknown): error is pg.DatabaseError {
  return error instanceof pg.DatabaseError && error.code !== undefined && error.code !== '57P03';
}

async function probePostgres(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  try {
    await client.connect();
    await client.query('select 1');
  } catch (error) {
    if (isWrongPassword(error)) return replaceFormerPassword(url);
    if (isLastWord(error)) throw new NeverReady(`refuses to work (${error.message})`, { cause: error });
    throw error;
  } finally {
    await client.end();
  }
}

const isWrongPassword = (error: unknown): boolean => error instanceof pg.DatabaseError && error.code === '28P01';

/** Every account of the machine knew the superuser's password of a data directory that release 0.1 made. */
async function replaceFormerPassword(url: string): Promise<void> {
  const former = new URL(url);
  const { password } = former;
  former.password = FORMER_SUPERUSER_PASSWORD;
  const client = new pg.Client({ connectionString: former.href, connectionTimeoutMillis: 2_000 });
  try {
    await client.connect();
    await client.query(`alter role ${superuser} password '${password}'`);
  } catch (error) {
    if (isLastWord(error)) throw new NeverReady(`refuses to work (${error.message})`, { cause: error });
    throw error;
  } finally {
    await client.end();
  }
}

/**
 * postmaster.pid outlives a SIGKILL, and Postgres refuses to start when another process of its user has got that pid
 * meanwhile. The caller holds the data directory's lock, so whoever still serves this folder is a leftover.
 */
async function endStrayPostmaster(folder: string, log: (line: string) => void): Promise<void> {
  const file = join(folder, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  const identity = Number.isInteger(pid) && pid > 1 ? identify(pid) : undefined;
  if (identity !== undefined && commandLine(identity.pid).includes(`-D ${folder}`)) {
    log(`ending a leftover Postgres (pid ${identity.pid})`);
    await endProcess({ ...identity, name: 'postgres', gentleSignal: 'SIGINT' }, 20_000);
  }
  rmSync(file, { force: true });
}
