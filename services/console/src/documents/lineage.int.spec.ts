import { roles } from '@assay/shared/contracts/roles';
import { createTestDatabase, type TestDatabase } from '@assay/shared/testing/test-database';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLineage, type Lineage } from './lineage.ts';

const DOC = 'a'.repeat(32);

let database: TestDatabase;
let lineage: Lineage;

beforeAll(async () => {
  database = await createTestDatabase();
  const document = `
    insert into public.documents (doc_id, source, ticket_id, text, text_hash, priority, fields, masked, bronze_path)
    values ($1, 'spec', 'T-1', 'text', 'hash', 5, '{}', '{}', 'none')`;
  await database.admin.query(document, [DOC]);
  await database.admin.query(`
    insert into assay.offsets (lane, topic, partition, incarnation, cluster_id, first_offset, next_offset, received, accepted)
    values ('assay.ingest.tickets', 'tickets.raw.v1', 0, 1, 'c', 9007199254740000, 9007199254740001, 1, 1)`);
  lineage = createLineage(database.as(roles.reader));
});
afterAll(() => database.drop());

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
    const reading = database.as(roles.reader).query({ name: '', text: 'select * from assay.output_lines' }, []);

    await expect(reading).rejects.toMatchObject({ code: '42501' });
  });
});
