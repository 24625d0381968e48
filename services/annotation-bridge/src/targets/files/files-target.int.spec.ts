import type { BlobStore } from '@assay/shared/blob/blob-store';
import { roles } from '@assay/shared/contracts/roles';
import { PipelineError } from '@assay/shared/errors/pipeline-error';
import type { Postgres } from '@assay/shared/postgres/postgres';
import { createMemoryBlobStore } from '@assay/shared/testing/memory-blob-store';
import { createTestDatabase, type TestDatabase } from '@assay/shared/testing/test-database';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { docIdOf, insertDocuments } from '../../testing/documents.ts';
import { queueDeliveries } from '../../documents/queue-deliveries.ts';
import { DeliverySender } from '../send-deliveries.ts';
import { createFilesTarget, type FilesSettings } from './files-target.ts';

let database: TestDatabase;
let postgres: Postgres;
beforeAll(async () => {
  database = await createTestDatabase();
  postgres = database.as(roles.bridge);
});
afterAll(() => database.drop());
beforeEach(() => database.admin.query('truncate public.documents, assay.batches, assay.deliveries cascade'));

const limits: FilesSettings = { maxDocuments: 3, maxBytes: 10_000, maxAgeMs: 0, fieldPaths: [], formulas: 'keep' };
const never = new AbortController().signal;

/** The target with its deliveries, over a store. */
const filesIn = (blobs: BlobStore, settings = limits) =>
  new DeliverySender(postgres, createFilesTarget(blobs, settings));

async function queue(documents: readonly { number: number; priority?: number; text?: string }[]): Promise<number> {
  await insertDocuments(database.admin, documents);
  return queueAgain(documents);
}

/** Answers how many were duplicates. */
async function queueAgain(documents: readonly { number: number; priority?: number }[]): Promise<number> {
  const items = documents.map(({ number, priority = 5 }) => ({ doc_id: docIdOf(number), priority }));
  const write = queueDeliveries(['files']);
  const { duplicate } = await postgres.transaction('replayable', (tx) => write.apply(tx, items));
  return duplicate;
}

async function contentsOf(blobs: BlobStore, ending: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { name } of blobs.list(''))
    if (name.endsWith(ending)) found.push(Buffer.from((await blobs.read(name))!).toString());
  return found;
}

const numbersIn = (csv: string): readonly number[] =>
  csv
    .split('\r\n')
    .slice(1, -1)
    .map((line) => Number.parseInt(line.slice(0, 32), 16));

async function sendAll(sender: DeliverySender): Promise<void> {
  while ((await sender.round(never)) === true);
}

describe('queueDeliveries', () => {
  it('queues a document once for ever, and counts the rest', async () => {
    expect(await queue([{ number: 1 }, { number: 2 }])).toBe(0);
    expect(await queueAgain([{ number: 1 }, { number: 2 }, { number: 2 }])).toBe(3);
  });

  it('leaves out a document that Postgres does not have', async () => {
    expect(await queueAgain([{ number: 404 }])).toBe(1);
  });
});

describe('the files target', () => {
  it('sends the most urgent first, in batches of the allowed size, each document once', async () => {
    await queue([9, 5, 0, 3, 1].map((priority) => ({ number: priority + 1, priority })));
    const blobs = createMemoryBlobStore();
    await sendAll(filesIn(blobs));
    expect((await contentsOf(blobs, '.csv')).map(numbersIn)).toEqual([
      [1, 2, 4],
      [6, 10],
    ]);
  });

  it('writes a manifest that leads from a row to its document, and where each document lies', async () => {
    await queue([{ number: 7, text: 'hello' }]);
    const blobs = createMemoryBlobStore();
    await sendAll(filesIn(blobs));
    const manifest = JSON.parse((await contentsOf(blobs, '.manifest.json'))[0]!) as Record<string, unknown>;
    expect(manifest).toMatchObject({
      count: 1,
      rows: [
        {
          row: 1,
          doc_id: docIdOf(7),
          text_sha256: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
        },
      ],
    });
    const { rows } = await database.admin.query(
      'select doc_id, silver_path, silver_row from lineage.documents where silver_path is not null',
    );
    expect(rows).toEqual([{ doc_id: docIdOf(7), silver_path: manifest['blob'], silver_row: 1 }]);
  });

  it('waits until a batch is full or its oldest document is old enough', async () => {
    await queue([{ number: 1 }, { number: 2 }]);
    const blobs = createMemoryBlobStore();
    const patient = filesIn(blobs, { ...limits, maxAgeMs: 3_600_000 });
    expect(await patient.round(never)).toBeGreaterThan(3_000_000);
    await queue([{ number: 3 }]);
    expect(await patient.round(never)).toBe(true);
    await queue([{ number: 4 }]);
    expect(await patient.round(never)).toBeGreaterThan(3_000_000);
    await database.admin.query(`update assay.deliveries set queued_at = now() - interval '2 hours'`);
    expect(await patient.round(never)).toBe(true);
  });

  it('keeps below the size in bytes, but sends a single text that is longer', async () => {
    await queue([
      { number: 1, text: 'a'.repeat(600), priority: 1 },
      { number: 2, text: 'b'.repeat(600), priority: 2 },
      { number: 3, text: 'c'.repeat(5000), priority: 3 },
    ]);
    const blobs = createMemoryBlobStore();
    await sendAll(filesIn(blobs, { ...limits, maxBytes: 1000 }));
    expect((await contentsOf(blobs, '.csv')).map(numbersIn)).toEqual([[1], [2], [3]]);
  });

  it('never sends an erased document', async () => {
    await queue([{ number: 1 }, { number: 2 }]);
    await database.admin.query('update public.documents set text = null where doc_id = $1', [docIdOf(1)]);
    const blobs = createMemoryBlobStore();
    await sendAll(filesIn(blobs));
    expect((await contentsOf(blobs, '.csv')).map(numbersIn)).toEqual([[2]]);
  });

  it.each([
    ['before its first upload', 0, false],
    ['during its first upload, with nothing written', 1, false],
    ['after its manifest', 1, true],
    ['after its CSV, before it was confirmed', 2, true],
  ])('does a plan that was interrupted %s again: same bytes, same name, once', async (_when, call, isWritten) => {
    await queue([{ number: 1 }, { number: 2 }]);
    const blobs = createMemoryBlobStore();
    const broken = filesIn(failingAt(blobs, call, isWritten));
    await expect(broken.round(never)).rejects.toThrow('the network is gone');
    const before = await namesIn(blobs);

    await sendAll(filesIn(blobs));
    await sendAll(filesIn(blobs));
    expect((await contentsOf(blobs, '.csv')).map(numbersIn)).toEqual([[1, 2]]);
    const after = await namesIn(blobs);
    expect(after).toHaveLength(2);
    expect(before.filter((name) => !after.includes(name))).toEqual([]);
    const { rows } = await database.admin.query(
      `select doc_id from lineage.deliveries where state = 'sent' order by doc_id`,
    );
    expect(rows).toHaveLength(2);
  });
});

async function namesIn(blobs: BlobStore): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { name } of blobs.list('')) names.push(name);
  return names;
}

/** A store that fails at the n-th write (0: the first), before or after doing it. */
function failingAt(blobs: BlobStore, call: number, isWritten: boolean): BlobStore {
  let left = call;
  return {
    ...blobs,
    async create(name, bytes, metadata) {
      const isLast = isWritten ? --left === 0 : left-- === 0;
      if (!isLast) return blobs.create(name, bytes, metadata);
      if (isWritten) await blobs.create(name, bytes, metadata);
      throw new PipelineError('DEPENDENCY_UNAVAILABLE', 'the network is gone', { dependency: 'blob' });
    },
  };
}
