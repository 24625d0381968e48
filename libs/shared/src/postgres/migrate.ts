import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { messageOf, PipelineError } from '../errors/pipeline-error.ts';
import { postgresError } from './postgres-errors.ts';

export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sha256: string;
  readonly sql: string;
}

/** Any two migrators of one database take turns on this advisory lock. */
const MIGRATION_LOCK = 0x0a_55_a7;

/** Another service may migrate first, and an index of a large table takes long; a server that went silent does not answer at all. */
const LONGEST_STATEMENT_MS = 3_600_000;

/** SQL stays where it was written, beside the compiled file or the source: `dist/postgres` and `src/postgres` both see it. */
const migrationsFolder = join(import.meta.dirname, '..', '..', 'src', 'postgres', 'migrations');

export async function readMigrations(folder = migrationsFolder): Promise<readonly Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).toSorted();
  return Promise.all(
    names.map(async (name, index) => {
      const version = Number(name.slice(0, 4));
      // Numbers may be left out: branches that grow at the same time are given theirs before they meet.
      if (!(version > Number(names[index - 1]?.slice(0, 4) ?? 0)))
        throw new Error(`migration ${name}: its number must be higher than that of the one before`);
      const sql = await readFile(join(folder, name), 'utf8');
      return { version, name, sha256: createHash('sha256').update(sql).digest('hex'), sql };
    }),
  );
}

/**
 * Brings the database up to this release, one transaction for each migration. Safe to start from several services at once.
 * Refuses a database that is newer than the code, and one whose migrations are not the ones that were shipped.
 */
export async function migrate(databaseUrl: string, migrations: readonly Migration[]): Promise<readonly string[]> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: 5_000,
    query_timeout: LONGEST_STATEMENT_MS,
  });
  client.on('error', () => {}); // a connection that breaks between two statements: the next one fails and says why
  try {
    await client.connect();
    const { rows } = await client.query("select current_setting('server_version_num')::integer as version");
    refuseOldServer(rows[0].version);
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const applied = await readApplied(client);
    refuseOthers(applied, migrations);
    const fresh = migrations.filter(({ version }) => !applied.has(version));
    for (const migration of fresh) await apply(client, migration);
    return fresh.map(({ name }) => name);
  } catch (error) {
    throw postgresError('migrating the database', error);
  } finally {
    await client.end();
  }
}

/** Output asks an upsert what stood before (`returning old.…`), which older ones cannot say. */
const LEAST_POSTGRES = 18;

/** Takes `server_version_num`, such as 180001 for 18.1. */
export function refuseOldServer(version: number): void {
  const major = Math.floor(version / 10_000);
  if (major < LEAST_POSTGRES)
    throw new PipelineError(
      'CONFIG_INVALID',
      `Postgres ${LEAST_POSTGRES} or newer is needed; DATABASE_URL leads to ${major}`,
    );
}

type Applied = ReadonlyMap<number, { name: string; sha256: string }>;

async function readApplied(client: pg.Client): Promise<Applied> {
  const { rows: found } = await client.query("select to_regclass('assay.migrations') is not null as exists");
  if (!found[0].exists) return new Map();
  const { rows } = await client.query('select version, name, sha256 from assay.migrations order by version');
  return toApplied(rows);
}

interface AppliedRow {
  readonly version: number;
  readonly name: string;
  readonly sha256: string;
}

export const toApplied = (rows: readonly AppliedRow[]): Applied =>
  new Map(rows.map(({ version, name, sha256 }) => [version, { name, sha256 }]));

export function refuseOthers(applied: Applied, migrations: readonly Migration[]): void {
  for (const [version, { name, sha256 }] of applied) {
    const ours = migrations.find((migration) => migration.version === version);
    if (ours === undefined)
      throw new PipelineError(
        'CONFIG_INVALID',
        `the database has migration ${name}, which this release does not know: it is newer than the code. Start a release that knows it.`,
      );
    if (ours.sha256 !== sha256)
      throw new PipelineError(
        'CONFIG_INVALID',
        `migration ${name} in the database is not the one of this release. A shipped migration never changes: restore the file.`,
      );
  }
}

async function apply(client: pg.Client, { version, name, sha256, sql }: Migration): Promise<void> {
  try {
    await client.query('begin');
    await client.query(sql);
    // The first migration makes the schema this table lives in, so the table is made here.
    await client.query(
      'create table if not exists assay.migrations (version integer primary key, name text not null, sha256 text not null, applied_at timestamptz not null default now())',
    );
    const record = 'insert into assay.migrations (version, name, sha256) values ($1, $2, $3)';
    await client.query(record, [version, name, sha256]);
    await client.query('commit');
  } catch (error) {
    throw new Error(`migration ${name}: ${messageOf(error)}`, { cause: error });
  }
}
