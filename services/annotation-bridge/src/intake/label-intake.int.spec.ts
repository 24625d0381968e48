import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { createAzureBlobStore } from '@assay/shared/blob/azure-blob-store';
import type { BlobStore } from '@assay/shared/blob/blob-store';
import { labelMessageSchema, type LabelMessage } from '@assay/shared/contracts/label-message';
import { roles } from '@assay/shared/contracts/roles';
import { topics } from '@assay/shared/contracts/topics';
import { PipelineError } from '@assay/shared/errors/pipeline-error';
import type { OutgoingMessage, TopicWriter } from '@assay/shared/pipeline/topic-writer';
import type { Postgres } from '@assay/shared/postgres/postgres';
import { createTestDatabase, type TestDatabase } from '@assay/shared/testing/test-database';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { docIdOf } from '../testing/documents.ts';
import { LabelIntake } from './label-intake.ts';

let database: TestDatabase;
let postgres: Postgres;
beforeAll(async () => {
  database = await createTestDatabase();
  postgres = database.as(roles.bridge);
});
afterAll(() => database.drop());

const running = new AbortController().signal;
const warnings: string[] = [];
const quiet = () => {};
const log = {
  debug: quiet,
  info: quiet,
  warn: (_fields: object, text: string) => void warnings.push(text),
  error: quiet,
};

class Published implements TopicWriter {
  readonly messages: OutgoingMessage[] = [];
  async write(topic: { readonly name: string }, messages: readonly OutgoingMessage[]): Promise<void> {
    if (topic.name !== topics.labels.name) throw new Error(`labels do not go to ${topic.name}`);
    this.messages.push(...messages);
  }
  read(): readonly LabelMessage[] {
    return this.messages.map(({ value }) => labelMessageSchema.parse(JSON.parse(String(value))));
  }
}

/** A container of the test's own. */
let put: (path: string, content: string | Buffer) => Promise<void>;
let remove: (path: string) => Promise<void>;
let blobs: BlobStore;
let published: Published;

beforeEach(async () => {
  await database.admin.query('truncate assay.label_files, assay.rejected_rows');
  const connection = inject('blobConnectionString');
  const container = `labeled-${randomBytes(6).toString('hex')}`;
  blobs = createAzureBlobStore(connection, container);
  await blobs.ping();
  put = (path, content) => blobs.replace(path, Buffer.from(content), {});
  remove = async (path) => void (await blobs.delete(path));
  published = new Published();
});

const start = (writer: TopicWriter, parts: { blobs?: BlobStore; postgres?: Postgres } = {}): LabelIntake =>
  new LabelIntake({ blobs, postgres, writer, log, ...parts });

const files = async () =>
  (
    await database.admin.query(
      'select path, status, reason, row_count, published_count, rejected_count from assay.label_files order by read_at',
    )
  ).rows;

const HEADER = 'doc_id,text,annotator_id,label,confidence_score,annotated_at';
const path = '2026/11/21/labels.csv';

describe('LabelIntake', () => {
  it('sends rows with a doc_id and rows with only a text, in order, keyed so that a document stays in one partition', async () => {
    await put(path, `${HEADER}\n${docIdOf(1)},hello,ann,billing,0.93,2026-11-21T10:00:00+01:00\n,hello,bob,bug,0.5,\n`);
    expect(await start(published).round(running)).toBe(true);
    const [first, second] = published.read();
    expect(first).toMatchObject({
      op: 'vote',
      doc_id: docIdOf(1),
      annotator_id: 'ann',
      field: 'label',
      label: 'choice:billing',
      value: 'billing',
      confidence_score: 0.93,
      annotated_at: '2026-11-21T09:00:00.000Z',
      origin: { path, row: 1, tool: 'file', tool_annotation_id: null },
    });
    expect(second).toMatchObject({ doc_id: null, annotated_at: null, origin: { row: 2 } });
    const hash = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824';
    expect(published.messages.map(({ key }) => key)).toEqual([docIdOf(1), hash]);
    expect(await files()).toEqual([
      { path, status: 'read', reason: null, row_count: 2, published_count: 2, rejected_count: 0 },
    ]);
  });

  it('reads a file once, also after a restart', async () => {
    await put(path, `${HEADER}\n${docIdOf(1)},hello,ann,billing,0.9,\n`);
    const intake = start(published);
    await intake.round(running);
    expect(await intake.round(running)).toBe(false);
    expect(await start(published).round(running)).toBe(false);
    expect(published.messages).toHaveLength(1);
  });

  it('reads a file that was replaced in place as another file, and its first content never again', async () => {
    const rowOf = (label: string) => `${HEADER}\n${docIdOf(1)},hello,ann,${label},0.9,\n`;
    const intake = start(published);
    for (const label of ['billing', 'bug', 'billing']) {
      await put(path, rowOf(label));
      await intake.round(running);
    }
    expect(published.read().map(({ value }) => value)).toEqual(['billing', 'bug']);
    expect(await files()).toHaveLength(2);
  });

  it('reads the same content under two days as two files', async () => {
    for (const day of ['20', '21']) await put(`2026/11/${day}/a.csv`, `${HEADER}\n${docIdOf(1)},t,ann,billing,0.9,\n`);
    await start(published).round(running);
    expect(published.read().map(({ origin }) => origin.path)).toEqual(['2026/11/20/a.csv', '2026/11/21/a.csv']);
  });

  it('sends the rows again after a crash between Kafka and Postgres, with the same place and content', async () => {
    await put(path, `${HEADER}\n${docIdOf(1)},hello,ann,billing,0.9,\n${docIdOf(2)},hi,ann,bug,high,\n`);
    const crashed = new Published();
    const gone: Postgres = {
      ...postgres,
      transaction: () => Promise.reject(new PipelineError('DEPENDENCY_UNAVAILABLE', 'Postgres is gone')),
    };
    await expect(start(crashed, { postgres: gone }).round(running)).rejects.toThrow('gone');
    expect(await files()).toEqual([]);

    await start(published).round(running);
    expect(published.messages).toEqual(crashed.messages);
    expect(await files()).toMatchObject([{ row_count: 2, published_count: 1, rejected_count: 1 }]);
  });

  it('keeps rows that do not count, with their place and reason', async () => {
    await put(
      path,
      `${HEADER}\nT-1,hello,ann,billing,0.9,\n${docIdOf(2)},a\u0000b,ann,bug,high,\n${docIdOf(3)},c,ann,bug,0.9,\n`,
    );
    await start(published).round(running);
    const { rows } = await database.admin.query(
      'select row_number, reason, record from assay.rejected_rows order by 1',
    );
    expect(rows).toMatchObject([
      { row_number: 1, reason: 'unknown_document', record: { doc_id: 'T-1', text: 'hello' } },
      { row_number: 2, reason: 'confidence_not_a_number', record: { text: 'ab' } },
    ]);
    expect(published.read().map(({ origin }) => origin.row)).toEqual([3]);
  });

  it.each([
    ['empty_file', ''],
    ['unterminated_quote', `${HEADER}\n${docIdOf(1)},hello,ann,billing,0.9,\n${docIdOf(2)},"hello,ann,billing,0.9,\n`],
    ['missing_column:confidence_score', 'text,label\nx,y\n'],
    ['truncated_gzip', gzipSync(`${HEADER}\n${docIdOf(1)},${'hello'.repeat(500)},ann,billing,0.9,\n`).subarray(0, -12)],
  ])('rejects a file as a whole (%s), and sends none of its rows', async (reason, content) => {
    await put(path, content);
    await start(published).round(running);
    expect(published.messages).toEqual([]);
    expect(await files()).toMatchObject([{ status: 'rejected', reason, row_count: 0 }]);
  });

  it('reads windows-1252 without sending anything it read as UTF-8 first', async () => {
    const rows = Array.from({ length: 2000 }, (_, n) => `${docIdOf(n + 1)},text number ${n} of them,ann,bug,0.9,`);
    const text = `${HEADER}\n${rows.join('\n')}\n${docIdOf(9)},caf\u00e9,ann,bug,0.9,\n`;
    await put(path, Buffer.from(text, 'latin1'));
    await start(published).round(running);
    expect(published.messages).toHaveLength(2001);
    expect(published.read().at(-1)?.text).toBe('café');
    expect(published.read().map(({ origin }) => origin.row)).toEqual(Array.from({ length: 2001 }, (_, n) => n + 1));
  });

  it('takes an annotation back', async () => {
    await put(
      path,
      `doc_id,text,annotator_id,label,confidence_score,op,tool,annotation_id\n${docIdOf(1)},t,ann,bug,0.9,withdraw,argilla,17\n`,
    );
    await start(published).round(running);
    expect(published.read()).toMatchObject([{ op: 'withdraw', origin: { tool: 'argilla', tool_annotation_id: '17' } }]);
  });

  it('passes by what is not below a day, and says so once', async () => {
    await put('labels.csv', `${HEADER}\n`);
    const intake = start(published);
    await intake.round(running);
    await intake.round(running);
    expect(await files()).toEqual([]);
    expect(warnings.filter((text) => text.includes('YYYY/MM/DD'))).toHaveLength(1);
  });

  it('is not troubled by a file that is deleted between listing and reading', async () => {
    await put(path, `${HEADER}\n${docIdOf(1)},hello,ann,billing,0.9,\n`);
    const racing: BlobStore = {
      ...blobs,
      async *list(prefix) {
        for await (const blob of blobs.list(prefix)) {
          await remove(path);
          yield blob;
        }
      },
    };
    expect(await start(published, { blobs: racing }).round(running)).toBe(false);
    expect(await files()).toEqual([]);
  });

  it('stops in the middle of a file and reads it from its first row after the next start', async () => {
    const rows = Array.from({ length: 5000 }, (_, n) => `${docIdOf(n + 1)},text number ${n} of them,ann,bug,0.9,`);
    await put(path, `${HEADER}\n${rows.join('\n')}\n`);
    const stopping = new AbortController();
    const first = new Published();
    const stops: TopicWriter = {
      async write(topic, messages) {
        await first.write(topic, messages);
        stopping.abort();
      },
    };
    expect(await start(stops).round(stopping.signal)).toBe(false);
    expect(first.messages.length).toBeLessThan(5000);
    expect(await files()).toEqual([]);
    await start(published).round(running);
    expect(published.messages).toHaveLength(5000);
  });
});
