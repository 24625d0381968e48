import { gzipSync, zstdCompressSync } from 'node:zlib';
import { Body, Controller, Post } from '@nestjs/common';
import { afterEach, describe, expect, it } from 'vitest';
import 'reflect-metadata';
import { Access } from './access.ts';
import { serveController, type Served } from './testing/serve-controller.ts';

const KEY = 'a-key-of-some-length';
const MEGABYTE = 1_000_000;

let served: Served;
let arrived = Promise.withResolvers<void>();
/** A test in which requests are to wait makes one. */
let hold: PromiseWithResolvers<void> | null = null;

@Controller('v1/things')
@Access('write')
class ThingsController {
  @Post()
  async take(@Body() body: Buffer): Promise<{ bytes: number }> {
    arrived.resolve();
    await hold?.promise;
    return { bytes: body.length };
  }
  @Access('verified by the route')
  @Post('signed')
  signed(): string[] {
    return ['whoever signed it'];
  }
}

afterEach(async () => {
  hold?.resolve();
  hold = null;
  arrived = Promise.withResolvers();
  await served.close();
});

async function serve(settings: Readonly<Record<string, string>> = {}): Promise<number> {
  served = await serveController(ThingsController, { HTTP_API_KEYS: KEY, ...settings });
  return served.port;
}

describe('a compressed body', () => {
  const send = (port: number, coding: string, body: Uint8Array<ArrayBuffer>, key = KEY) => {
    const headers = { authorization: `Bearer ${key}`, 'content-encoding': coding };
    return fetch(`http://127.0.0.1:${port}/v1/things`, { method: 'POST', headers, body });
  };
  const zeros = (megabytes: number) => gzipSync(Buffer.alloc(megabytes * MEGABYTE));

  it.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['ZSTD', zstdCompressSync],
    ['identity', (body: Buffer) => body],
  ] as const)('by %s reaches its route as it was before', async (coding, pack) => {
    const answer = await send(await serve(), coding, new Uint8Array(pack(Buffer.alloc(300_000, 'a ticket'))));
    expect(await answer.json()).toEqual({ bytes: 300_000 });
  });

  it.each(['br', 'gzip, gzip', 'constructor'])('by %s is refused, and told what is taken', async (coding) => {
    const answer = await send(await serve(), coding, new Uint8Array(10));
    expect([answer.status, await answer.json()]).toMatchObject([
      415,
      { code: 'UNSUPPORTED_CONTENT_ENCODING', detail: expect.stringContaining('gzip, zstd') },
    ]);
  });

  it('of somebody without a key is not looked at', async () => {
    expect((await send(await serve(), 'gzip', zeros(1), 'no such key')).status).toBe(401);
  });

  it('to a route that proves its caller by the bytes is refused: they were signed as they are', async () => {
    const port = await serve();
    const headers = { 'content-encoding': 'gzip' };
    const answer = await fetch(`http://127.0.0.1:${port}/v1/things/signed`, {
      method: 'POST',
      headers,
      body: zeros(1),
    });
    expect(answer.status).toBe(415);
  });

  it('that becomes more than a body may be is 413, counts no longer, and its connection goes on', async () => {
    const port = await serve({ HTTP_BODY_MAX_BYTES: String(MEGABYTE), HTTP_BODIES_MAX_BYTES: String(MEGABYTE) });
    const bomb = zeros(50);
    for (let round = 0; round < 5; round++) {
      const answer = await send(port, 'gzip', bomb);
      expect([answer.status, await answer.json()]).toMatchObject([413, { code: 'PAYLOAD_TOO_LARGE' }]);
    }
    expect((await send(port, 'gzip', zeros(1))).status).toBe(201);
  });

  it('counts as what it becomes: one more is 503 until there is room', async () => {
    hold = Promise.withResolvers();
    const port = await serve({ HTTP_BODIES_MAX_BYTES: String(1.5 * MEGABYTE) });
    const first = send(port, 'gzip', zeros(1));
    await arrived.promise;
    const second = await send(port, 'gzip', zeros(1));
    expect([second.status, second.headers.get('retry-after')]).toEqual([503, '1']);
    hold.resolve();
    expect((await first).status).toBe(201);
    expect((await send(port, 'gzip', zeros(1))).status).toBe(201);
  });
});
