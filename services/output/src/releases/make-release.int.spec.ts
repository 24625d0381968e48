import type { BlobStore } from '@assay/shared/blob/blob-store';
import { LATEST_RELEASE, releaseManifestSchema } from '@assay/shared/contracts/release';
import { sha256Of } from '@assay/shared/blob/write-once';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OutputBed } from '../testing/output-bed.ts';
import { decision, docIdOf } from '../testing/known-decision.ts';
import { MIB } from '@assay/shared/contracts/units';
import { type DecidedLine, releaseLines } from './release-lines.ts';
import { makeRelease } from './make-release.ts';
import { jsonl } from '../formats/jsonl/jsonl.ts';
import { labelTable } from '../testing/label-table/label-table.ts';

let bed: OutputBed;
beforeAll(async () => void (bed = await OutputBed.start()));
afterAll(() => bed.stop());
beforeEach(() => bed.clear());

const FIRST = 'releases/000001/clean_training_dataset.jsonl';
const SECOND = 'releases/000002/clean_training_dataset.jsonl';
const textOf = async (name: string) => Buffer.from((await bed.blobs.read(name))!).toString();
const examples = async (name: string) =>
  (await textOf(name))
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
const documents = async (name: string) => (await examples(name)).map(({ doc_id }) => doc_id);
const latest = async () => releaseManifestSchema.parse(JSON.parse(await textOf(LATEST_RELEASE)));

/** The blob store as the process sees it that dies at its nth write, before or after it took effect. */
function dyingAt(write: number, when: 'before' | 'after'): BlobStore {
  let writes = 0;
  async function dying<T>(doWrite: () => Promise<T>): Promise<T> {
    const isLast = ++writes === write;
    if (isLast && when === 'before') throw new Error('killed');
    const result = await doWrite();
    if (isLast) throw new Error('killed');
    return result;
  }
  return {
    ...bed.blobs,
    create: (...args) => dying(() => bed.blobs.create(...args)),
    replace: (...args) => dying(() => bed.blobs.replace(...args)),
  };
}

describe('a release', () => {
  it('holds what is gold now, in order of doc_id, and nothing that was taken back', async () => {
    await bed.storeDocuments(5);
    await bed.apply(decision(4, 1, 'gold'), decision(2, 1, 'gold'), decision(3, 1, 'disagreement'));
    await bed.apply(decision(2, 2, 'disagreement'), decision(1, 1, 'gold'), decision(5, 1, 'gold'));
    await bed.apply(decision(5, 2, 'gold', { decided_at: '2026-11-22T00:00:00Z', rules_version: 'rules-2' }));

    const outcome = await bed.release();

    expect(await documents(FIRST)).toEqual([1, 4, 5].map(docIdOf));
    expect((await examples(FIRST)).at(-1)).toMatchObject({ version: 2, decided_at: '2026-11-22T00:00:00Z' });
    expect(outcome).toMatchObject({
      kind: 'released',
      manifest: { release: 1, line_count: 3, last_seq: 6, rules_versions: { 'rules-1': 2, 'rules-2': 1 } },
    });
    const manifest = await latest();
    expect(manifest).toEqual(JSON.parse(await textOf('releases/000001/manifest.json')));
    expect(manifest.sha256).toBe(sha256Of((await bed.blobs.read(FIRST))!));
    expect(manifest.bytes).toBe((await bed.blobs.read(FIRST))!.byteLength);
  });

  it('takes a number that no other release has files of: a restored database does not know them all', async () => {
    await bed.storeDocuments(1);
    await bed.apply(decision(1, 1, 'gold'));
    await bed.blobs.create('releases/000001/manifest.json', Buffer.from('{}'), {});

    expect(await bed.release()).toMatchObject({ kind: 'released', manifest: { release: 2, line_count: 1 } });
    expect(await documents(SECOND)).toEqual([docIdOf(1)]);
    expect(await textOf('releases/000001/manifest.json')).toBe('{}');
  });

  it('is not made twice of the same stream', async () => {
    await bed.storeDocuments(1);
    await bed.apply(decision(1, 1, 'gold'));

    const first = await bed.release();
    const second = await bed.release();

    expect(second).toEqual({ ...first, kind: 'unchanged' });
    expect(await bed.query('select release from assay.releases')).toHaveLength(1);
  });

  it('leaves the earlier ones as they are, and latest names the newest', async () => {
    await bed.storeDocuments(2);
    await bed.apply(decision(1, 1, 'gold'));
    await bed.release();
    const before = await textOf(FIRST);
    await bed.apply(decision(1, 2, 'disagreement'), decision(2, 1, 'gold'));

    await bed.release();

    expect(await textOf(FIRST)).toBe(before);
    expect(await documents(SECOND)).toEqual([docIdOf(2)]);
    expect((await latest()).release).toBe(2);
  });

  it('can be empty when everything was taken back, but is not made before anything was gold', async () => {
    await bed.storeDocuments(1);
    expect(await bed.release()).toEqual({ kind: 'empty' });
    await bed.apply(decision(1, 1, 'gold'));
    await bed.apply(decision(1, 2, 'low_confidence'));

    const outcome = await bed.release();

    expect(outcome).toMatchObject({ kind: 'released', manifest: { line_count: 0, bytes: 0 } });
  });

  it('goes over more than one page of documents', async () => {
    await bed.storeDocuments(1_203);
    await bed.apply(...Array.from({ length: 1_203 }, (_, index) => decision(index + 1, 1, 'gold')));

    await bed.release();

    expect(await documents(FIRST)).toEqual(Array.from({ length: 1_203 }, (_, index) => docIdOf(index + 1)));
  });

  it('is read from Postgres a few at a time, however long the texts are', async () => {
    await bed.storeDocuments(12, (number) => String(number % 10).repeat(MIB));
    await bed.apply(...Array.from({ length: 12 }, (_, index) => decision(index + 1, 1, 'gold')));
    const read: number[] = [];
    const postgres = {
      async query<Row>(...asked: Parameters<typeof bed.postgres.query>): Promise<readonly Row[]> {
        const rows = await bed.postgres.query<Row & { line: string }>(...asked);
        read.push(rows.reduce((sum, { line }) => sum + line.length, 0));
        return rows;
      },
    };

    const lines: DecidedLine[] = [];
    for await (const batch of releaseLines(postgres, 12)) lines.push(...batch);

    expect(lines.map(({ line }) => line.doc_id)).toEqual(Array.from({ length: 12 }, (_, index) => docIdOf(index + 1)));
    expect(Math.max(...read)).toBeLessThan(6 * MIB);
  });

  it('is the same when two make it at once', async () => {
    await bed.storeDocuments(3);
    await bed.apply(decision(1, 1, 'gold'), decision(2, 1, 'gold'), decision(3, 1, 'gold'));

    const outcomes = await Promise.allSettled([1, 2].map(() => bed.release()));

    // One of them may meet the other at the lock; the command line tries again then.
    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    expect(refused.map(({ code }) => code)).toEqual(refused.map(() => 'WRITE_CONFLICT'));
    await bed.release();
    expect(await bed.query('select release from assay.releases where confirmed_at is not null')).toHaveLength(1);
    expect(await documents(FIRST)).toEqual([1, 2, 3].map(docIdOf));
  });
});

describe('a release in several formats', () => {
  const TABLE = 'releases/000001/label_table.tsv';
  const BOTH = [jsonl, labelTable];

  it('has a file in each, and its manifest lists them', async () => {
    await bed.storeDocuments(2, (number) => `naïve\t${number}`);
    await bed.apply(decision(1, 1, 'gold'), decision(2, 1, 'gold'));

    await bed.release(BOTH);

    expect(await documents(FIRST)).toEqual([1, 2].map(docIdOf));
    expect(await textOf(TABLE)).toBe(
      [
        '"doc_id"\t"text"\t"label"\n',
        ...[1, 2].map((number) => `"${docIdOf(number)}"\t"naïve\\t${number}"\t"billing"\n`),
      ].join(''),
    );
    const { files, sha256, bytes, line_count } = await latest();
    expect(files).toEqual(
      await Promise.all(
        BOTH.map(async ({ name, fileName, mediaType }) => {
          const content = (await bed.blobs.read(`releases/000001/${fileName}`))!;
          return {
            name: fileName,
            format: name,
            media_type: mediaType,
            sha256: sha256Of(content),
            bytes: content.byteLength,
            line_count: 2,
          };
        }),
      ),
    );
    expect(files[0]).toMatchObject({ format: 'jsonl', sha256, bytes, line_count });
  });

  it('says in JSONL what it would say in JSONL alone', async () => {
    await bed.storeDocuments(1);
    await bed.apply(decision(1, 1, 'gold'));
    await bed.release();

    await bed.release(BOTH);

    expect(await textOf(SECOND)).toBe(await textOf(FIRST));
  });

  it('is made of the same stream when the newest lacks a format, and not when it has more', async () => {
    await bed.storeDocuments(1);
    await bed.apply(decision(1, 1, 'gold'));
    await bed.release();

    expect(await bed.release(BOTH)).toMatchObject({ kind: 'released', manifest: { release: 2 } });
    expect(await bed.release(BOTH)).toMatchObject({ kind: 'unchanged', manifest: { release: 2 } });
    expect(await bed.release()).toMatchObject({ kind: 'unchanged', manifest: { release: 2 } });
  });

  it.each([
    ['before the first file', 1, 'before'],
    ['between the files', 1, 'after'],
    ['before the second file', 2, 'before'],
    ['after the second file', 2, 'after'],
    ['after the manifest', 3, 'after'],
  ] as const)('that was interrupted %s is finished with the same bytes', async (_name, write, when) => {
    await bed.storeDocuments(2);
    await bed.apply(decision(1, 1, 'gold'));
    await expect(bed.release(BOTH, dyingAt(write, when))).rejects.toThrow('killed');
    const planned = await bed.query<{ name: string; sha256: string }>(
      'select name, sha256 from assay.release_files order by name',
    );
    await bed.apply(decision(1, 2, 'disagreement'), decision(2, 1, 'gold'));

    // Whoever finishes it knows the format, and need not have been asked for it.
    await makeRelease({ postgres: bed.postgres, blobs: bed.blobs, known: BOTH }, [jsonl]);

    expect(planned.map(({ name }) => name)).toEqual(['clean_training_dataset.jsonl', 'label_table.tsv']);
    for (const { name, sha256 } of planned)
      expect(sha256Of((await bed.blobs.read(`releases/000001/${name}`))!)).toBe(sha256);
    expect((await latest()).files.map(({ format }) => format)).toEqual(['jsonl']);
    expect((await latest()).release).toBe(2);
  });

  it('that an interrupted version began in a format of its own waits for that version', async () => {
    await bed.storeDocuments(1);
    await bed.apply(decision(1, 1, 'gold'));
    await expect(bed.release(BOTH, dyingAt(1, 'after'))).rejects.toThrow('killed');

    await expect(bed.release()).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('label-table'),
    });
    expect(await bed.blobNames()).not.toContain(LATEST_RELEASE);
  });
});

describe('a release that was interrupted', () => {
  it.each([
    ['before the file', 1, 'before'],
    ['after the file', 1, 'after'],
    ['before the manifest', 2, 'before'],
    ['after the manifest', 2, 'after'],
    ['before latest', 3, 'before'],
    ['after latest', 3, 'after'],
  ] as const)('%s is finished with the same bytes, though the stream has moved on', async (_name, write, when) => {
    await bed.storeDocuments(2);
    await bed.apply(decision(1, 1, 'gold'));
    await expect(bed.release([jsonl], dyingAt(write, when))).rejects.toThrow('killed');
    const [planned] = await bed.query<{ sha256: string }>('select sha256 from assay.release_files');
    await bed.apply(decision(1, 2, 'disagreement'), decision(2, 1, 'gold'));

    const outcome = await bed.release();

    expect(sha256Of((await bed.blobs.read(FIRST))!)).toBe(planned!.sha256);
    expect(await documents(FIRST)).toEqual([docIdOf(1)]);
    expect(outcome).toMatchObject({ kind: 'released', manifest: { release: 2 } });
    expect(await documents(SECOND)).toEqual([docIdOf(2)]);
    expect((await latest()).release).toBe(2);
    expect(await bed.query('select 1 from assay.releases where confirmed_at is null')).toHaveLength(0);
  });
});
