import { createAzureBlobStore } from '@assay/shared/blob/azure/azure-blob-store';
import type { BlobStore } from '@assay/shared/blob/blob-store';
import type { DecisionEvent } from '@assay/shared/contracts/gold-line';
import { roles } from '@assay/shared/contracts/roles';
import type { Written } from '@assay/shared/pipeline/lane';
import type { Postgres } from '@assay/shared/postgres/postgres';
import { createTestDatabase, type TestDatabase } from '@assay/shared/testing/test-database';
import { inject } from 'vitest';
import type { ReleaseFormat } from '../formats/format.ts';
import { jsonl } from '../formats/jsonl/jsonl.ts';
import { releaseFormats } from '../formats/registry.ts';
import { makeRelease, type ReleaseOutcome } from '../releases/make-release.ts';
import { applyDecisions } from '../stream/apply-decisions.ts';
import { docIdOf } from './known-decision.ts';

/** A migrated database and a container of a spec file's own. */
export class OutputBed {
  /** As the service sees it, with its role. */
  readonly postgres: Postgres;
  readonly blobs: BlobStore;
  readonly #database: TestDatabase;

  private constructor(database: TestDatabase) {
    this.#database = database;
    this.postgres = database.as(roles.output);
    const container = new URL(database.url).pathname.slice(1).replaceAll('_', '-');
    this.blobs = createAzureBlobStore(inject('blobConnectionString'), container);
  }

  static async start(): Promise<OutputBed> {
    return new OutputBed(await createTestDatabase());
  }

  /** A copy of the database as it is now, beside it: what a restore makes of it. */
  async restored(): Promise<OutputBed> {
    return new OutputBed(await createTestDatabase({ copyOf: this.#database }));
  }

  get databaseUrl(): string {
    return this.#database.url;
  }

  /** The database as another service sees it. */
  as(role: string): Postgres {
    return this.#database.as(role);
  }

  stop(): Promise<void> {
    return this.#database.drop();
  }

  async query<Row>(text: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    const { rows } = await this.#database.admin.query(text, [...values]);
    return rows as Row[];
  }

  async blobNames(): Promise<readonly string[]> {
    const names: string[] = [];
    for await (const { name } of this.blobs.list('')) names.push(name);
    return names;
  }

  async clear(): Promise<void> {
    const tables =
      'assay.output_lines, assay.segments, assay.applied_decisions, assay.waiting_decisions, assay.releases, assay.release_files, assay.heads, assay.lives, assay.forked_documents';
    await this.query(`truncate ${tables}, public.decisions, public.documents cascade`);
    await this.query('update assay.streams set last_seq = 0, bytes = 0');
    await this.query(`insert into assay.lives (life, place, reason) values (1, assay.place(), 'the spec began')`);
    for (const name of await this.blobNames()) await this.blobs.delete(name);
  }

  /** Documents 1 to `count`, as ingest would have stored them. */
  async storeDocuments(count: number, textOf = (number: number) => `text ${number}`): Promise<void> {
    const rows = Array.from({ length: count }, (_, index) => ({ doc_id: docIdOf(index + 1), text: textOf(index + 1) }));
    const text = `
      insert into public.documents (doc_id, source, ticket_id, text, text_hash, priority, fields, masked, bronze_path)
      select doc_id, 'spec', doc_id, text, doc_id, 5, '{}', '{}', 'none'
        from json_to_recordset($1::json) as row (doc_id text, text text)`;
    await this.query(text, [JSON.stringify(rows)]);
  }

  /** The validator's rows, where their documents are there, and what the lane makes of their change events. */
  async apply(...decisions: readonly DecisionEvent[]): Promise<Written> {
    const text = `
      insert into public.decisions
      select decided.* from json_populate_recordset(null::public.decisions, $1::json) as decided
       where doc_id in (select doc_id from public.documents)
          on conflict do nothing`;
    await this.query(text, [JSON.stringify(decisions)]);
    return this.applyForked(...decisions);
  }

  /** One batch of change events, whatever `decisions` holds. */
  applyForked(...decisions: readonly DecisionEvent[]): Promise<Written> {
    return this.postgres.transaction('synchronous', (tx) => applyDecisions.apply(tx, decisions));
  }

  /** What `assay release` does, with a registry that has a line for each of these formats. */
  release(formats: readonly ReleaseFormat[] = [jsonl], blobs: BlobStore = this.blobs): Promise<ReleaseOutcome> {
    const known = [...new Set([...releaseFormats, ...formats])];
    return makeRelease({ postgres: this.postgres, blobs, known }, formats);
  }
}
