import { randomUUID } from 'node:crypto';
import { describeBlobStore } from '@assay/shared/blob/blob-store.contract';
import { openBlobStore } from '@assay/shared/blob/open-blob-store';
import { type S3Server, startS3Server } from '@assay/tools/testing/s3-server';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

let server: S3Server;
beforeAll(async () => {
  server = await startS3Server((line) => process.stderr.write(`${line}\n`));
  vi.stubEnv('AWS_ACCESS_KEY_ID', server.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', server.secretAccessKey);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await server?.stop();
});

const placeOf = (path: string) => `s3://${path}?endpoint=${encodeURIComponent(server.endpoint)}`;

async function emptyStore() {
  const blobs = await openBlobStore(placeOf(`spec-${randomUUID()}/support`), 'gold');
  await blobs.ping();
  return blobs;
}

describeBlobStore('S3', emptyStore, ['a condition on completing an upload of parts']);

describe('a bucket of S3', () => {
  it('holds all containers, each below its own prefix', async () => {
    const place = placeOf(`spec-${randomUUID()}/support`);
    const gold = await openBlobStore(place, 'gold');
    const bronze = await openBlobStore(place, 'bronze');
    await gold.ping();
    await gold.create('a', Buffer.from('gold'), {});
    expect(await bronze.read('a')).toBeNull();
    expect(String(Buffer.from((await gold.read('a'))!))).toBe('gold');
  });

  it('takes names with any characters', async () => {
    const blobs = await emptyStore();
    const names = ['a b+c%20&d', 'grün/ü', 'x#y?z', 'c"d\'e'];
    for (const name of names) await blobs.create(name, Buffer.from(name), {});
    const listed: string[] = [];
    for await (const { name } of blobs.list('')) listed.push(name);
    expect(listed.toSorted()).toEqual(names.toSorted());
    for (const name of names) expect(String(Buffer.from((await blobs.read(name))!))).toBe(name);
  });

  it('that refuses our key is an outage that says so', async () => {
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'another');
    try {
      const blobs = await openBlobStore(placeOf('spec-refused'), 'gold');
      await expect(blobs.create('a', Buffer.from('x'), {})).rejects.toMatchObject({
        code: 'DEPENDENCY_UNAVAILABLE',
        dependency: 'blob',
        message: expect.stringContaining('SignatureDoesNotMatch'),
      });
    } finally {
      vi.stubEnv('AWS_SECRET_ACCESS_KEY', server.secretAccessKey);
    }
  });
});
