import './provided.ts';
import { randomBytes } from 'node:crypto';
import { createAzureBlobStore } from '@assay/shared/blob/azure-blob-store';
import type { BlobStore } from '@assay/shared/blob/blob-store';
import type { DecisionEvent } from '@assay/shared/contracts/gold-line';
import { roles } from '@assay/shared/contracts/roles';
import type { Written } from '@assay/shared/pipeline/lane';
import { migrate, readMigrations } from '@assay/shared/postgres/migrate';
import { createPool, createPostgres, type Postgres } from '@assay/shared/postgres/postgres';
import { inject } from 'vitest';
import { applyDecisions } from '../adapters/apply-decisions.ts';
import { docIdOf } from './known-decision.ts';

const SUPERUSER = 'postgres';

function connect(url: string, role: string): Postgres {
  const settings = { DATABASE_URL: url, DATABASE_POOL_SIZE: 4, KAFKA_SESSION_TIMEOUT_MS: 60_000 };
  return createPostgres(createPool({ settings, applicationName: 'output-spec', role }), () => {});
}

const run = (on: Postgres, text: string) => on.query({ name: '', text }, []);

/** A migrated database and a container of a spec file's own. */
export class OutputBed {
  /** As the service sees it, with its role. */
  readonly postgres: Postgres;
  readonly blobs: BlobStore;
  private readonly admin: Postgres;
  private readonly name: string;

  private constructor(name: string, url: string) {
    this.name = name;
    this.postgres = connect(url, roles.output);
    this.admin = connect(url, SUPERUSER);
    this.blobs = createAzureBlobStore(inject('blobConnectionString'), name.replace('_', '-'));
  }

  static async start(): Promise<OutputBed> {
    const name = `output_${randomBytes(6).toString('hex')}`;
    const server = connect(inject('databaseUrl'), SUPERUSER);
    await run(server, `create database ${name}`);
    await server.close();
    const url = new URL(inject('databaseUrl'));
    url.pathname = `/${name}`;
    await migrate(url.href, await readMigrations());
    return new OutputBed(name, url.href);
  }

  async stop(): Promise<void> {
    await this.postgres.close();
    await this.admin.close();
    const server = connect(inject('databaseUrl'), SUPERUSER);
    await run(server, `drop database ${this.name} with (force)`);
    await server.close();
  }

  async query<Row>(text: string): Promise<readonly Row[]> {
    return this.admin.query<Row>({ name: '', text }, []);
  }

  async blobNames(): Promise<readonly string[]> {
    const names: string[] = [];
    for await (const { name } of this.blobs.list('')) names.push(name);
    return names;
  }

  async clear(): Promise<void> {
    const tables = 'assay.output_lines, assay.plans, assay.applied_decisions, assay.releases, assay.heads';
    await run(this.admin, `truncate ${tables}, public.decisions, public.documents cascade`);
    for (const name of await this.blobNames()) await this.blobs.delete(name);
  }

  /** Documents 1 to `count`, as ingest would have stored them. */
  async storeDocuments(count: number, textOf = (number: number) => `text ${number}`): Promise<void> {
    const rows = Array.from({ length: count }, (_, index) => ({ doc_id: docIdOf(index + 1), text: textOf(index + 1) }));
    const text = `
      insert into public.documents (doc_id, source, ticket_id, text, text_hash, priority, fields, masked, bronze_path)
      select doc_id, 'spec', doc_id, text, doc_id, 5, '{}', '{}', 'none'
        from json_to_recordset($1::json) as row (doc_id text, text text)`;
    await this.admin.query({ name: '', text }, [JSON.stringify(rows)]);
  }

  /** The validator's row and what the lane makes of its change event. */
  async decide(...decisions: readonly DecisionEvent[]): Promise<void> {
    const text = `
      insert into public.decisions select * from json_populate_recordset(null::public.decisions, $1::json)`;
    await this.admin.query({ name: '', text }, [JSON.stringify(decisions)]);
    await this.apply(...decisions);
  }

  /** One batch of change events, whatever `decisions` holds. */
  apply(...decisions: readonly DecisionEvent[]): Promise<Written> {
    return this.postgres.transaction('synchronous', (tx) => applyDecisions.apply(tx, decisions));
  }
}
