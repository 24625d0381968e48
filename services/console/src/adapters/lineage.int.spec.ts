import '../testing/provided.ts';
import { randomBytes } from 'node:crypto';
import { roles } from '@assay/shared/contracts/roles';
import { migrate, readMigrations } from '@assay/shared/postgres/migrate';
import { createPool, createPostgres, type Postgres } from '@assay/shared/postgres/postgres';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createLineage, type Lineage } from './lineage.ts';

const DOC = 'a'.repeat(32);
const name = `console_${randomBytes(6).toString('hex')}`;
const connect = (url: string, role: string): Postgres => {
  const settings = { DATABASE_URL: url, DATABASE_POOL_SIZE: 2, KAFKA_SESSION_TIMEOUT_MS: 60_000 };
  return createPostgres(createPool({ settings, applicationName: 'console-spec', role }), () => {});
};

let server: Postgres;
let reader: Postgres;
let lineage: Lineage;
const onServer = (text: string) => server.query({ name: '', text }, []);

beforeAll(async () => {
  server = connect(inject('databaseUrl'), 'postgres');
  await onServer(`create database ${name}`);
  const url = new URL(inject('databaseUrl'));
  url.pathname = `/${name}`;
  await migrate(url.href, await readMigrations());
  const owner = connect(url.href, 'postgres');
  const text = `
    insert into public.documents (doc_id, source, ticket_id, text, text_hash, priority, fields, masked, bronze_path)
    values ($1, 'spec', 'T-1', 'text', 'hash', 5, '{}', '{}', 'none')`;
  await owner.query({ name: '', text }, [DOC]);
  const ledger = `
    insert into assay.offsets (lane, topic, partition, incarnation, cluster_id, first_offset, next_offset, received, accepted)
    values ('assay.ingest.tickets', 'tickets.raw.v1', 0, 1, 'c', 9007199254740000, 9007199254740001, 1, 1)`;
  await owner.query({ name: '', text: ledger }, []);
  await owner.close();
  reader = connect(url.href, roles.reader);
  lineage = createLineage(reader);
});
afterAll(async () => {
  await reader.close();
  await onServer(`drop database ${name} with (force)`);
  await server.close();
});

describe('what the reader may see', () => {
  it('is the account, as numbers', async () => {
    expect(await lineage.account()).toMatchObject({ received: 1, accepted: 1, documents: 1, pending: 1, gold: 0 });
  });

  it('is how far the stages are', async () => {
    expect(await lineage.stages()).toMatchObject({ queued: 0, gold_lines: 0 });
  });

  it('is the ledger, as numbers', async () => {
    expect(await lineage.lanes()).toEqual([
      expect.objectContaining({
        lane: 'assay.ingest.tickets',
        partition: 0,
        next_offset: 9_007_199_254_740_001,
        last_timestamp: null,
        received: 1,
      }),
    ]);
  });

  it('is the agreement', async () => {
    expect(await lineage.agreement()).toEqual([]);
  });

  it('is the journey of a document, and nothing of one that is not there', async () => {
    const stops = await lineage.journey(DOC);

    expect(stops.map(({ stop }) => stop)).toEqual(['ingest', 'now']);
    expect(stops[0]!.at).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
    expect(await lineage.journey('b'.repeat(32))).toEqual([]);
  });

  it('is no table behind the views', async () => {
    const reading = reader.query({ name: '', text: 'select * from assay.output_lines' }, []);

    await expect(reading).rejects.toMatchObject({ code: '42501' });
  });
});
