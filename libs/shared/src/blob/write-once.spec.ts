import { describe, expect, it } from 'vitest';
import { createMemoryBlobStore } from '../testing/memory-blob-store.ts';
import { sha256Of, verified, writeOnce } from './write-once.ts';

const content = Buffer.from('a content');
const sha256 = sha256Of(content);

describe('writing once', () => {
  it('puts the content there, with its digest', async () => {
    const blobs = createMemoryBlobStore();
    await writeOnce(blobs, 'a', content, sha256);
    expect(await blobs.read('a')).toEqual(new Uint8Array(content));
    expect(await blobs.metadata('a')).toEqual({ sha256 });
  });

  it('again changes nothing', async () => {
    const blobs = createMemoryBlobStore();
    await writeOnce(blobs, 'a', content, sha256);
    const before = await blobs.open('a');
    await writeOnce(blobs, 'a', content, sha256);
    expect((await blobs.open('a'))!.etag).toBe(before!.etag);
  });

  it('never replaces another content: that is a bug and stops', async () => {
    const blobs = createMemoryBlobStore();
    await blobs.create('a', Buffer.from('another'), { sha256: 'another' });
    await expect(writeOnce(blobs, 'a', content, sha256)).rejects.toMatchObject({ code: 'INVARIANT_BROKEN' });
    expect(String(Buffer.from((await blobs.read('a'))!))).toBe('another');
  });
});

describe('a verified source', () => {
  const source = async function* () {
    yield content.subarray(0, 3);
    yield content.subarray(3);
  };

  it('is the same bytes', async () => {
    const blobs = createMemoryBlobStore();
    await writeOnce(blobs, 'a', verified(source(), sha256, 'a release'), sha256);
    expect(await blobs.read('a')).toHaveLength(content.length);
  });

  it('with other bytes than promised is never written', async () => {
    const blobs = createMemoryBlobStore();
    const other = sha256Of(Buffer.from('other'));
    await expect(writeOnce(blobs, 'a', verified(source(), other, 'a release'), other)).rejects.toMatchObject({
      code: 'INVARIANT_BROKEN',
      message: 'a release has other bytes than planned',
    });
    expect(await blobs.read('a')).toBeNull();
  });
});
