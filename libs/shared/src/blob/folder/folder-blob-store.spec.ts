import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { describeBlobStore } from '../blob-store.contract.ts';
import { createFolderBlobStore } from './folder-blob-store.ts';

const made: string[] = [];
const newFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), 'assay-blobs-'));
  made.push(folder);
  return folder;
};
afterAll(() => made.forEach((folder) => rmSync(folder, { recursive: true })));

// The folder does not exist yet: whoever comes first makes it.
describeBlobStore('a folder', async () => createFolderBlobStore(join(newFolder(), 'blobs')));

const listed = async (blobs: ReturnType<typeof createFolderBlobStore>) => {
  const found: [string, boolean][] = [];
  for await (const { name, mayGrow } of blobs.list('')) found.push([name, mayGrow]);
  return found;
};

describe('files that people put into the folder', () => {
  it('are blobs, and may still grow', async () => {
    const root = newFolder();
    const blobs = createFolderBlobStore(root);
    await blobs.create('2026/ours.csv', Buffer.from('x'), {});
    writeFileSync(join(root, '2026/theirs.csv'), 'label');
    expect(await listed(blobs)).toEqual([
      ['2026/ours.csv', false],
      ['2026/theirs.csv', true],
    ]);
    expect(String(Buffer.from((await blobs.read('2026/theirs.csv'))!))).toBe('label');
    expect(await blobs.metadata('2026/theirs.csv')).toEqual({});
  });

  it('are found behind a link to their folder', async () => {
    const [root, elsewhere] = [newFolder(), newFolder()];
    mkdirSync(join(elsewhere, 'deep'));
    writeFileSync(join(elsewhere, 'deep', 'a.csv'), 'label');
    symlinkSync(elsewhere, join(root, 'linked'));
    expect(await listed(createFolderBlobStore(root))).toEqual([['linked/deep/a.csv', true]]);
  });

  it('have another etag when somebody writes into them', async () => {
    const root = newFolder();
    const blobs = createFolderBlobStore(root);
    await blobs.create('a', Buffer.from('one'), { by: 'us' });
    const { etag } = (await blobs.open('a'))!;
    writeFileSync(join(root, 'a'), 'other');
    expect(await blobs.read('a', { etag })).toBeNull();
    expect(await blobs.metadata('a')).toEqual({});
  });
});

describe('a folder', () => {
  it.each(['../a', 'a/../../b', '/a', 'a//b', '.assay/metadata', 'a\0b', ''])('has no blob named %j', async (name) => {
    await expect(createFolderBlobStore(newFolder()).create(name, Buffer.from('x'), {})).rejects.toMatchObject({
      code: 'INVARIANT_BROKEN',
    });
  });

  it('that cannot be written to is an outage that says why', async () => {
    const root = join(newFolder(), 'file');
    writeFileSync(root, 'no folder');
    await expect(createFolderBlobStore(root).create('a', Buffer.from('x'), {})).rejects.toMatchObject({
      code: 'DEPENDENCY_UNAVAILABLE',
      dependency: 'blob',
      message: expect.stringContaining('ENOTDIR'),
    });
  });
});
