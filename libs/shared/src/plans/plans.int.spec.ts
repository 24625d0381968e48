import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BlobStore } from '../blob/blob-store.ts';
import { sha256Of } from '../blob/write-once.ts';
import { roles } from '../contracts/roles.ts';
import { PipelineError } from '../errors/pipeline-error.ts';
import type { Postgres } from '../postgres/postgres.ts';
import { createMemoryBlobStore } from '../testing/memory-blob-store.ts';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';
import { doPlans, insertPlanned } from './plans.ts';

let database: TestDatabase;
let postgres: Postgres;
let other: Postgres;
beforeAll(async () => {
  database = await createTestDatabase();
  postgres = database.as(roles.output);
  other = database.as(roles.output);
});
beforeEach(() => database.admin.query('truncate assay.plans cascade'));
afterAll(() => database.drop());

const target = 'a target';
async function planned(blobName: string, text = `content of ${blobName}`, of = target): Promise<string> {
  const planId = randomUUID();
  const plan = { planId, target: of, blobName, content: Buffer.from(text), lineCount: 1 };
  await postgres.transaction('synchronous', (tx) => insertPlanned(tx, plan));
  return planId;
}
async function read(blobs: BlobStore, name: string): Promise<string | null> {
  const bytes = await blobs.read(name);
  return bytes === null ? null : String(Buffer.from(bytes));
}
const rows = async () =>
  (
    await database.admin.query(
      'select blob_name, content is null as emptied, confirmed_at is not null as confirmed from assay.plans order by 1',
    )
  ).rows;

describe('a plan', () => {
  it('is done with the very bytes that were committed, then confirmed and emptied', async () => {
    const blobs = createMemoryBlobStore();
    await planned('a.csv', 'one\ntwo\n');
    expect(await doPlans(postgres, blobs, target)).toBe(1);
    expect(await read(blobs, 'a.csv')).toBe('one\ntwo\n');
    expect(await blobs.metadata('a.csv')).toEqual({ sha256: sha256Of(Buffer.from('one\ntwo\n')) });
    expect(await rows()).toEqual([{ blob_name: 'a.csv', emptied: true, confirmed: true }]);
  });

  it('is done once: afterwards there is nothing to do', async () => {
    const blobs = createMemoryBlobStore();
    await planned('a.csv');
    await doPlans(postgres, blobs, target);
    expect(await doPlans(postgres, blobs, target)).toBe(0);
  });

  it('of another target is not ours to do', async () => {
    const blobs = createMemoryBlobStore();
    await planned('a.csv', 'x', 'another target');
    expect(await doPlans(postgres, blobs, target)).toBe(0);
    expect(await read(blobs, 'a.csv')).toBeNull();
  });

  it('that was not committed is never done', async () => {
    const plan = { planId: randomUUID(), target, blobName: 'a.csv', content: Buffer.from('x'), lineCount: 1 };
    const work = postgres.transaction('synchronous', async (tx) => {
      await insertPlanned(tx, plan);
      throw new Error('the rows were taken meanwhile');
    });
    await expect(work).rejects.toThrow('the rows were taken meanwhile');
    expect(await doPlans(postgres, createMemoryBlobStore(), target)).toBe(0);
  });

  it('comes after those planned before it', async () => {
    const blobs = createMemoryBlobStore();
    const order: string[] = [];
    const watched: BlobStore = { ...blobs, create: (name, ...rest) => (order.push(name), blobs.create(name, ...rest)) };
    for (const name of ['b', 'c', 'a']) await planned(name);
    await doPlans(postgres, watched, target);
    expect(order).toEqual(['b', 'c', 'a']);
  });
});

describe('a crash', () => {
  const down = new PipelineError('DEPENDENCY_UNAVAILABLE', 'writing: refused', { dependency: 'blob' });

  it('before the blob leaves the plan to be done again', async () => {
    const blobs = createMemoryBlobStore();
    await planned('a.csv');
    await expect(doPlans(postgres, { ...blobs, create: () => Promise.reject(down) }, target)).rejects.toBe(down);
    expect(await doPlans(postgres, blobs, target)).toBe(1);
  });

  it('between the blob and its confirmation finds the blob and confirms it, without writing it again', async () => {
    const blobs = createMemoryBlobStore();
    await planned('a.csv');
    const dying = { confirmed: () => Promise.reject(new Error('killed')) };
    await expect(doPlans(postgres, blobs, target, dying)).rejects.toThrow('killed');
    expect(await rows()).toEqual([{ blob_name: 'a.csv', emptied: false, confirmed: false }]);
    expect(await doPlans(postgres, blobs, target)).toBe(1);
    expect(await read(blobs, 'a.csv')).toBe('content of a.csv');
  });

  it('never puts other bytes under a name: that is a bug and stops', async () => {
    const blobs = createMemoryBlobStore();
    await blobs.create('a.csv', Buffer.from('somebody else’s'), { sha256: 'another' });
    await planned('a.csv');
    await expect(doPlans(postgres, blobs, target)).rejects.toMatchObject({ code: 'INVARIANT_BROKEN' });
    expect(await read(blobs, 'a.csv')).toBe('somebody else’s');
    expect(await rows()).toEqual([{ blob_name: 'a.csv', emptied: false, confirmed: false }]);
  });
});

describe('what goes with a plan', () => {
  it('files beside the blob are there before it, and are written again as they were', async () => {
    const blobs = createMemoryBlobStore();
    const order: string[] = [];
    const watched: BlobStore = { ...blobs, create: (name, ...rest) => (order.push(name), blobs.create(name, ...rest)) };
    await planned('a.csv');
    const companions = async (plan: { blobName: string }, sha256: string) => [
      { name: `${plan.blobName}.manifest`, content: Buffer.from(sha256) },
    ];
    await expect(
      doPlans(postgres, watched, target, { companions, confirmed: () => Promise.reject(new Error('killed')) }),
    ).rejects.toThrow('killed');
    await doPlans(postgres, watched, target, { companions });
    expect(order).toEqual(['a.csv.manifest', 'a.csv', 'a.csv.manifest', 'a.csv']);
    expect(await read(blobs, 'a.csv.manifest')).toBe(sha256Of(Buffer.from('content of a.csv')));
  });

  it('rows are changed with the confirmation or not at all', async () => {
    await planned('a.csv');
    await planned('b.csv');
    const confirmed = async (tx: Parameters<typeof insertPlanned>[0], plan: { blobName: string }) => {
      await tx.query({ name: 'spec-note', text: `update assay.plans set line_count = 99 where blob_name = $1` }, [
        plan.blobName,
      ]);
      if (plan.blobName === 'b.csv') throw new Error('killed');
    };
    await expect(doPlans(postgres, createMemoryBlobStore(), target, { confirmed })).rejects.toThrow('killed');
    const { rows: counts } = await database.admin.query('select blob_name, line_count from assay.plans order by 1');
    expect(counts).toEqual([
      { blob_name: 'a.csv', line_count: 99 },
      { blob_name: 'b.csv', line_count: 1 },
    ]);
  });
});

describe('two instances', () => {
  it('do every plan once between them', async () => {
    const blobs = createMemoryBlobStore();
    for (let n = 0; n < 10; n++) await planned(`blob ${n}`);
    const done = await Promise.all([postgres, other, postgres].map((one) => doPlans(one, blobs, target)));
    const rest = await doPlans(postgres, blobs, target);
    expect(done.reduce((sum, count) => sum + count, rest)).toBe(10);
    expect((await rows()).every(({ confirmed }) => confirmed)).toBe(true);
  });
});
