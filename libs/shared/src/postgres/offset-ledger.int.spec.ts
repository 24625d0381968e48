import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { roles } from '../contracts/roles.ts';
import { advanceOver, NO_COUNTS } from '../pipeline/ledger.ts';
import { describeLedgerStore } from '../pipeline/ledger-store.contract.ts';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';
import { createOffsetLedger } from './offset-ledger.ts';
import type { Postgres } from './postgres.ts';
import type { Statement } from './statement.ts';

let database: TestDatabase;
let postgres: Postgres;

beforeAll(async () => {
  database = await createTestDatabase();
  postgres = database.as(roles.ingest);
  await database.admin.query(`
    create table public.keys_of_a_spec (key text primary key);
    grant select, insert on public.keys_of_a_spec to assay_ingest`);
});
afterAll(() => database.drop());

const insertKey: Statement = {
  name: 'insert-key-of-a-spec',
  text: 'insert into public.keys_of_a_spec (key) values ($1) on conflict do nothing returning key',
};

describeLedgerStore('Postgres', async () => ({
  store: createOffsetLedger(postgres),
  insertKey: async (tx, key) => (await tx.query(insertKey, [key])).length > 0,
  committedKeys: async () => {
    const { rows } = await database.admin.query<{ key: string }>('select key from public.keys_of_a_spec');
    return rows.map(({ key }) => key);
  },
}));

describe('the ledger’s own guards in Postgres', () => {
  const key = { lane: 'assay.ingest.guards', topic: 'a-topic', partition: 0 };
  const tally = { received: 2, duplicate: 0, skipped: 0, deadLettered: 0 };

  it('a move that does not add up is refused by the table, whatever the code believed', async () => {
    const store = createOffsetLedger(postgres);
    await store.open(key, 1, 'cluster', 0n);
    const move = advanceOver(0n, 2n, tally, null);
    const wrong = { ...move, counts: { ...move.counts, gaps: 1 } };
    await expect(store.book(key, 1, wrong, null)).rejects.toThrow('every_offset_booked');
    const lost = { ...move, counts: { ...move.counts, accepted: 1 } };
    await expect(store.book(key, 1, lost, null)).rejects.toThrow('every_message_settled');
    expect(await store.read(key)).toMatchObject({ nextOffset: 0n, counts: NO_COUNTS });
  });

  it('more duplicates than items are refused as well', async () => {
    const store = createOffsetLedger(postgres);
    await store.open(key, 1, 'cluster', 0n);
    const effects = {
      durability: 'replayable' as const,
      apply: async () => ({ duplicate: 3 }),
      beforeCommit: async () => {},
    };
    const move = advanceOver(0n, 2n, tally, null);
    await expect(store.book(key, 1, move, effects)).rejects.toThrow('no_count_below_zero');
  });
});
