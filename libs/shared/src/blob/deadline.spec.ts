import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createAzureBlobStore } from './azure/azure-blob-store.ts';
import type { BlobStore } from './blob-store.ts';
import { createS3BlobStore } from './s3/s3-blob-store.ts';

let server: Server;
afterEach(() => {
  server.closeAllConnections();
  server.close();
  vi.unstubAllEnvs();
});

/** For the first half of an answer to come on a busy machine; the other half never does. */
const LONG_ENOUGH_TO_BEGIN_MS = 1_000;

/** A blob store whose server takes every request and answers as told. */
async function given(
  open: (address: string, deadlineMs: number) => BlobStore,
  answer: (response: ServerResponse) => void,
  deadlineMs = 50,
): Promise<BlobStore> {
  server = createServer((_request, response) => answer(response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return open(`http://127.0.0.1:${port}`, deadlineMs);
}

const azure = (address: string, deadlineMs: number) =>
  createAzureBlobStore(
    `DefaultEndpointsProtocol=http;AccountName=a;AccountKey=YWJj;BlobEndpoint=${address}/a;`,
    'anything',
    { deadlineMs },
  );

function s3(endpoint: string, deadlineMs: number) {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'a');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'b');
  return createS3BlobStore({ inside: { bucket: 'anything' }, region: undefined, endpoint }, { deadlineMs });
}

const late = { code: 'DEPENDENCY_UNAVAILABLE', dependency: 'blob', message: expect.stringMatching(/within \d+ ms$/) };

describe.each([
  ['Azure', azure],
  ['S3', s3],
])('a server of %s that takes requests and never answers', (_name, open) => {
  it.each<[string, (blobs: BlobStore) => Promise<unknown>]>([
    ['create', (blobs) => blobs.create('a', Buffer.from('x'), {})],
    ['create of a large content', (blobs) => blobs.create('a', Buffer.alloc(9_000_000), {})],
    ['replace', (blobs) => blobs.replace('a', Buffer.from('x'), {})],
    ['read', (blobs) => blobs.read('a')],
    ['open', (blobs) => blobs.open('a', { from: 5 })],
    ['open of nothing', (blobs) => blobs.open('a', { from: 5, to: 5 })],
    ['metadata', (blobs) => blobs.metadata('a')],
    ['list', (blobs) => blobs.list('')[Symbol.asyncIterator]().next()],
    ['delete', (blobs) => blobs.delete('a')],
    ['ping', (blobs) => blobs.ping()],
  ])('is given up: %s', async (_what, ask) => {
    await expect(ask(await given(open, () => {}))).rejects.toMatchObject(late);
  });
});

it.each([azure, s3])('a source whose blob is given up is let go', async (open) => {
  const blobs = await given(open, () => {});
  const ended: string[] = [];
  async function* source() {
    try {
      for (;;) yield Buffer.alloc(3_000_000);
    } finally {
      ended.push('let go');
    }
  }
  await expect(blobs.create('a', source(), {})).rejects.toMatchObject(late);
  expect(ended).toEqual(['let go']);
});

describe.each([
  ['Azure', azure],
  ['S3', s3],
])('a server of %s that stops in the middle of a blob', (_name, open) => {
  const half = (response: ServerResponse) => {
    response.writeHead(200, { 'content-length': '1000', etag: '"e"' });
    response.write('x'.repeat(500));
  };

  it('is given up by whoever reads on', async () => {
    const found = (await (await given(open, half, LONG_ENOUGH_TO_BEGIN_MS)).open('a'))!;
    await expect(buffer(found.chunks)).rejects.toMatchObject(late);
  });

  it('and hangs up is an outage as well', async () => {
    const blobs = await given(
      open,
      (response) => {
        half(response);
        setImmediate(() => response.destroy());
      },
      LONG_ENOUGH_TO_BEGIN_MS,
    );
    await expect(blobs.read('a')).rejects.toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE', dependency: 'blob' });
  });
});
