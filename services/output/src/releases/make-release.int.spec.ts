import type { BlobStore } from '@assay/shared/blob/blob-store';
import { LATEST_RELEASE, releaseManifestSchema } from '@assay/shared/contracts/release';
import { sha256Of } from '@assay/shared/blob/write-once';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OutputBed } from '../testing/output-bed.ts';
import { decision, docIdOf } from '../testing/known-decision.ts';
import { makeRelease } from './make-release.ts';

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

describe('a release', () => {
  it('holds what is gold now, in order of doc_id, and nothing that was taken back', async () => {
    await bed.storeDocuments(5);
    await bed.decide(decision(4, 1, 'gold'), decision(2, 1, 'gold'), decision(3, 1, 'disagreement'));
    await bed.decide(decision(2, 2, 'disagreement'), decision(1, 1, 'gold'), decision(5, 1, 'gold'));
    await bed.decide(decision(5, 2, 'gold', { decided_at: '2026-11-22T00:00:00Z', rules_version: 'rules-2' }));

    const outcome = await makeRelease(bed.postgres, bed.blobs);

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

  it('is not made twice of the same stream', async () => {
    await bed.storeDocuments(1);
    await bed.decide(decision(1, 1, 'gold'));

    const first = await makeRelease(bed.postgres, bed.blobs);
    const second = await makeRelease(bed.postgres, bed.blobs);

    expect(second).toEqual({ ...first, kind: 'unchanged' });
    expect(await bed.query('select release from assay.releases')).toHaveLength(1);
  });

  it('leaves the earlier ones as they are, and latest names the newest', async () => {
    await bed.storeDocuments(2);
    await bed.decide(decision(1, 1, 'gold'));
    await makeRelease(bed.postgres, bed.blobs);
    const before = await textOf(FIRST);
    await bed.decide(decision(1, 2, 'disagreement'), decision(2, 1, 'gold'));

    await makeRelease(bed.postgres, bed.blobs);

    expect(await textOf(FIRST)).toBe(before);
    expect(await documents(SECOND)).toEqual([docIdOf(2)]);
    expect((await latest()).release).toBe(2);
  });

  it('can be empty when everything was taken back, but is not made before anything was gold', async () => {
    await bed.storeDocuments(1);
    expect(await makeRelease(bed.postgres, bed.blobs)).toEqual({ kind: 'empty' });
    await bed.decide(decision(1, 1, 'gold'));
    await bed.decide(decision(1, 2, 'low_confidence'));

    const outcome = await makeRelease(bed.postgres, bed.blobs);

    expect(outcome).toMatchObject({ kind: 'released', manifest: { line_count: 0, bytes: 0 } });
  });

  it('goes over more than one page of documents', async () => {
    await bed.storeDocuments(1_203);
    await bed.decide(...Array.from({ length: 1_203 }, (_, index) => decision(index + 1, 1, 'gold')));

    await makeRelease(bed.postgres, bed.blobs);

    expect(await documents(FIRST)).toEqual(Array.from({ length: 1_203 }, (_, index) => docIdOf(index + 1)));
  });

  it('is the same when two make it at once', async () => {
    await bed.storeDocuments(3);
    await bed.decide(decision(1, 1, 'gold'), decision(2, 1, 'gold'), decision(3, 1, 'gold'));

    const outcomes = await Promise.allSettled([1, 2].map(() => makeRelease(bed.postgres, bed.blobs)));

    // One of them may meet the other at the lock; the command line tries again then.
    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    expect(refused.map(({ code }) => code)).toEqual(refused.map(() => 'WRITE_CONFLICT'));
    await makeRelease(bed.postgres, bed.blobs);
    expect(await bed.query('select release from assay.releases where confirmed_at is not null')).toHaveLength(1);
    expect(await documents(FIRST)).toEqual([1, 2, 3].map(docIdOf));
  });
});

describe('a release that was interrupted', () => {
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

  it.each([
    ['before the file', 1, 'before'],
    ['after the file', 1, 'after'],
    ['before the manifest', 2, 'before'],
    ['after the manifest', 2, 'after'],
    ['before latest', 3, 'before'],
    ['after latest', 3, 'after'],
  ] as const)('%s is finished with the same bytes, though the stream has moved on', async (_name, write, when) => {
    await bed.storeDocuments(2);
    await bed.decide(decision(1, 1, 'gold'));
    await expect(makeRelease(bed.postgres, dyingAt(write, when))).rejects.toThrow('killed');
    const [planned] = await bed.query<{ sha256: string }>('select sha256 from assay.releases');
    await bed.decide(decision(1, 2, 'disagreement'), decision(2, 1, 'gold'));

    const outcome = await makeRelease(bed.postgres, bed.blobs);

    expect(sha256Of((await bed.blobs.read(FIRST))!)).toBe(planned!.sha256);
    expect(await documents(FIRST)).toEqual([docIdOf(1)]);
    expect(outcome).toMatchObject({ kind: 'released', manifest: { release: 2 } });
    expect(await documents(SECOND)).toEqual([docIdOf(2)]);
    expect((await latest()).release).toBe(2);
    expect(await bed.query('select 1 from assay.releases where confirmed_at is null')).toHaveLength(0);
  });
});
