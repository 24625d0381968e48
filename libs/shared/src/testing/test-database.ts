import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { inject } from 'vitest';
import { DEFAULT_PARTITIONS } from '../contracts/topics.ts';
import { migrate, readMigrations } from '../postgres/migrate.ts';
import { createPool, createPostgres, type Postgres } from '../postgres/postgres.ts';
import { loginUrl } from './test-logins.ts';
import './test-infrastructure.ts';

const PREFIX = 'assay_test_';

/** A database of one spec file's own, on the run's real Postgres. */
export interface TestDatabase {
  /** A superuser's, as only migrations have it. */
  readonly url: string;
  /** A superuser's connections, to arrange and to look. */
  readonly admin: pg.Pool;
  /** The address of a login that is in that role and in no other, as a service has it. */
  urlOf(role: string): string;
  /** The database as a service sees it, with that role's rights and nothing more. Closed by `drop`. */
  as(role: string): Postgres;
  /** Drops the database; fails when a connection was left open, because then something was not closed. */
  drop(): Promise<void>;
}

export interface TestDatabaseOptions {
  readonly migrated?: boolean;
  /** Another test database, as it is now: what a restore from a backup makes. Its connections are ended. */
  readonly copyOf?: TestDatabase;
}

export async function createTestDatabase({ migrated = true, copyOf }: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const server = inject('databaseUrl');
  const name = `${PREFIX}${randomBytes(6).toString('hex')}`;
  await onServer(server, (client) =>
    copyOf === undefined ? client.query(`create database ${name}`) : copy(client, copyOf, name),
  );
  const url = databaseAt(server, name);
  const admin = new pg.Pool({ connectionString: url, max: 4 });
  admin.on('error', () => {}); // some specs end connections on purpose
  if (migrated && copyOf === undefined) {
    await migrate(url, await readMigrations());
    // As the first service does that starts.
    await admin.query('insert into assay.installation (partitions) values ($1)', [DEFAULT_PARTITIONS]);
  }
  const opened: Postgres[] = [];
  const urlOf = (role: string): string => loginUrl(url, role, inject('loginPassword'));
  return {
    url,
    admin,
    urlOf,
    as(role) {
      const settings = { DATABASE_URL: urlOf(role), DATABASE_POOL_SIZE: 4, KAFKA_SESSION_TIMEOUT_MS: 30_000 };
      const postgres = createPostgres(createPool({ settings, applicationName: `spec as ${role}`, role }), () => {});
      opened.push(postgres);
      return postgres;
    },
    async drop() {
      refuseOtherDatabases(url);
      for (const postgres of opened) await postgres.close();
      await admin.end();
      await onServer(server, (client) => dropUnused(client, name));
    },
  };
}

/** A spec drops and truncates as it likes, so it must never reach a database that somebody uses. */
export function refuseOtherDatabases(databaseUrl: string): void {
  const name = new URL(databaseUrl).pathname.slice(1);
  if (!name.startsWith(PREFIX))
    throw new Error(`refusing to touch database "${name}": specs only use databases named ${PREFIX}…`);
}

function databaseAt(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

/** Nobody may be connected to a database that is copied. */
async function copy(client: pg.Client, { url }: TestDatabase, name: string): Promise<void> {
  const source = new URL(url).pathname.slice(1);
  await client.query(
    'select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()',
    [source],
  );
  await client.query(`create database ${name} template ${source}`);
}

async function onServer(server: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

async function dropUnused(client: pg.Client, name: string): Promise<void> {
  const left = await leftOpen(client, name);
  await client.query(`drop database ${name} with (force)`);
  if (left.length > 0) throw new Error(`connections were left open: ${left.join(', ')}`);
}

/** The server ends a closed connection a moment after the client did. */
async function leftOpen(client: pg.Client, name: string): Promise<readonly string[]> {
  for (let look = 0; ; look++) {
    const { rows } = await client.query<{ what: string }>(
      `select coalesce(nullif(application_name, ''), 'unnamed') || ' (' || state || ')' as what
         from pg_stat_activity where datname = $1`,
      [name],
    );
    if (rows.length === 0 || look === 40) return rows.map(({ what }) => what);
    await sleep(25);
  }
}
