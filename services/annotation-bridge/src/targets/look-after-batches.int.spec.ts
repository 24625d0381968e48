import { roles } from '@assay/shared/contracts/roles';
import type { Postgres } from '@assay/shared/postgres/postgres';
import { createTestDatabase, type TestDatabase } from '@assay/shared/testing/test-database';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { queueDeliveries } from '../documents/queue-deliveries.ts';
import { docIdOf, insertDocuments } from '../testing/documents.ts';
import { createMemoryTool } from '../testing/memory-tool.ts';
import { BatchesLookedAfter, type TargetWithSurplus } from './look-after-batches.ts';
import { DeliverySender } from './send-deliveries.ts';

let database: TestDatabase;
let postgres: Postgres;
beforeAll(async () => {
  database = await createTestDatabase();
  postgres = database.as(roles.bridge);
});
afterAll(() => database.drop());
beforeEach(() => database.admin.query('truncate public.documents, assay.batches, assay.deliveries cascade'));

const never = new AbortController().signal;

/** One batch of two documents, sent after `failures` tries that failed; and what is asked of the target afterwards. */
async function sentAfter(failures: number) {
  const tool = createMemoryTool('tool', { maxDocuments: 3, maxBytes: 10_000, maxAgeMs: 0 });
  const documents = [1, 2].map((number) => ({ number }));
  await insertDocuments(database.admin, documents);
  const items = [1, 2].map((number) => ({ doc_id: docIdOf(number), priority: 5 }));
  await postgres.transaction('replayable', (tx) => queueDeliveries(['tool']).apply(tx, items));
  const sender = new DeliverySender(postgres, tool.target);
  for (let failed = 0; failed < failures; failed++) {
    tool.failAfter(0);
    await expect(sender.round(never)).rejects.toThrow('fetch failed');
  }
  await sender.round(never);
  const asked: (readonly string[])[] = [];
  const target: TargetWithSurplus = {
    ...tool.target,
    async removeSurplus(docIds) {
      asked.push(docIds);
      const workedOn = new Map([[docIdOf(2), ['task-8']]]);
      return { removed: 1, externalIds: new Map([[docIdOf(1), 'task-9']]), workedOn };
    },
  };
  const said: object[] = [];
  const note = (fields: object) => void said.push(fields);
  const log = { debug: note, info: note, warn: note, error: note };
  return { asked, said, batches: (afterMs: number) => new BatchesLookedAfter(postgres, target, { log, afterMs }) };
}

describe('BatchesLookedAfter', () => {
  it('looks once for copies of a batch that took more than one try, and tells of those that stay', async () => {
    const { asked, said, batches } = await sentAfter(1);
    expect(await batches(0).round(never)).toBe(true);
    expect(await batches(0).round(never)).toBe(false);
    expect(asked).toEqual([[docIdOf(1), docIdOf(2)]]);
    expect(said).toEqual([
      { target: 'tool', removed: 1 },
      { target: 'tool', docId: docIdOf(2), copies: ['task-8'] },
    ]);
    const { rows } = await database.admin.query('select external_id from assay.deliveries order by doc_id');
    expect(rows).toEqual([{ external_id: 'task-9' }, { external_id: 'task-2' }]);
  });

  it('leaves alone a batch that took one try, and one whose requests may not be over', async () => {
    const once = await sentAfter(0);
    expect(await once.batches(0).round(never)).toBe(false);
    await database.admin.query('truncate public.documents, assay.batches, assay.deliveries cascade');
    const retried = await sentAfter(1);
    expect(await retried.batches(60_000).round(never)).toBe(false);
    expect([...once.asked, ...retried.asked]).toEqual([]);
  });
});
