import { expect, it } from 'vitest';
import { createMemoryBlobStore } from '../testing/memory-blob-store.ts';
import { sourceRecord } from '../testing/source-record.ts';
import { spillTo } from './spill.ts';

const spilled = (value: string) => sourceRecord({ topic: 'a.topic', offset: 7n, value: Buffer.from(value) });

it('a spilled message is found by its letter, however often it is tried', async () => {
  const blobs = createMemoryBlobStore();
  const name = await spillTo(blobs)(spilled('bytes'));
  expect(await spillTo(blobs)(spilled('bytes'))).toBe(name);
  expect(Buffer.from((await blobs.read(name))!).toString()).toBe('bytes');
});

it('the same offset of a topic that was replaced has a name of its own', async () => {
  const blobs = createMemoryBlobStore();
  const names = [await spillTo(blobs)(spilled('before')), await spillTo(blobs)(spilled('after'))];
  const contents = await Promise.all(names.map(async (name) => Buffer.from((await blobs.read(name))!).toString()));
  expect(contents).toEqual(['before', 'after']);
});
