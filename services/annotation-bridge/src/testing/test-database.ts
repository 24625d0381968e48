import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { migrate, readMigrations } from '@assay/shared/postgres/migrate';
import { createPool, createPostgres, type Postgres } from '@assay/shared/postgres/postgres';
import { roles } from '@assay/shared/contracts/roles';
import pg from 'pg';

/** A migrated database of a spec file's own. */
export interface TestDatabase {
  readonly url: string;
  /** As the service sees it, with its role. */
  readonly postgres: Postgres;
  /** As the superuser. */
  readonly admin: pg.Pool;
  drop(): Promise<void>;
}

export async function createTestDatabase(serverUrl: string): Promise<TestDatabase> {
  const name = `bridge_${randomBytes(6).toString('hex')}`;
  await onServer(serverUrl, `create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  await migrate(url.href, await readMigrations());
  const settings = { DATABASE_URL: url.href, DATABASE_POOL_SIZE: 4, KAFKA_SESSION_TIMEOUT_MS: 30_000 };
  const pool = createPool({ settings, applicationName: 'bridge-spec', role: roles.bridge });
  const postgres = createPostgres(pool, () => {});
  const admin = new pg.Pool({ connectionString: url.href, max: 2 });
  return {
    url: url.href,
    postgres,
    admin,
    async drop() {
      await postgres.close();
      await admin.end();
      await dropWhenLeft(serverUrl, name);
    },
  };
}

/** Not by force: pg raises an error for a connection that is ended while it says goodbye. */
async function dropWhenLeft(serverUrl: string, name: string): Promise<void> {
  const IN_USE = '55006';
  for (;;) {
    try {
      await onServer(serverUrl, `drop database ${name}`);
      return;
    } catch (error) {
      if ((error as pg.DatabaseError).code !== IN_USE) throw error;
      await sleep(50); // the hook's own timeout is the limit
    }
  }
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

export interface TestDocument {
  readonly number: number;
  readonly text?: string;
  readonly priority?: number;
  readonly fields?: Readonly<Record<string, unknown>>;
}

export const docIdOf = (number: number): string => number.toString(16).padStart(32, '0');

/** Rows of `documents` as ingest would have written them. */
export async function insertDocuments(admin: pg.Pool, documents: readonly TestDocument[]): Promise<void> {
  const rows = documents.map(({ number, text = `text ${number}`, priority = 5, fields = {} }) => ({
    doc_id: docIdOf(number),
    ticket_id: `T-${number}`,
    text,
    priority,
    fields,
  }));
  await admin.query(
    `insert into public.documents (doc_id, source, ticket_id, text, text_hash, priority, fields, masked, bronze_path)
     select doc_id, 'zendesk', ticket_id, text, doc_id, priority, fields, '{}', 'none'
       from json_to_recordset($1::json) as row (doc_id text, ticket_id text, text text, priority smallint, fields jsonb)`,
    [JSON.stringify(rows)],
  );
}
