import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { createAzureBlobStore } from './azure-blob-store.ts';
import type { BlobStore } from './blob-store.ts';

let server: Server;
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** A blob store whose server takes every request and answers as told. */
async function given(answer: (response: ServerResponse) => void): Promise<BlobStore> {
  server = createServer((_request, response) => answer(response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const endpoint = `DefaultEndpointsProtocol=http;AccountName=a;AccountKey=YWJj;BlobEndpoint=http://127.0.0.1:${port}/a;`;
  return createAzureBlobStore(endpoint, 'anything', { deadlineMs: 50 });
}

const late = { code: 'DEPENDENCY_UNAVAILABLE', dependency: 'blob', message: expect.stringContaining('within 50 ms') };

describe('a server that takes requests and never answers', () => {
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
    await expect(ask(await given(() => {}))).rejects.toMatchObject(late);
  });
});

it('a source whose blob is given up is let go', async () => {
  const blobs = await given(() => {});
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

describe('a server that stops in the middle of a blob', () => {
  const half = (response: ServerResponse) => {
    response.writeHead(200, { 'content-length': '1000', etag: '"e"' });
    response.write('x'.repeat(500));
  };

  it('is given up by whoever reads on', async () => {
    const found = (await (await given(half)).open('a'))!;
    await expect(buffer(found.chunks)).rejects.toMatchObject(late);
  });

  it('and hangs up is an outage as well', async () => {
    const blobs = await given((response) => {
      half(response);
      setImmediate(() => response.destroy());
    });
    await expect(blobs.read('a')).rejects.toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE', dependency: 'blob' });
  });
});
