import { expect, it } from 'vitest';
import { createMemoryBlobStore } from '../../testing/memory-blob-store.ts';
import type { BlobStore } from '../blob-store.ts';
import { proveWriteOnce } from './prove-write-once.ts';

it('a store that keeps the first write is taken, at every start', async () => {
  const blobs = createMemoryBlobStore();
  const create: BlobStore['create'] = (...args) => blobs.create(...args);
  await proveWriteOnce(create, 'tickets');
  await expect(proveWriteOnce(create, 'tickets')).resolves.toBeUndefined();
});

it('a store that overwrites is refused, with what is needed instead', async () => {
  await expect(proveWriteOnce(async () => 'created', 'tickets')).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringContaining('bucket tickets overwrites'),
  });
});
