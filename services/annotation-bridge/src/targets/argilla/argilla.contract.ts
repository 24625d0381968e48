import { afterEach, describe, expect, it } from 'vitest';
import { type Cut, startCuttingProxy } from '../../testing/cutting-proxy.ts';
import type { ArgillaUnderTest } from '../../testing/argilla/argilla-under-test.ts';
import { describeTarget } from '../target.contract.ts';
import type { Batch, Target } from '../target.ts';
import { createArgillaApi } from './argilla-api.ts';
import { createArgillaTarget } from './argilla-target.ts';

const limits = { maxDocuments: 3, maxBytes: 10_000, maxAgeMs: 0, metadataPaths: ['channel', 'tags'] };
const never = new AbortController().signal;

const docIdOf = (number: number): string => number.toString(16).padStart(32, '0');
const batchOf = (target: Target, numbers: readonly number[], text = 'It does not print.'): Batch => {
  const documents = numbers.map((number) => ({
    doc_id: docIdOf(number),
    ticket_id: `T-${number}`,
    source: 'zendesk',
    datetime: '2026-11-21T09:30:00.000Z',
    priority: 5,
    text,
    fields: { channel: 'mail', tags: ['a', 'b'] },
  }));
  return { batchId: 'a', docIds: numbers.map(docIdOf), parts: target.encode('a', new Date(0), documents) };
};
const all = ({ docIds }: Batch) => new Set(docIds);

/** What the target relies on, on a fake and on the real server. */
export function describeArgilla(name: string, start: () => Promise<ArgillaUnderTest>): void {
  const open: ArgillaUnderTest[] = [];
  const given = async () => {
    const server = await start();
    open.push(server);
    return server;
  };
  const targetOn = (server: ArgillaUnderTest, more: object = {}, url = server.url) =>
    createArgillaTarget(createArgillaApi({ ...server, url }), { ...limits, dataset: { ...server.dataset, ...more } });
  const closeAll = () => Promise.all(open.splice(0).map((server) => server.close()));

  describe(`${name}, as any target`, () => {
    afterEach(closeAll);
    describeTarget('argilla', async () => {
      const server = await given();
      return {
        target: targetOn(server),
        held: async () => (await server.records()).map(({ external_id: docId }) => docId),
      };
    });
  });

  describe(`${name}, as it is used`, () => {
    afterEach(closeAll);

    it.each(['before', 'after'] as const)(
      'has each document once where the connection is lost %s it was sent',
      async (where) => {
        const server = await given();
        let cut: Cut = where;
        const proxy = await startCuttingProxy(server.url, (_method, path) =>
          path.includes('/records/bulk') ? cut : null,
        );
        const target = targetOn(server, {}, proxy.url);
        const batch = batchOf(target, [1, 2]);
        await expect(target.send(batch, all(batch), never)).rejects.toMatchObject({ dependency: 'target' });
        expect(await server.records()).toHaveLength(where === 'before' ? 0 : 2);
        cut = null;
        await target.send(batch, all(batch), never);
        expect((await server.records()).map(({ external_id: docId }) => docId).toSorted()).toEqual(batch.docIds);
        await proxy.close();
      },
    );

    it('makes a dataset that people can answer, with metadata that are plain values', async () => {
      const server = await given();
      const target = targetOn(server);
      const batch = batchOf(target, [1]);
      await target.send(batch, all(batch), never);
      await target.ping();
      const [record] = await server.records();
      expect(record).toMatchObject({ metadata: { doc_id: docIdOf(1), channel: 'mail', tags: '["a","b"]' } });
      const values = { label: { value: 'bug' }, confidence: { value: 8 } };
      await server.ask('POST', `/api/v1/records/${record!.id}/responses`, { values, status: 'submitted' });
      expect(await server.records()).toMatchObject([{ responses: [{ values }] }]);
    });

    it('keeps what was answered when a document is sent once more', async () => {
      const server = await given();
      const target = targetOn(server);
      const batch = batchOf(target, [1]);
      await target.send(batch, all(batch), never);
      const [record] = await server.records();
      const values = { label: { value: 'bug' } };
      await server.ask('POST', `/api/v1/records/${record!.id}/responses`, { values, status: 'submitted' });
      await target.send(batch, all(batch), never);
      expect(await server.records()).toMatchObject([{ id: record!.id, responses: [{ values }] }]);
    });

    it.each([
      ['a dataset that is not there and cannot be made', { labels: [] }, 'set ARGILLA_LABELS'],
      ['a workspace that is not there', { workspace: 'nowhere' }, 'has no workspace nowhere'],
    ])('says what to do about %s', async (_name, more, advice) => {
      const target = targetOn(await given(), more);
      const batch = batchOf(target, [1]);
      await expect(target.send(batch, all(batch), never)).rejects.toThrow(advice);
    });

    it('is not sent to a dataset that is not published', async () => {
      const server = await given();
      const workspaces = (await server.ask('GET', '/api/v1/me/workspaces')) as {
        items: { id: string; name: string }[];
      };
      const workspace_id = workspaces.items.find(({ name: one }) => one === server.dataset.workspace)!.id;
      await server.ask('POST', '/api/v1/datasets', { name: 'tickets', workspace_id, allow_extra_metadata: true });
      await expect(targetOn(server).ping()).rejects.toThrow('it is not published');
    });

    it('says that it does not know the key, and does not tell it', async () => {
      const server = await given();
      const target = targetOn({ ...server, apiKey: 'a-wrong-key' });
      const error = await target.ping().catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE', dependency: 'target' });
      expect((error as Error).message).toContain('ARGILLA_API_KEY');
      expect((error as Error).message).not.toContain('a-wrong-key');
    });

    it('takes the page of its user interface, which it answers to any address, for no answer', async () => {
      const server = await given();
      await expect(targetOn(server, {}, `${server.url}/elsewhere`).ping()).rejects.toThrow('is its address right');
    });
  });
}
