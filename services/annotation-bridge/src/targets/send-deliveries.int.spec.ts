import { roles } from '@assay/shared/contracts/roles';
import type { Postgres } from '@assay/shared/postgres/postgres';
import { createMemoryBlobStore } from '@assay/shared/testing/memory-blob-store';
import { createTestDatabase, type TestDatabase } from '@assay/shared/testing/test-database';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readAnnotationBridgeConfig } from '../config.ts';
import { queueDeliveries } from '../documents/queue-deliveries.ts';
import { docIdOf, insertDocuments } from '../testing/documents.ts';
import { createMemoryTool, type MemoryTool } from '../testing/memory-tool.ts';
import { createFilesTarget } from './files/files-target.ts';
import { openTargets, targetKinds } from './registry.ts';
import { DeliverySender } from './send-deliveries.ts';

let database: TestDatabase;
let postgres: Postgres;
beforeAll(async () => {
  database = await createTestDatabase();
  postgres = database.as(roles.bridge);
});
afterAll(() => database.drop());
beforeEach(() => database.admin.query('truncate public.documents, assay.batches, assay.deliveries cascade'));

const limits = { maxDocuments: 3, maxBytes: 10_000, maxAgeMs: 0 };
const never = new AbortController().signal;

/** Documents 1 to `count`, with a delivery for each target; answers how many change events made none. */
async function deliver(count: number, ...targets: readonly string[]): Promise<number> {
  const documents = Array.from({ length: count }, (_, index) => ({ number: index + 1 }));
  await database.admin.query('truncate public.documents, assay.deliveries cascade');
  await insertDocuments(database.admin, documents);
  return deliverAgain(count, ...targets);
}

async function deliverAgain(count: number, ...targets: readonly string[]): Promise<number> {
  const items = Array.from({ length: count }, (_, index) => ({ doc_id: docIdOf(index + 1), priority: 5 }));
  const write = queueDeliveries(targets);
  return (await postgres.transaction('replayable', (tx) => write.apply(tx, items))).duplicate;
}

const leaseRunsOut = () => database.admin.query('update assay.batches set leased_until = now() where sent_at is null');
const docIdsIn = ({ tasks }: MemoryTool) => tasks.map(({ docId }) => docId).toSorted();
const firstDocIds = (count: number) => Array.from({ length: count }, (_, index) => docIdOf(index + 1));

async function deliveries(target: string) {
  const { rows } = await database.admin.query<{ doc_id: string; state: string; external_id: string; refused: string }>(
    'select doc_id, state, external_id, refused from lineage.deliveries where target = $1 order by doc_id',
    [target],
  );
  return rows;
}

/** The process dies while the target is asked: what it sends stays, nobody confirms and nobody ends the lease. */
async function dieWhileSending(tool: MemoryTool, afterDocuments: number): Promise<void> {
  tool.failAfter(afterDocuments);
  const cut: Postgres = {
    ...postgres,
    query: () => Promise.reject(new Error('the process is gone')),
  };
  await expect(new DeliverySender(cut, tool.target).round(never)).rejects.toThrow('fetch failed');
}

describe('deliveries', () => {
  it('are one for each target, made once; a change event that makes none is a duplicate', async () => {
    expect(await deliver(3, 'files', 'tool')).toBe(0);
    expect(await deliverAgain(3, 'files', 'tool')).toBe(3);
    expect(await deliverAgain(3, 'files', 'tool', 'another')).toBe(0);
    expect((await deliveries('tool')).map(({ state }) => state)).toEqual(['queued', 'queued', 'queued']);
  });

  it('go to every target, each with its own ids, through one registry line for each', async () => {
    const tool = createMemoryTool('tool', limits);
    const config = readAnnotationBridgeConfig({
      KAFKA_BROKERS: 'localhost:9092',
      DATABASE_URL: database.url,
      BLOB_CONNECTION_STRING: 'file:///srv/blobs',
      CONNECT_URL: 'http://localhost:8083',
      ANNOTATION_BRIDGE_PSEUDONYM_KEY: `k1:${'0'.repeat(64)}`,
      ANNOTATION_BRIDGE_TARGETS: 'files, tool',
    });
    const [, opened] = await openTargets(config, [...targetKinds, tool.kind]);
    const files = createFilesTarget(createMemoryBlobStore(), { ...limits, fieldPaths: [], formulas: 'keep' });
    await deliver(2, 'files', 'tool');

    for (const target of [files, opened!]) expect(await new DeliverySender(postgres, target).round(never)).toBe(true);

    expect(docIdsIn(tool)).toEqual(firstDocIds(2));
    expect((await deliveries('tool')).map(({ state, external_id }) => [state, external_id])).toEqual([
      ['sent', 'task-1'],
      ['sent', 'task-2'],
    ]);
    expect((await deliveries('files')).map(({ external_id }) => external_id)).toEqual([
      expect.stringMatching(/\.csv#1$/),
      expect.stringMatching(/\.csv#2$/),
    ]);
  });

  it('to a target that does not answer keep no other target waiting', async () => {
    const [slow, quick] = [createMemoryTool('slow', limits), createMemoryTool('quick', limits)];
    await deliver(2, 'slow', 'quick');
    slow.hang();
    const stopping = new AbortController();
    const hanging = new DeliverySender(postgres, slow.target).round(stopping.signal);
    expect(await new DeliverySender(postgres, quick.target).round(never)).toBe(true);
    expect(docIdsIn(quick)).toEqual(firstDocIds(2));
    stopping.abort();
    expect(await hanging).toBe(false);
  });

  it('that the target refuses are kept with the reason and not offered again', async () => {
    const tool = createMemoryTool('tool', limits);
    await deliver(2, 'tool');
    tool.refuse(docIdOf(2), 'the text is too long');
    const sender = new DeliverySender(postgres, tool.target);
    expect(await sender.round(never)).toBe(true);
    expect(await sender.round(never)).toBe(false);
    expect(await deliveries('tool')).toEqual([
      { doc_id: docIdOf(1), state: 'sent', external_id: 'task-1', refused: null },
      { doc_id: docIdOf(2), state: 'refused', external_id: null, refused: 'the text is too long' },
    ]);
  });

  it('to a target that the settings do not know are refused by name', async () => {
    const config = { ANNOTATION_BRIDGE_TARGETS: ['fils'] } as unknown as Parameters<typeof openTargets>[0];
    await expect(openTargets(config)).rejects.toThrow('names "fils"; there are: files');
  });
});

describe('a batch', () => {
  it('holds no transaction open while the target is asked', async () => {
    const tool = createMemoryTool('tool', limits);
    await deliver(1, 'tool');
    const seen: unknown[] = [];
    const watching = {
      ...tool.target,
      async send(...args: Parameters<typeof tool.target.send>) {
        const { rows } = await database.admin.query(
          `select state from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`,
        );
        seen.push(...rows);
        return tool.target.send(...args);
      },
    };
    expect(await new DeliverySender(postgres, watching).round(never)).toBe(true);
    expect(seen).toEqual([]);
  });

  it.each([0, 1, 2])('whose sender died after %i of 3 documents is left alone until its lease ends', async (sent) => {
    const tool = createMemoryTool('tool', limits);
    await deliver(3, 'tool');
    await dieWhileSending(tool, sent);
    const another = new DeliverySender(postgres, tool.target);
    expect(await another.round(never)).toBeGreaterThan(0);
    expect(tool.requests()).toBe(1);

    await leaseRunsOut();
    expect(await another.round(never)).toBe(true);
    expect(docIdsIn(tool)).toEqual(firstDocIds(3));
    const ids = new Map(tool.tasks.map(({ docId, id }) => [docId, id]));
    for (const { doc_id, state, external_id } of await deliveries('tool'))
      expect([state, external_id]).toEqual(['sent', ids.get(doc_id)]);
  });

  it('that the target has whole, though nobody saw the answer, is adopted and not sent again', async () => {
    const tool = createMemoryTool('tool', limits);
    await deliver(3, 'tool');
    const cut: Postgres = { ...postgres, transaction: failingTheSecond() };
    await expect(new DeliverySender(cut, tool.target).round(never)).rejects.toThrow('the process is gone');
    await leaseRunsOut();
    expect(await new DeliverySender(postgres, tool.target).round(never)).toBe(true);
    expect(tool.requests()).toBe(1);
    expect((await deliveries('tool')).map(({ external_id }) => external_id)).toEqual(['task-1', 'task-2', 'task-3']);
  });

  it('whose try failed in a process that lives is tried again at once', async () => {
    const tool = createMemoryTool('tool', limits);
    await deliver(3, 'tool');
    tool.failAfter(1);
    const sender = new DeliverySender(postgres, tool.target);
    await expect(sender.round(never)).rejects.toThrow('fetch failed');
    expect(await sender.round(never)).toBe(true);
    expect(docIdsIn(tool)).toEqual(firstDocIds(3));
  });

  it('that takes longer than a try may is given up, said as an outage of the target, and tried again', async () => {
    const tool = createMemoryTool('tool', limits, 50);
    await deliver(1, 'tool');
    tool.hang();
    const sender = new DeliverySender(postgres, tool.target);
    await expect(sender.round(never)).rejects.toMatchObject({
      code: 'DEPENDENCY_UNAVAILABLE',
      dependency: 'target',
      message: 'sending to tool: not done in 50 ms',
    });
    while ((await sender.round(never)) !== true);
    expect(docIdsIn(tool)).toEqual(firstDocIds(1));
  });

  it('is in flight alone: two senders at once send each document once', async () => {
    const tool = createMemoryTool('tool', limits);
    await deliver(20, 'tool');
    const drain = async () => {
      const sender = new DeliverySender(postgres, tool.target);
      while (tool.tasks.length < 20) await sender.round(never);
    };
    await Promise.all([drain(), drain()]);
    expect(docIdsIn(tool)).toEqual(firstDocIds(20));
  });

  it('leaves names and digests of what it was made of, and no bytes', async () => {
    const tool = createMemoryTool('tool', limits);
    await deliver(1, 'tool');
    await new DeliverySender(postgres, tool.target).round(never);
    const { rows } = await database.admin.query('select content, length(sha256) as digest from assay.batch_parts');
    expect(rows).toEqual([{ content: null, digest: 64 }]);
  });
});

/** The transaction that leases goes through, the one that confirms does not. */
function failingTheSecond(): Postgres['transaction'] {
  let calls = 0;
  return (durability, work) =>
    ++calls === 1 ? postgres.transaction(durability, work) : Promise.reject(new Error('the process is gone'));
}
