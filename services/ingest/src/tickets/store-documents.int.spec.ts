import { roles } from '@assay/shared/contracts/roles';
import type { Item } from '@assay/shared/pipeline/lane';
import type { Postgres } from '@assay/shared/postgres/postgres';
import { createMemoryBlobStore } from '@assay/shared/testing/memory-blob-store';
import { sourceRecord } from '@assay/shared/testing/source-record';
import { createTestDatabase, type TestDatabase } from '@assay/shared/testing/test-database';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Document } from './domain/document.ts';
import { createBronze } from '../bronze/bronze.ts';
import { storeDocuments } from './store-documents.ts';

let database: TestDatabase;
let postgres: Postgres;
beforeAll(async () => {
  database = await createTestDatabase();
  postgres = database.as(roles.ingest);
});
beforeEach(() => database.admin.query('truncate public.documents, assay.bronze_blobs cascade'));
afterAll(() => database.drop());

const stillAlive = async (): Promise<void> => {};
const idOf = (n: number): string => n.toString(16).padStart(32, '0');
const document = (n: number, overrides: Partial<Document> = {}): Document => ({
  doc_id: idOf(n),
  source: 'zendesk',
  ticket_id: `T-${n}`,
  text: `text ${n}`,
  text_hash: 'hash',
  priority: 5,
  fields: {},
  masked: { counts: {}, places: {} },
  created_at: null,
  ...overrides,
});
const item = (offset: number, value: Document): Item<Document> => ({
  record: sourceRecord({ topic: 'a.topic', partition: 1, offset: BigInt(offset), timestamp: Date.UTC(2026, 10, 21) }),
  value,
});

function store() {
  const blobs = createMemoryBlobStore();
  const write = storeDocuments(postgres, createBronze(blobs, { id: 'k', key: Buffer.alloc(32) }));
  const settle = async (items: readonly Item<Document>[]) => {
    const prepared = await write.prepare(items, stillAlive);
    return postgres.transaction(write.durability, (tx) => write.apply(tx, prepared));
  };
  const blobNames = async () => {
    const names: string[] = [];
    for await (const { name } of blobs.list('')) names.push(name);
    return names;
  };
  return { write, settle, blobNames };
}

async function stored(): Promise<readonly Record<string, unknown>[]> {
  const { rows } = await database.admin.query('select * from public.documents order by doc_id');
  return rows;
}
const bronzeRows = async () =>
  (await database.admin.query('select name, lines from assay.bronze_blobs order by name')).rows;

describe('storing documents', () => {
  it('inserts each with everything it has, and where its raw line lies', async () => {
    const { settle } = store();
    const full = document(1, {
      priority: 0,
      fields: { nested: { list: [1, 'x', null, true], number: 1.5 }, ключ: 'значение' },
      masked: { counts: { EMAIL_ADDRESS: 1 }, places: { text: [['EMAIL_ADDRESS', 0, 9, 0, 16]] } },
      text: '"quoted" \\ back\nnew line \u2028 👩🏽‍💻 می‌خواهم',
      created_at: '2026-11-21T09:30:00.123456+01:00',
    });
    expect(await settle([item(10, full), item(11, document(2))])).toEqual({ duplicate: 0 });
    const [first, second] = await stored();
    expect(first).toMatchObject({
      doc_id: idOf(1),
      text: full.text,
      priority: 0,
      fields: full.fields,
      masked: full.masked,
      status: 'preprocessed',
      bronze_path: '2026/11/21/a.topic-1/10-11#10',
      created_at: new Date('2026-11-21T08:30:00.123Z'),
      ingestion_timestamp: expect.any(Date),
    });
    expect(second).toMatchObject({ bronze_path: '2026/11/21/a.topic-1/10-11#11', created_at: null });
    expect(await bronzeRows()).toEqual([{ name: '2026/11/21/a.topic-1/10-11', lines: 2 }]);
  });

  it('keeps the first of equal documents in one batch', async () => {
    const { settle } = store();
    const batch = [item(10, document(1)), item(11, document(2)), item(12, document(1)), item(13, document(1))];
    expect(await settle(batch)).toEqual({ duplicate: 2 });
    expect((await stored()).map(({ bronze_path }) => bronze_path)).toEqual([
      '2026/11/21/a.topic-1/10-11#10',
      '2026/11/21/a.topic-1/10-11#11',
    ]);
  });

  it('counts what is there already, and writes only the rest', async () => {
    const { settle, blobNames } = store();
    await settle([item(10, document(1)), item(11, document(2))]);
    expect(await settle([item(20, document(2)), item(21, document(3)), item(22, document(1))])).toEqual({
      duplicate: 2,
    });
    expect(await stored()).toHaveLength(3);
    expect(await blobNames()).toEqual(['2026/11/21/a.topic-1/10-11', '2026/11/21/a.topic-1/21-21']);
  });

  it('touches neither bronze nor documents when a topic is replayed', async () => {
    const { settle, blobNames } = store();
    const batch = [1, 2, 3].map((n) => item(n, document(n)));
    await settle(batch);
    const before = [await stored(), await bronzeRows(), await blobNames()];
    expect(await settle(batch)).toEqual({ duplicate: 3 });
    expect([await stored(), await bronzeRows(), await blobNames()]).toEqual(before);
  });

  it('repeated after a crash before its commit finds its blob and inserts its rows', async () => {
    const { write, settle, blobNames } = store();
    const batch = [1, 2].map((n) => item(n, document(n)));
    await write.prepare(batch, stillAlive);
    expect(await settle(batch)).toEqual({ duplicate: 0 });
    expect(await blobNames()).toHaveLength(1);
    expect(await stored()).toHaveLength(2);
  });

  it('counts as duplicate what another instance inserted between the look and the insert', async () => {
    const { write, settle } = store();
    const batch = [1, 2, 3].map((n) => item(n, document(n)));
    const prepared = await write.prepare(batch, stillAlive);
    await settle([item(50, document(2))]);
    const written = await postgres.transaction(write.durability, (tx) => write.apply(tx, prepared));
    expect(written).toEqual({ duplicate: 1 });
    expect((await stored()).map(({ bronze_path }) => bronze_path)).toEqual([
      '2026/11/21/a.topic-1/1-3#1',
      '2026/11/21/a.topic-1/50-50#50',
      '2026/11/21/a.topic-1/1-3#3',
    ]);
  });

  it('refers to no blob whose rows were all there already: the sweep may have it', async () => {
    const { write, settle } = store();
    const prepared = await write.prepare([item(1, document(1))], stillAlive);
    await settle([item(50, document(1))]);
    expect(await postgres.transaction(write.durability, (tx) => write.apply(tx, prepared))).toEqual({ duplicate: 1 });
    expect(await bronzeRows()).toEqual([{ name: '2026/11/21/a.topic-1/50-50', lines: 1 }]);
  });

  it('leaves nothing in Postgres when the transaction fails', async () => {
    const { write } = store();
    const prepared = await write.prepare([item(1, document(1))], stillAlive);
    const work = postgres.transaction(write.durability, async (tx) => {
      await write.apply(tx, prepared);
      throw new Error('the ledger was elsewhere');
    });
    await expect(work).rejects.toThrow('the ledger was elsewhere');
    expect([await stored(), await bronzeRows()]).toEqual([[], []]);
  });

  it.each([
    ['the longest ids there may be', document(1, { source: '🦊'.repeat(64), ticket_id: '漢'.repeat(512) })],
    ['the largest text there may be', document(1, { text: 'é'.repeat(512 * 1024) })],
    ['the oldest and farthest times', document(1, { created_at: '0001-01-01T00:00:00-14:00' })],
    ['a fraction of many digits', document(1, { created_at: `2026-11-21T09:30:00.${'1'.repeat(40)}Z` })],
    ['many fields', document(1, { fields: Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`f${n}`, n])) })],
    [
      'keys that mean something to JavaScript',
      document(1, { fields: JSON.parse('{"__proto__":{"a":1},"constructor":2}') }),
    ],
    ['numbers at the edge', document(1, { fields: { a: Number.MAX_VALUE, b: -0, c: Number.MIN_VALUE } })],
  ])('takes %s', async (_what, given) => {
    expect(await store().settle([item(1, given)])).toEqual({ duplicate: 0 });
    expect((await stored())[0]).toMatchObject({ text: given.text, ticket_id: given.ticket_id });
  });
});

describe('two instances that store the same documents at once', () => {
  it('in opposite orders never deadlock, and each document is there once', async () => {
    const { settle } = store();
    const other = store();
    const numbers = Array.from({ length: 300 }, (_, n) => n);
    for (let round = 0; round < 8; round++) {
      const base = round * 1_000;
      const forward = numbers.map((n) => item(base + n, document(base + n)));
      const backward = numbers.toReversed().map((n) => item(base + 500 + n, document(base + n)));
      const [one, two] = await Promise.all([settle(forward), other.settle(backward)]);
      expect(one.duplicate + two.duplicate).toBe(numbers.length);
    }
    expect(await stored()).toHaveLength(8 * numbers.length);
  });
});
