import { roles } from '@assay/shared/contracts/roles';
import type { Postgres } from '@assay/shared/postgres/postgres';
import { createMemoryBlobStore } from '@assay/shared/testing/memory-blob-store';
import { createTestDatabase, type TestDatabase } from '@assay/shared/testing/test-database';
import { defaultSettings } from '@assay/labels/label-row';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type ArgillaUnderTest,
  fakeArgillaWorkspace,
  LEFT_OUT,
  realArgilla,
  realArgillaWorkspace,
} from '../../testing/argilla/argilla-under-test.ts';
import { votesIn, votesStanding } from '../../testing/votes-in-files.ts';
import { createArgillaApi } from '../../targets/argilla/argilla-api.ts';
import { createArgillaTarget } from '../../targets/argilla/argilla-target.ts';
import { createWebhookInbox } from '../../webhooks/webhook-inbox.ts';
import { AnswerFiles } from '../answer-files.ts';
import { AnswerPull } from '../pull-answers.ts';
import { createArgillaSource } from './argilla-source.ts';

let database: TestDatabase;
let postgres: Postgres;
beforeAll(async () => {
  database = await createTestDatabase();
  postgres = database.as(roles.bridge);
});
afterAll(() => database.drop());
beforeEach(() => database.admin.query('truncate assay.tool_pulls, assay.tool_answers, assay.webhook_inbox'));

const never = new AbortController().signal;
const settings = { ...defaultSettings, missingConfidence: 0.9 };

function describeAnswers(name: string, start: () => Promise<ArgillaUnderTest>): void {
  describe(`answers of ${name}`, () => {
    let server: ArgillaUnderTest;
    let blobs: ReturnType<typeof createMemoryBlobStore>;
    let records: readonly string[];
    beforeEach(async () => {
      server = await start();
      blobs = createMemoryBlobStore();
      const limits = { maxDocuments: 3, maxBytes: 10_000, maxAgeMs: 0, metadataPaths: [] };
      const target = createArgillaTarget(createArgillaApi(server), { ...limits, dataset: server.dataset });
      const documents = [1, 2].map((number) => ({
        doc_id: number.toString(16).padStart(32, '0'),
        ticket_id: `T-${number}`,
        source: 'zendesk',
        datetime: '2026-11-21T09:30:00.000Z',
        priority: 5,
        text: 'It does not print.',
        fields: {},
      }));
      const docIds = documents.map(({ doc_id }) => doc_id);
      const batch = { batchId: 'a', docIds, parts: target.encode('a', new Date(0), documents) };
      const { externalIds } = await target.send(batch, new Set(docIds), never);
      records = docIds.map((docId) => externalIds.get(docId)!);
    });
    afterEach(() => server.close());

    async function respond(record: string, label: string): Promise<string> {
      const body = { values: { label: { value: label } }, status: 'submitted' };
      return ((await server.ask('POST', `/api/v1/records/${record}/responses`, body)) as { id: string }).id;
    }
    const change = (response: string, label: string, status = 'submitted') =>
      server.ask('PUT', `/api/v1/responses/${response}`, { values: { label: { value: label } }, status });

    async function pull(): Promise<void> {
      const source = createArgillaSource(createArgillaApi(server), server.dataset);
      const files = new AnswerFiles({ postgres, blobs, settings }, source);
      await new AnswerPull({ postgres, source, files, settings: { everyMs: 0, lookAgainMs: 3_600_000 } }).round(never);
    }
    const standing = () => votesStanding(blobs, settings);
    const exported = async () => votesIn(await server.records(), settings);

    it('brings responses back as label files in the tool’s own format, and once', async () => {
      for (const record of records) await respond(record, 'bug');
      await pull();
      await pull();
      expect(await standing()).toHaveLength(2);
      expect(await standing()).toEqual(await exported());
    });

    it.each<[string, (response: string) => Promise<unknown>, number]>([
      ['is changed', (response) => change(response, 'billing'), 1],
      ['is discarded', (response) => change(response, 'bug', 'discarded'), 0],
      ['is deleted', (response) => server.ask('DELETE', `/api/v1/responses/${response}`), 0],
    ])('takes back what a response said that %s, though nothing of its record moved', async (_name, act, left) => {
      const response = await respond(records[0]!, 'bug');
      await pull();
      await act(response);
      await pull();
      expect(await standing()).toHaveLength(left);
      expect(await standing()).toEqual(await exported());
    });

    it('finds by a webhook, or by looking again, that a record is gone with its responses', async () => {
      for (const record of records) await respond(record, 'bug');
      await pull();
      const [one, other] = records as [string, string];
      const { dataset_id: dataset } = (await server.ask('GET', `/api/v1/records/${one}`)) as { dataset_id: string };
      await server.ask('DELETE', `/api/v1/datasets/${dataset}/records?ids=${one},${other}`);
      await pull();
      await createWebhookInbox(postgres).add('argilla', { items: [one], answers: [] });
      await pull();
      expect((await standing()).length).toBeLessThan(2);
      await database.admin.query(`update assay.tool_answers set looked_at = now() - interval '2 hours'`);
      await pull();
      expect(await standing()).toEqual([]);
    });
  });
}

describeAnswers('a fake Argilla', fakeArgillaWorkspace);
describe.skipIf(realArgilla() === null)(`on a running server ${realArgilla() === null ? LEFT_OUT : ''}`, () => {
  describeAnswers('a real Argilla', realArgillaWorkspace);
});
