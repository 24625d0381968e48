import { defaultSettings } from '@assay/labels/label-row';
import type { LabelChange } from '@assay/shared/contracts/label-message';
import { PipelineError } from '@assay/shared/errors/pipeline-error';
import type { TopicWriter } from '@assay/shared/pipeline/topic-writer';
import type { Postgres } from '@assay/shared/postgres/postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { docIdOf } from '../testing/documents.ts';
import { IntakeBed, Published } from '../testing/intake-bed.ts';
import { knownPrivacySettings } from '../testing/known-privacy.ts';
import { LabelFileReader } from './label-file-reader.ts';

const running = new AbortController().signal;
const HEADER = 'doc_id,annotator_id,label,confidence_score';
const path = '2026/11/21/labels.csv';

/** `1=bug` is a row about document 1. */
const fileOf = (...rows: readonly string[]): string => {
  const lines = rows.map((row) => {
    const [number, label] = row.split('=') as [string, string];
    return `${docIdOf(Number(number))},ann,${label},0.9`;
  });
  return [HEADER, ...lines, ''].join('\n');
};

/** What is sent, in the terms of `fileOf`: place and generation, then what the row says or whose row is gone. */
const told = (messages: readonly LabelChange[]): readonly string[] =>
  messages.map((message) => {
    const place = `${message.origin.row}/${message.origin.generation}`;
    const number = Number.parseInt(message.doc_id ?? '', 16);
    return message.op === 'remove' ? `${place} not ${number}` : `${place} ${number}=${String(message.value)}`;
  });

/** The newest content of a path stands for that path, and only what differs is sent. */
describe('a file that is replaced', () => {
  let bed: IntakeBed;
  beforeAll(async () => {
    bed = await IntakeBed.start(inject('blobConnectionString'));
  });
  afterAll(() => bed.stop());
  beforeEach(() => bed.clear());

  /** Takes a content in; answers what was sent of it. */
  async function takeIn(content: string | Buffer, intake = bed.intake()): Promise<readonly string[]> {
    const before = bed.published.messages.length;
    await bed.put(path, content);
    await intake.round(running);
    return told(bed.published.all().slice(before));
  }

  const files = () =>
    bed.rows<object>(`
      select generation, status, row_count, published_count, rejected_count, kept_count, withdrawn_count
        from assay.label_files order by generation`);

  it('sends rows that say something else, then takes back what they said before', async () => {
    await takeIn(fileOf('1=bill', '2=bug', '3=bug'));
    expect(await takeIn(fileOf('1=billing', '2=bug', '4=bug'))).toEqual([
      '1/2 1=billing',
      '3/2 4=bug',
      '1/2 not 1',
      '3/2 not 3',
    ]);
    expect(await files()).toMatchObject([
      { generation: 1, row_count: 3, published_count: 3, kept_count: 0 },
      { generation: 2, row_count: 3, published_count: 2, kept_count: 1 },
    ]);
  });

  it('sends only the new rows of a file that was appended to, however often', async () => {
    const rows = Array.from({ length: 1_200 }, (_, index) => `${index + 1}=bug`);
    await takeIn(fileOf(...rows));
    expect(await takeIn(fileOf(...rows, '2001=bug', '2002=bug'))).toEqual(['1201/2 2001=bug', '1202/2 2002=bug']);
    expect(await takeIn(fileOf(...rows, '2001=bug', '2002=bug', '2003=bug'))).toEqual(['1203/3 2003=bug']);
  });

  it('takes back what is no longer there, and says of a row that moved where it is before where it was', async () => {
    await takeIn(fileOf('1=bug', '2=bug', '3=bug'));
    expect(await takeIn(fileOf('2=bug', '3=bug'))).toEqual([
      '1/2 2=bug',
      '2/2 3=bug',
      '1/2 not 1',
      '2/2 not 2',
      '3/2 not 3',
    ]);
  });

  it('takes a content that comes back for a new one, and compares it with the one between', async () => {
    const first = fileOf('1=bug', '2=bug');
    await takeIn(first);
    await takeIn(fileOf('1=praise', '2=bug'));
    expect(await takeIn(first)).toEqual(['1/3 1=bug', '1/3 not 1']);
    expect(await files()).toMatchObject([{ generation: 1 }, { generation: 2 }, { generation: 3, kept_count: 1 }]);
  });

  it('sends nothing when the same bytes are put there again, also after a restart', async () => {
    const content = fileOf('1=bug');
    await takeIn(content);
    const intake = bed.intake();
    expect(await takeIn(content, intake)).toEqual([]);
    let reads = 0;
    const counted = { ...bed.blobs, read: () => Promise.reject(new Error(`read ${++reads} times`)) };
    expect(await bed.intake(bed.published, { blobs: counted }).round(running)).toBe(false);
    expect(await files()).toHaveLength(1);
  });

  it('takes everything back when it is emptied, or replaced by what cannot be read, and knows it again', async () => {
    const content = fileOf('1=bug', '2=bug');
    await takeIn(content);
    expect(await takeIn(`${content}"`)).toEqual(['1/2 not 1', '2/2 not 2']);
    expect(await takeIn(content)).toEqual(['1/3 1=bug', '2/3 2=bug']);
    expect(await takeIn(`${HEADER}\n`)).toEqual(['1/4 not 1', '2/4 not 2']);
    expect(await files()).toMatchObject([
      {},
      { status: 'rejected', row_count: 0 },
      {},
      { status: 'read', row_count: 0 },
    ]);
  });

  it('forgets rejected rows that were mended, keeps those that are still there, and counts each once', async () => {
    const rejected = async () =>
      (
        await bed.rows<{ row: string }>(
          `select row_number || '/' || generation as row from assay.rejected_rows order by row_number`,
        )
      ).map(({ row }) => row);
    const broken = `${HEADER}\n${docIdOf(1)},ann,bug,high\n${docIdOf(2)},ann,bug,low\n${docIdOf(3)},ann,bug,0.9\n`;
    await takeIn(broken);
    expect(await rejected()).toEqual(['1/1', '2/1']);
    expect(await takeIn(broken.replace('high', '0.9'))).toEqual(['1/2 1=bug']);
    expect(await rejected()).toEqual(['2/1']);
    expect(await files()).toMatchObject([
      { row_count: 3, published_count: 1, rejected_count: 2 },
      { row_count: 3, published_count: 1, rejected_count: 0, kept_count: 2, withdrawn_count: 1 },
    ]);
    expect(await takeIn(broken)).toEqual(['1/3 not 1']);
    expect(await rejected()).toEqual(['1/3', '2/1']);
  });

  /** Fails when it is asked to write for the nth time. */
  const failingAt = (nth: number, published: Published): TopicWriter => {
    let writes = 0;
    return {
      async write(topic, messages) {
        if (++writes === nth) throw new PipelineError('DEPENDENCY_UNAVAILABLE', 'Kafka is gone');
        await published.write(topic, messages);
      },
    };
  };
  const many = (label: string) => Array.from({ length: 1_100 }, (_, index) => `${index + 1}=${label}`);

  it.each([1, 2, 3, 4, 5])('sends the same again after a crash at its write %i', async (nth) => {
    await takeIn(fileOf('1=praise', '2=praise', ...many('bug')));
    await bed.put(path, fileOf('1=praise', ...many('bug')));
    const crashed = new Published();
    await expect(bed.intake(failingAt(nth, crashed)).round(running)).rejects.toThrow('Kafka is gone');
    bed.published.messages.length = 0;
    await bed.intake().round(running);
    expect(bed.published.messages.slice(0, crashed.messages.length)).toEqual(crashed.messages);
    const { published_count } = (await files())[1] as { published_count: number };
    expect(published_count).toBe(bed.published.read().length);
  });

  it('sends the same again after a crash between the last message and its memory', async () => {
    await takeIn(fileOf('1=bug', '2=bug'));
    await bed.put(path, fileOf('1=praise', '2=bug'));
    const gone: Postgres = {
      ...bed.postgres,
      transaction: () => Promise.reject(new PipelineError('DEPENDENCY_UNAVAILABLE', 'Postgres is gone')),
    };
    const crashed = new Published();
    await expect(bed.intake(crashed, { postgres: gone }).round(running)).rejects.toThrow('gone');
    bed.published.messages.length = 0;
    await bed.intake().round(running);
    expect(bed.published.messages).toEqual(crashed.messages);
  });

  it('takes back what may have been sent of a content that was replaced before all of it was', async () => {
    await takeIn(fileOf('1=bug', '2=bug', '3=bug'));
    await bed.put(path, fileOf('1=praise', '2=bug', '4=bug'));
    await expect(bed.intake(failingAt(2, new Published())).round(running)).rejects.toThrow('Kafka is gone');
    // Row 1 says again what it said in generation 1, and the validator may have heard otherwise meanwhile.
    expect(await takeIn(fileOf('1=bug', '2=bug'))).toEqual([
      '1/3 1=bug',
      '1/3 not 1',
      '3/3 not 3',
      '1/3 not 1',
      '3/3 not 4',
    ]);
    expect(await files()).toMatchObject([{ generation: 1 }, { generation: 3, row_count: 2, kept_count: 1 }]);
  });

  it('does not trust what it has sent under other settings, and takes it back', async () => {
    const content = `${HEADER}\n${docIdOf(1)},ann,bug,\n${docIdOf(2)},ann,bug,0.9\n`;
    await bed.put(path, content);
    const settings = { ...defaultSettings, missingConfidence: 0.5 };
    await expect(bed.intake(failingAt(1, new Published()), { settings }).round(running)).rejects.toThrow(
      'Kafka is gone',
    );
    await bed.intake().round(running);
    expect(told(bed.published.all())).toEqual([]);
    await bed.intake().round(running);
    expect(told(bed.published.all())).toEqual(['2/2 2=bug', '1/2 not 1', '2/2 not 2']);
  });

  it('is sent by one of two instances when it is replaced while the other sends it', async () => {
    await takeIn(fileOf(...many('bug')));
    await bed.put(path, fileOf(...many('praise')));
    const first = new Published();
    const second = new Published();
    let isReplaced = false;
    const reader = new LabelFileReader({ settings: defaultSettings, privacy: knownPrivacySettings });
    const other = bed.intake(second, { reader });
    const slow: TopicWriter = {
      async write(topic, messages) {
        await first.write(topic, messages);
        if (isReplaced) return;
        isReplaced = true;
        await bed.put(path, fileOf('1=other'));
        await other.round(running);
      },
    };
    expect(await bed.intake(slow).round(running)).toBe(false);
    expect(first.messages).toHaveLength(500);
    // What the first one has sent is taken back by the second, and so is what it was about to send.
    const removed = second.removals().map(({ origin }) => origin.row);
    expect(new Set(removed).size).toBe(1_100);
    expect(await files()).toMatchObject([{ generation: 1 }, { generation: 3, row_count: 1 }]);
    expect(await other.round(running)).toBe(false);
    await reader.close();
  });

  it('keeps what its rows say only of its newest content', async () => {
    await takeIn(fileOf('1=bug'));
    await takeIn(fileOf('1=bug', '2=bug'));
    const kept = await bed.rows('select generation, last_row from assay.label_file_rows');
    expect(kept).toEqual([{ generation: 2, last_row: 2 }]);
  });

  it('that an earlier release has read is sent whole, and every row the validator has of it is taken back', async () => {
    await bed.rows(`
      insert into assay.label_files (path, sha256, etag, bytes, status, row_count, published_count, rejected_count)
      values ('${path}', repeat('a', 64), 'old', 1, 'read', 3, 2, 1)`);
    await bed.rows(`
      insert into assay.newest_contents (path, generation, sha256, etag, is_sent)
      values ('${path}', 0, repeat('a', 64), 'old', true)`);
    await bed.rows(`
      insert into assay.rejected_rows (path, file_sha256, row_number, reason, record)
      values ('${path}', repeat('a', 64), 3, 'malformed_row', 'null')`);
    await bed.rows(`
      insert into public.documents (doc_id, source, ticket_id, text, text_hash, priority, fields, masked, bronze_path)
      values ('${docIdOf(1)}', 'spec', '1', 't', repeat('b', 64), 5, '{}', '{}', 'none')`);
    await bed.rows(`
      insert into public.annotations (
        annotation_id, doc_id, field, label, value, confidence_score, raw_annotation_path, raw_row, file_sha256, tool
      )
      values (repeat('1', 32), '${docIdOf(1)}', 'label', 'choice:bug', '"bug"', 0.9, '${path}', 1, repeat('a', 64), 'file')`);
    await bed.rows(`
      insert into assay.unmatched_labels (path, file_sha256, row_number, partition, doc_id, message)
      values ('${path}', repeat('a', 64), 2, 0, '${docIdOf(2)}', '{}')`);
    expect(await takeIn(fileOf('1=bug', '3=bug'))).toEqual(['1/1 1=bug', '2/1 3=bug', '1/1 not 1', '2/1 not 2']);
    expect(await files()).toMatchObject([{ generation: 0 }, { generation: 1, withdrawn_count: 1 }]);
  });

  it('whose rows Kafka has lost goes out again as it was, each row under its generation', async () => {
    await takeIn(fileOf('1=bug', '2=bug'));
    await takeIn(fileOf('1=bug', '2=praise'));
    const sent = bed.published.read();
    bed.published.messages.length = 0;
    await bed.rows(`update assay.label_files set is_wanted_again = true where generation = 2`);
    await bed.intake().round(running);
    expect(bed.published.read()).toEqual([sent[0], sent[2]]);
    expect(await bed.rows('select from assay.label_files where is_wanted_again')).toEqual([]);
  });
});
