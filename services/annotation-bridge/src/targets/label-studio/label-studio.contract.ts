import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Cut, startCuttingProxy } from '../../testing/cutting-proxy.ts';
import type { LabelStudioUnderTest } from '../../testing/label-studio/label-studio-under-test.ts';
import type { TestServer } from '../../testing/test-server.ts';
import { describeTarget } from '../target.contract.ts';
import type { Batch, Target } from '../target.ts';
import { createLabelStudioApi } from './label-studio-api.ts';
import { createLabelStudioTarget } from './label-studio-target.ts';

const settings = { maxDocuments: 3, maxBytes: 10_000, maxAgeMs: 0, fieldPaths: ['channel'], overlap: undefined };
const never = new AbortController().signal;

const docIdOf = (number: number): string => number.toString(16).padStart(32, '0');
const batchOf = (target: Target, numbers: readonly number[]): Batch => {
  const documents = numbers.map((number) => ({
    doc_id: docIdOf(number),
    ticket_id: `T-${number}`,
    source: 'zendesk',
    datetime: '2026-11-21T09:30:00.000Z',
    priority: 5,
    text: `text ${number}`,
    fields: {},
  }));
  return { batchId: 'a', docIds: numbers.map(docIdOf), parts: target.encode('a', new Date(0), documents) };
};
const all = ({ docIds }: Batch) => new Set(docIds);

/** What the target relies on, on a fake and on the real server. */
export function describeLabelStudio(name: string, start: () => Promise<LabelStudioUnderTest>): void {
  const open: LabelStudioUnderTest[] = [];
  const given = async () => {
    const server = await start();
    open.push(server);
    return server;
  };
  const closeAll = () => Promise.all(open.splice(0).map((server) => server.close()));

  describe(`${name}, as any target`, () => {
    afterEach(closeAll);
    describeTarget('label-studio', async () => {
      const server = await given();
      const target = createLabelStudioTarget(createLabelStudioApi(server), settings);
      return { target, held: async () => (await server.tasks()).map(({ data }) => data.doc_id) };
    });
  });

  describe(`${name}, over connections that are lost`, () => {
    let server: LabelStudioUnderTest;
    let proxy: TestServer;
    let target: Target;
    let cut: Cut;
    beforeEach(async () => {
      server = await given();
      cut = null;
      proxy = await startCuttingProxy(server.url, (_method, path) => (path.includes('/import') ? cut : null));
      target = createLabelStudioTarget(createLabelStudioApi({ ...server, url: proxy.url }), settings);
    });
    afterEach(async () => {
      await proxy.close();
      await closeAll();
    });
    const held = async () => (await server.tasks()).map(({ data }) => data.doc_id);

    it('says an outage and leaves nothing there when the import never arrived', async () => {
      cut = 'before';
      const batch = batchOf(target, [1, 2]);
      await expect(target.send(batch, all(batch), never)).rejects.toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE' });
      expect(await held()).toEqual([]);
      expect(await target.find(batch, never)).toEqual(new Map());
    });

    it('finds and adopts what an import left whose answer never came', async () => {
      cut = 'after';
      const batch = batchOf(target, [1, 2]);
      await expect(target.send(batch, all(batch), never)).rejects.toMatchObject({ dependency: 'target' });
      const found = await target.find(batch, never);
      expect([...found.keys()].toSorted()).toEqual(batch.docIds);
      expect(await server.tasks()).toHaveLength(2);
    });

    it('takes away the copies of an import that was carried out after somebody looked', async () => {
      const batch = batchOf(target, [1, 2]);
      await target.send(batch, all(batch), never);
      const first = await target.find(batch, never);
      await target.send(batch, all(batch), never); // the same once more
      expect(await target.removeSurplus!(batch.docIds, never)).toEqual({
        removed: 2,
        externalIds: first,
        workedOn: new Map(),
      });
      expect((await server.tasks()).map(({ id }) => String(id)).toSorted()).toEqual([...first.values()].toSorted());
    });

    it('keeps the copy that somebody has labelled, and tells of another', async () => {
      const batch = batchOf(target, [1]);
      for (let copy = 0; copy < 3; copy++) await target.send(batch, all(batch), never);
      const [, second, third] = (await server.tasks()).map(({ id }) => id).toSorted((a, b) => a - b);
      const region = { from_name: 'label', to_name: 'text', type: 'choices', value: { choices: ['bug'] } };
      for (const id of [second, third])
        await server.ask('POST', `/api/tasks/${id}/annotations/`, { result: [{ id: 'r1', ...region }] });
      expect(await target.removeSurplus!(batch.docIds, never)).toEqual({
        removed: 1,
        externalIds: new Map([[docIdOf(1), String(second)]]),
        workedOn: new Map([[docIdOf(1), [String(third)]]]),
      });
    });
  });

  describe(`${name}, as it is set up`, () => {
    afterEach(closeAll);

    it('has a task seen by as many people as the settings say', async () => {
      const server = await given();
      const target = createLabelStudioTarget(createLabelStudioApi(server), { ...settings, overlap: 3 });
      await target.ping();
      expect(await createLabelStudioApi(server).project(never)).toMatchObject({ maximum_annotations: 3 });
    });

    it('is not sent what its label config cannot show', async () => {
      const server = await given();
      const label_config =
        '<View><Text name="text" value="$body"/><Choices name="label" toName="text"><Choice value="a"/><Choice value="b"/></Choices></View>';
      await server.ask('PATCH', `/api/projects/${server.projectId}/`, { label_config });
      const target = createLabelStudioTarget(createLabelStudioApi(server), settings);
      await expect(target.ping()).rejects.toThrow('<Text> shows $body, which no task of ours has');
      const batch = batchOf(target, [1]);
      await expect(target.send(batch, all(batch), never)).rejects.toThrow('LABEL_STUDIO_FIELDS');
      expect(await server.tasks()).toEqual([]);
    });

    it.each([
      ['a key it does not know', { apiKey: 'f'.repeat(40) }, 'LABEL_STUDIO_API_KEY'],
      ['a personal access token that is none', { apiKey: 'eyJhbGciOiJIUzI1NiJ9.bm9uZQ.bm9uZQ' }, 'personal access'],
      ['a project that is not there', { projectId: 987_654_321 }, 'is there a project 987654321'],
    ])('says what to do about %s', async (_name, wrong, advice) => {
      const api = createLabelStudioApi({ ...(await given()), ...wrong });
      const error = await createLabelStudioTarget(api, settings)
        .ping()
        .catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE', dependency: 'target' });
      expect((error as Error).message).toContain(advice);
      expect((error as Error).message).not.toContain('apiKey' in wrong ? wrong.apiKey : 'nothing');
    });
  });
}
