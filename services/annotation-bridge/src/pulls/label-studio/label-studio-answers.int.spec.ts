import { randomInt } from 'node:crypto';
import { labelSettings, readAnnotationBridgeConfig } from '../../config.ts';
import { roles } from '@assay/shared/contracts/roles';
import type { Postgres } from '@assay/shared/postgres/postgres';
import { createMemoryBlobStore } from '@assay/shared/testing/memory-blob-store';
import { createTestDatabase, type TestDatabase } from '@assay/shared/testing/test-database';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  fakeLabelStudioProject,
  type LabelStudioUnderTest,
  LEFT_OUT,
  realLabelStudio,
  realLabelStudioProject,
} from '../../testing/label-studio/label-studio-under-test.ts';
import { votesIn, votesStanding } from '../../testing/votes-in-files.ts';
import { createLabelStudioApi } from '../../targets/label-studio/label-studio-api.ts';
import { createWebhookInbox, type WebhookInbox } from '../../webhooks/webhook-inbox.ts';
import { AnswerFiles } from '../answer-files.ts';
import { AnswerPull } from '../pull-answers.ts';
import { createLabelStudioSource } from './label-studio-source.ts';

let database: TestDatabase;
let postgres: Postgres;
beforeAll(async () => {
  database = await createTestDatabase();
  postgres = database.as(roles.bridge);
});
afterAll(() => database.drop());
beforeEach(() => database.admin.query('truncate assay.tool_pulls, assay.tool_answers, assay.webhook_inbox'));

const never = new AbortController().signal;
const settings = {
  ...labelSettings(
    readAnnotationBridgeConfig({
      KAFKA_BROKERS: 'localhost:9092',
      DATABASE_URL: 'postgres://u:p@localhost/assay',
      BLOB_CONNECTION_STRING: 'file:///srv/blobs',
      CONNECT_URL: 'http://localhost:8083',
      ANNOTATION_BRIDGE_PSEUDONYM_KEY: `k1:${'0'.repeat(64)}`,
      ANNOTATION_BRIDGE_CONFIDENCE_MISSING: '0.9',
      ANNOTATION_BRIDGE_CONFIDENCE_CONTROL: 'confidence:5',
    }),
  ),
};

const choice = (label: string) => ({
  id: 'r1',
  from_name: 'label',
  to_name: 'text',
  type: 'choices',
  value: { choices: [label] },
});
const stars = (rating: number) => ({
  id: 'r2',
  from_name: 'confidence',
  to_name: 'text',
  type: 'rating',
  value: { rating },
});

function describeAnswers(name: string, start: () => Promise<LabelStudioUnderTest>): void {
  describe(`answers of ${name}`, () => {
    let server: LabelStudioUnderTest;
    let blobs: ReturnType<typeof createMemoryBlobStore>;
    let inbox: WebhookInbox;
    let tasks: readonly number[];
    beforeEach(async () => {
      server = await start();
      blobs = createMemoryBlobStore();
      inbox = createWebhookInbox(postgres);
      tasks = await importTasks(3);
    });
    afterEach(() => server.close());

    async function importTasks(count: number): Promise<readonly number[]> {
      const body = Array.from({ length: count }, () => ({
        data: {
          doc_id: randomInt(2 ** 32)
            .toString(16)
            .padStart(32, '0'),
          text: 'It does not print.',
        },
      }));
      const path = `/api/projects/${server.projectId}/import?return_task_ids=true&commit_to_project=true`;
      return ((await server.ask('POST', path, body)) as { task_ids: number[] }).task_ids;
    }
    async function annotate(task: number, label: string, more: object = {}): Promise<number> {
      const body = { result: [choice(label), stars(4)], was_cancelled: false, ...more };
      return ((await server.ask('POST', `/api/tasks/${task}/annotations/`, body)) as { id: number }).id;
    }
    const change = (annotation: number, body: object) => server.ask('PATCH', `/api/annotations/${annotation}/`, body);
    const remove = (annotation: number) => server.ask('DELETE', `/api/annotations/${annotation}/`);
    const removeTask = (task: number) => server.ask('DELETE', `/api/tasks/${task}/`);

    function pull({ lookAgainMs = 3_600_000, over = postgres } = {}): AnswerPull {
      const source = createLabelStudioSource(createLabelStudioApi(server));
      const files = new AnswerFiles({ postgres: over, blobs, settings }, source);
      return new AnswerPull({ postgres: over, source, files, settings: { everyMs: 0, lookAgainMs } });
    }
    /** All of what the server has by itself, annotated or not. */
    async function exported(): Promise<readonly string[]> {
      const page = `/api/tasks?project=${server.projectId}&page=1&page_size=1000&fields=all`;
      return votesIn(((await server.ask('GET', page)) as { tasks: unknown }).tasks, settings);
    }
    const standing = () => votesStanding(blobs, settings);
    const files = async () => {
      const names: string[] = [];
      for await (const { name: path } of blobs.list('')) names.push(path);
      return names;
    };

    it('brings answers back as label files in the tool’s own format, and once', async () => {
      await annotate(tasks[0]!, 'bug');
      await annotate(tasks[1]!, 'billing');
      await pull().round(never);
      await pull().round(never);
      expect(await standing()).toHaveLength(2);
      expect(await standing()).toEqual(await exported());
      expect(await files()).toEqual([
        expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/label-studio\/\d{8}T\d{9}Z-[0-9a-f-]{36}\.json$/),
      ]);
    });

    it.each<[string, (annotation: number, task: number) => Promise<unknown>, number]>([
      ['is changed', (annotation) => change(annotation, { result: [choice('billing'), stars(2)] }), 1],
      ['is skipped afterwards', (annotation) => change(annotation, { was_cancelled: true }), 0],
      ['becomes ground truth', (annotation) => change(annotation, { ground_truth: true }), 0],
      ['is deleted', (annotation) => remove(annotation), 0],
      ['is joined by another', (_annotation, task) => annotate(task, 'billing', { lead_time: 2 }), 2],
    ])('takes back what an annotation said that %s', async (_name, act, left) => {
      const annotation = await annotate(tasks[0]!, 'bug');
      await pull().round(never);
      await act(annotation, tasks[0]!);
      await pull().round(never);
      expect(await standing()).toHaveLength(left);
      expect(await standing()).toEqual(await exported());
    });

    it('counts an annotation again that was skipped and is not any more', async () => {
      const annotation = await annotate(tasks[0]!, 'bug');
      for (const was_cancelled of [true, false]) {
        await pull().round(never);
        await change(annotation, { was_cancelled });
      }
      await pull().round(never);
      expect(await standing()).toHaveLength(1);
      expect(await standing()).toEqual(await exported());
    });

    it('finds by a webhook of ids alone, or by looking again, that a task is gone with its annotations', async () => {
      for (const task of tasks.slice(0, 2)) await annotate(task, 'bug');
      await pull().round(never);
      await removeTask(tasks[0]!);
      await removeTask(tasks[1]!);
      await pull().round(never);
      expect(await standing()).toHaveLength(2); // no pull can see it
      await inbox.add('label-studio', { items: [String(tasks[0])], answers: [] });
      await pull().round(never);
      expect(await standing()).toHaveLength(1);
      await database.admin.query(`update assay.tool_answers set looked_at = now() - interval '2 hours'`);
      await pull().round(never);
      expect(await standing()).toEqual([]);
      expect(await exported()).toEqual([]);
    });

    it('does not take a new task that was given the id of a deleted one for it', async () => {
      const last = tasks[2]!;
      await annotate(last, 'bug');
      await pull().round(never);
      await removeTask(last);
      const [next] = await importTasks(1);
      await annotate(next!, 'bug');
      await inbox.add('label-studio', { items: [String(last)], answers: [] });
      await pull().round(never);
      expect(await standing()).toHaveLength(1);
      expect(await standing()).toEqual(await exported());
    });

    it('looks where a webhook says, by the id of an answer too, and once however often it is said', async () => {
      const annotation = await annotate(tasks[0]!, 'bug');
      await pull().round(never);
      await remove(annotation);
      for (let again = 0; again < 3; again++)
        await inbox.add('label-studio', { items: [], answers: [String(annotation), '987654'] });
      await pull().round(never);
      expect(await standing()).toEqual([]);
      expect((await database.admin.query('select * from assay.webhook_inbox')).rows).toEqual([]);
    });

    it.each(['label file', 'rows taken back', 'what was written'])('survives a crash before %s', async (where) => {
      const annotation = await annotate(tasks[0]!, 'bug');
      await pull().round(never);
      await change(annotation, { result: [choice('billing'), stars(1)] });
      const whole = blobs.create.bind(blobs);
      const dies = () => Promise.reject(new Error('the process is gone'));
      if (where === 'label file') blobs.create = dies;
      if (where === 'rows taken back')
        blobs.create = (path, ...rest) => (path.endsWith('.jsonl') ? dies() : whole(path, ...rest));
      const over = where === 'what was written' ? { ...postgres, transaction: dies } : postgres;
      await expect(pull({ over }).round(never)).rejects.toThrow('the process is gone');
      blobs.create = whole;
      await change(annotation, { result: [choice('bug'), stars(5)] });
      await pull().round(never);
      expect(await standing()).toHaveLength(1);
      expect(await standing()).toEqual(await exported());
      expect((await database.admin.query('select from assay.tool_answers where not is_written')).rows).toEqual([]);
    });
  });
}

describeAnswers('a fake Label Studio', fakeLabelStudioProject);
describe.skipIf(realLabelStudio() === null)(`on a running server ${realLabelStudio() === null ? LEFT_OUT : ''}`, () => {
  describeAnswers('a real Label Studio', realLabelStudioProject);
});
