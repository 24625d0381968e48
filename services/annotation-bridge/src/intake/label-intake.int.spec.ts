import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { defaultSettings, type SourceSettings } from '@assay/labels/label-row';
import type { BlobStore } from '@assay/shared/blob/blob-store';
import { PipelineError } from '@assay/shared/errors/pipeline-error';
import type { TopicWriter } from '@assay/shared/pipeline/topic-writer';
import type { Postgres } from '@assay/shared/postgres/postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { docIdOf } from '../testing/documents.ts';
import { IntakeBed, Published } from '../testing/intake-bed.ts';
import { knownPrivacySettings } from '../testing/known-privacy.ts';
import { LabelFileReader } from './label-file-reader.ts';

const running = new AbortController().signal;
let bed: IntakeBed;
beforeAll(async () => {
  bed = await IntakeBed.start(inject('blobConnectionString'));
});
afterAll(() => bed.stop());

/** A container of the test's own. */
let put: IntakeBed['put'];
let blobs: BlobStore;
let published: Published;
const start: IntakeBed['intake'] = (...parts) => bed.intake(...parts);

beforeEach(async () => {
  await bed.clear();
  ({ put, blobs, published } = bed);
});

const files = async () =>
  (
    await bed.database.admin.query(
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

  it('masks what annotators wrote before it is sent or kept, and readers see how much there was of what', async () => {
    const rows = [
      `${docIdOf(1)},,ann@example.com,ask bob@example.com,0.9,`,
      `${docIdOf(1)},,ann@example.com,,says carla@example.com,`,
    ];
    await put(path, `${HEADER}\n${rows.join('\n')}\n`);
    await start(published).round(running);
    const { rows: rejected } = await bed.database.admin.query('select record from assay.rejected_rows');
    expect(rejected).toHaveLength(1);
    expect(JSON.stringify([published.read(), rejected])).not.toContain('@example.com');
    const { rows: seen } = await bed.database.admin.query('select notes from lineage.label_files');
    expect(seen).toEqual([{ notes: [{ code: 'masked', counts: { EMAIL_ADDRESS: 4 } }] }]);
  });

  it('reads a file once, also after a restart', async () => {
    await put(path, `${HEADER}\n${docIdOf(1)},hello,ann,billing,0.9,\n`);
    const intake = start(published);
    await intake.round(running);
    expect(await intake.round(running)).toBe(false);
    expect(await start(published).round(running)).toBe(false);
    expect(published.messages).toHaveLength(1);
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
      ...bed.postgres,
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
    const { rows } = await bed.database.admin.query(
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
    expect(bed.warnings.filter((text) => text.includes('YYYY/MM/DD'))).toHaveLength(1);
  });

  it('passes over what is no label file by its name, and tells how many', async () => {
    const row = `${HEADER}\n${docIdOf(1)},t,ann,bug,0.9,\n`;
    for (const name of ['part.csv.tmp', '_SUCCESS', '.part.csv.crc', 'part.csv.inprogress', 'part.csv.PARTIAL'])
      await put(`2026/11/21/${name}`, row);
    const intake = start(published);
    await intake.round(running);
    await intake.round(running);
    expect(published.messages).toEqual([]);
    expect([await files(), bed.warnings]).toEqual([[], []]);
    expect(bed.debugged).toEqual([{ count: 5 }]);
    // The writer is done and gives it its name.
    await put('2026/11/21/part.csv', row);
    await intake.round(running);
    expect(published.messages).toHaveLength(1);
  });

  it('keeps the records of a thousand rejected rows, and the place and reason of all', async () => {
    const rows = Array.from({ length: 11_500 }, (_, n) => (n % 2 === 0 ? 'x' : `t${n},bug,2`));
    await put(path, `text,label,confidence_score\n${rows.join('\n')}\n`);
    await start(published).round(running);
    expect(await files()).toMatchObject([{ row_count: 11_500, rejected_count: 11_500 }]);
    const { rows: told } = await bed.database.admin.query(`
      select reason, count(*)::integer, count(*) filter (where record <> 'null')::integer as kept,
             min(row_number) as first, max(row_number) as last
        from assay.rejected_rows group by reason order by reason`);
    expect(told).toEqual([
      { reason: 'confidence_out_of_range', count: 5750, kept: 500, first: 2, last: 11_500 },
      { reason: 'malformed_row', count: 5750, kept: 500, first: 1, last: 11_499 },
    ]);
  });

  it('sets a file aside that ends its reader three times, and goes on with the others', async () => {
    const good = '2026/11/21/z.csv';
    const reader = new LabelFileReader({ settings: defaultSettings, privacy: knownPrivacySettings }, { heapMb: 48 });
    const task = { id: 1, data: { text: 't' }, annotations: [{ id: 1, result: [] }] };
    await put(path, `[${Array.from({ length: 500_000 }, () => JSON.stringify(task)).join(',')}]`);
    await put(good, `${HEADER}\n${docIdOf(1)},hello,ann,billing,0.9,\n`);
    const intake = start(published, { reader });
    await intake.round(running);
    expect(published.messages).toHaveLength(1);
    expect(await files()).toMatchObject([{ path: good, status: 'read' }]);
    await intake.round(running);
    await intake.round(running);
    expect(await files()).toMatchObject([{ path: good }, { path, status: 'rejected', reason: 'unreadable' }]);
    expect(await intake.round(running)).toBe(false);
    await reader.close();
  });

  it('rejects a file that is too large by its listing, without reading a byte', async () => {
    await put(path, `${HEADER}\n`);
    const large: BlobStore = {
      ...blobs,
      async *list(prefix) {
        for await (const blob of blobs.list(prefix)) yield { ...blob, size: 256 * 1024 * 1024 + 1 };
      },
      read: () => Promise.reject(new Error('nobody reads this')),
    };
    const intake = start(published, { blobs: large });
    expect(await intake.round(running)).toBe(true);
    expect(await files()).toMatchObject([{ path, status: 'rejected', reason: 'too_large', row_count: 0 }]);
    expect(await intake.round(running)).toBe(false);
  });

  it('reads a file that is appended to only when it has been quiet', async () => {
    const appended: BlobStore = {
      ...blobs,
      async *list(prefix) {
        for await (const blob of blobs.list(prefix)) yield { ...blob, mayGrow: true };
      },
    };
    await put(path, `${HEADER}\n${docIdOf(1)},hello,ann,bill`);
    let now = new Date();
    const intake = start(published, { blobs: appended, now: () => now });
    await intake.round(running);
    expect(published.messages).toEqual([]);
    await put(path, `${HEADER}\n${docIdOf(1)},hello,ann,billing,0.9,\n`);
    await intake.round(running);
    expect(published.messages).toEqual([]);
    now = new Date(now.getTime() + 10 * 60_000);
    await intake.round(running);
    expect(published.read().map(({ value }) => value)).toEqual(['billing']);
    expect(await files()).toHaveLength(1);
  });

  it('passes by a name that no key can hold, and reads what stands beside it', async () => {
    await put(`2026/11/21/${'a'.repeat(900)}.csv`, `${HEADER}\n`);
    await put(path, `${HEADER}\n${docIdOf(1)},hello,ann,billing,0.9,\n`);
    const intake = start(published);
    await intake.round(running);
    await intake.round(running);
    expect(await files()).toMatchObject([{ path }]);
    expect(bed.warnings).toEqual([expect.stringContaining('512 bytes')]);
  });

  it('is not troubled by a file that is deleted between listing and reading', async () => {
    await put(path, `${HEADER}\n${docIdOf(1)},hello,ann,billing,0.9,\n`);
    const racing: BlobStore = {
      ...blobs,
      async *list(prefix) {
        for await (const blob of blobs.list(prefix)) {
          await blobs.delete(path);
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

/** What a running server sent, with ids as our documents have them. */
function captured(sample: string, ids: Readonly<Record<string, number>>): unknown {
  const file = new URL(`../../../../libs/labels/testdata/formats/${sample}.json`, import.meta.url);
  const named = Object.entries(ids).reduce(
    (text, [id, number]) => text.replaceAll(`"doc_id":"${id}"`, `"doc_id":"${docIdOf(number)}"`),
    JSON.stringify(JSON.parse(readFileSync(file, 'utf8'))),
  );
  return (JSON.parse(named) as { response: { body: unknown } }).response.body;
}

const rejectedRows = async () =>
  (await bed.database.admin.query('select row_number, reason, record from assay.rejected_rows order by 1')).rows;
const notes = async () =>
  (await bed.database.admin.query<{ notes: unknown }>('select notes from assay.label_files')).rows[0]?.notes;

describe('an export dropped below a day', () => {
  const ids = { d41d01: 1, d41d09: 9, h1: 11, h2: 12, u1: 13, d1: 21 };

  it('of Label Studio is read by its own format, wherever its confidence comes from', async () => {
    const tasks = captured('label-studio/export-json', ids) as { annotations: { id: number; result: object[] }[] }[];
    const sure = new Map([
      [1, 4],
      [2, 6],
    ]);
    for (const { id, result } of tasks.flatMap(({ annotations }) => annotations)) {
      const rating = sure.get(id);
      const control = { from_name: 'sure', to_name: 'text', type: 'rating', value: { rating } };
      if (rating !== undefined) result.push(control);
    }
    await put('2026/11/21/project-7', JSON.stringify(tasks));
    const settings: SourceSettings = { ...defaultSettings, tools: { confidence: { name: 'sure', scale: 5 } } };
    await start(published, { settings }).round(running);

    expect(published.read()).toMatchObject([
      {
        op: 'vote',
        doc_id: docIdOf(1),
        text: 'My invoice is wrong',
        field: 'label',
        annotator_id: '1',
        value: 'bug',
        confidence_score: 0.8,
        annotated_at: '2026-11-21T08:01:37.363707Z',
        origin: { path: '2026/11/21/project-7', row: 1, tool: 'label-studio', tool_annotation_id: '1' },
      },
    ]);
    const rejected = await rejectedRows();
    expect(rejected.map(({ row_number, reason }) => [row_number, reason])).toEqual([
      [2, 'confidence_out_of_range'],
      ...[3, 4, 5, 6, 7, 8].map((row) => [row, 'confidence_missing']),
    ]);
    expect(rejected[0]).toMatchObject({ record: { tool: 'label-studio', annotation_id: '2', confidence_score: 1.2 } });
    expect(await files()).toMatchObject([{ status: 'read', row_count: 8, published_count: 1, rejected_count: 7 }]);
    expect(await notes()).toEqual([
      { code: 'tool_export', format: 'label-studio' },
      { code: 'not_a_vote', reason: 'skipped', count: 1 },
      { code: 'not_a_vote', reason: 'ground_truth', count: 1 },
      { code: 'not_a_vote', reason: 'draft', count: 1 },
      { code: 'not_a_vote', reason: 'prediction', count: 5 },
    ]);
  });

  it('of Argilla too, and a missing confidence may mean something', async () => {
    await put(path, JSON.stringify(captured('argilla/search-all', ids)));
    const tools = { confidence: { name: 'confidence', scale: 10 } };
    await start(published, { settings: { ...defaultSettings, missingConfidence: 0.5, tools } }).round(running);

    const [first, second] = published.read();
    expect(first).toMatchObject({
      doc_id: docIdOf(21),
      annotator_id: 'cbade070-dec4-4d4c-834a-962f5a16c6ba',
      field: 'label',
      value: 'bug',
      confidence_score: 0.8,
      origin: { row: 1, tool: 'argilla' },
    });
    expect(second).toMatchObject({ confidence_score: 0.5, origin: { row: 2, tool: 'argilla' } });
    expect(new Set(published.read().map(({ origin }) => origin.tool_annotation_id)).size).toBe(2);
    expect(await notes()).toEqual([
      { code: 'tool_export', format: 'argilla' },
      { code: 'not_a_vote', reason: 'discarded', count: 4 },
      { code: 'not_a_vote', reason: 'unlabelled', count: 3 },
      { code: 'not_a_vote', reason: 'prediction', count: 4 },
      { code: 'confidence_assumed', confidence: 0.5, count: 1 },
    ]);
  });

  it('that was cut off is rejected as a whole', async () => {
    const content = JSON.stringify(captured('label-studio/export-json', ids));
    await put(path, content.slice(0, -20));
    await start(published).round(running);
    expect(published.messages).toEqual([]);
    expect(await files()).toMatchObject([{ status: 'rejected', reason: 'malformed_json', row_count: 0 }]);
  });
});
