import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Body, Controller, Get, Post } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import 'reflect-metadata';
import { Access } from './access.ts';
import { serveController, type Served } from './testing/serve-controller.ts';

const KEY = 'a-key-of-some-length';
const shown = { authorization: `Bearer ${KEY}` };
const MEGABYTE = 1_000_000;

let arrived = Promise.withResolvers<void>();
let mayEnd = Promise.withResolvers<void>();

@Controller('v1/things')
@Access('read')
class ThingsController {
  @Get()
  list(): string[] {
    return ['a thing'];
  }
  @Access('operate')
  @Post('again')
  again(): string[] {
    return ['a thing again'];
  }
  @Access('write')
  @Post()
  async take(@Body() body: Buffer): Promise<{ bytes: number }> {
    arrived.resolve();
    await mayEnd.promise;
    return { bytes: body.length };
  }
}

let served: Served;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  mayEnd.resolve();
  await served.close();
  arrived = Promise.withResolvers();
  mayEnd = Promise.withResolvers();
});

async function serve(settings: Readonly<Record<string, string>> = {}): Promise<number> {
  served = await serveController(ThingsController, { HTTP_API_KEYS: KEY, ...settings });
  return served.port;
}

/** A connection that says only what it is told to. */
async function speak(port: number, ...lines: readonly string[]) {
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  let said = '';
  socket.on('data', (data) => (said += String(data))).on('error', () => {});
  await once(socket, 'connect');
  if (lines.length > 0) socket.write(lines.join('\r\n'));
  const closed = once(socket, 'close');
  const heard = async (text: string) => {
    while (!said.includes(text)) await once(socket, 'data');
    return said;
  };
  return { socket, closed, heard };
}

const head = (request: string, ...more: readonly string[]) => [request, 'Host: localhost', ...more, '', ''];

describe('a connection that says nothing', () => {
  it.each([
    ['at all', []],
    ['but the beginning of a head', ['POST /v1/things HTTP/1.1', 'Host: localhost', 'X-']],
    [
      'but a head and half a body, with a key',
      head('POST /v1/things HTTP/1.1', `Authorization: Bearer ${KEY}`, 'Content-Length: 10').concat('half'),
    ],
    ['more after its answer', head('GET /health HTTP/1.1')],
  ])('%s is closed', async (_what, lines) => {
    const timeouts = ['HEADERS', 'REQUEST', 'IDLE'].map((name) => [`HTTP_${name}_TIMEOUT_MS`, '200'] as const);
    const port = await serve(Object.fromEntries(timeouts));
    const all = await Promise.all(Array.from({ length: 60 }, () => speak(port, ...lines)));
    await Promise.all(all.map(({ closed }) => closed));
    expect(all.filter(({ socket }) => !socket.destroyed)).toEqual([]);
  });
});

describe('a body without a key', () => {
  const promised = `Content-Length: ${10 * MEGABYTE}`;
  it.each([
    ['to a route that asks for one', head('POST /v1/things HTTP/1.1', promised), '401 Unauthorized'],
    ['to a route that does not exist', head('POST /v1/nothing HTTP/1.1', promised), '404 Not Found'],
    ['by a method that does not exist', head('PUT /v1/things HTTP/1.1', promised), '404 Not Found'],
    ['without a length', head('POST /v1/things HTTP/1.1', 'Transfer-Encoding: chunked'), '401 Unauthorized'],
    ['under another name', ['POST /v1/things HTTP/1.1', 'Host: rebound.example', promised, '', ''], '421 Misdirected'],
  ])('%s is refused before a byte of it was sent', async (_what, lines, status) => {
    const { heard } = await speak(await serve(), ...lines);
    expect(await heard('\r\n\r\n{')).toContain(`HTTP/1.1 ${status}`);
  });

  it('is answered although its sender still writes, and the connection serves the next request', async () => {
    const url = `http://127.0.0.1:${await serve()}/v1/things`;
    const body = new Uint8Array(10 * MEGABYTE);
    for (let round = 0; round < 5; round++) expect((await fetch(url, { method: 'POST', body })).status).toBe(401);
    expect((await fetch(url, { headers: shown })).status).toBe(200);
  });
});

describe('a key', () => {
  const keys = { read: 'reads-'.repeat(3), write: 'writes-'.repeat(3), operate: 'operates-'.repeat(3) };
  const routes = { read: 'GET /v1/things', write: 'POST /v1/things', operate: 'POST /v1/things/again' } as const;
  const statusOf = async (port: number, route: string, key: string): Promise<number> => {
    const [method, path] = route.split(' ') as [string, string];
    const headers = { authorization: `Bearer ${key}` };
    const body = method === 'POST' ? 'a body' : null;
    return (await fetch(`http://127.0.0.1:${port}${path}`, { method, headers, body })).status;
  };
  beforeEach(() => mayEnd.resolve());

  it.each(['read', 'write', 'operate'] as const)(
    'to %s opens those routes and is refused by all others',
    async (kind) => {
      const port = await serve({
        HTTP_API_KEYS: '',
        HTTP_READ_KEYS: keys.read,
        HTTP_WRITE_KEYS: keys.write,
        HTTP_OPERATE_KEYS: keys.operate,
      });
      for (const [needed, route] of Object.entries(routes))
        expect([route, await statusOf(port, route, keys[kind])]).toEqual([
          route,
          needed !== kind ? 403 : kind === 'read' ? 200 : 201,
        ]);
    },
  );

  it('of HTTP_API_KEYS opens every route', async () => {
    const port = await serve({ HTTP_READ_KEYS: keys.read });
    const statuses = Object.values(routes).map((route) => statusOf(port, route, KEY));
    expect(await Promise.all(statuses)).toEqual([200, 201, 201]);
  });

  it('for one kind leaves the others closed, also where no key is named for them', async () => {
    const port = await serve({ HTTP_API_KEYS: '', HTTP_READ_KEYS: keys.read });
    expect(await statusOf(port, routes.write, keys.read)).toBe(403);
    expect(await statusOf(port, routes.write, 'undefined')).toBe(401);
  });

  it('that opens other routes is told what it would need, and its body is not taken', async () => {
    const port = await serve({ HTTP_API_KEYS: '', HTTP_READ_KEYS: keys.read });
    const lines = head('POST /v1/things HTTP/1.1', `Authorization: Bearer ${keys.read}`, 'Content-Length: 1000000');
    const { heard } = await speak(port, ...lines);
    expect(await heard('}')).toMatch(/403 Forbidden[^]*"FORBIDDEN"[^]*HTTP_WRITE_KEYS/);
  });
});

describe('bodies in hand', () => {
  const post = (port: number, bytes: number) =>
    fetch(`http://127.0.0.1:${port}/v1/things`, { method: 'POST', body: new Uint8Array(bytes), headers: shown });

  it('are bounded together: one more is 503 until there is room, while what has no body is answered', async () => {
    const port = await serve({ HTTP_BODIES_MAX_BYTES: String(MEGABYTE) });
    const first = post(port, 0.6 * MEGABYTE);
    await arrived.promise;
    const second = await post(port, 0.6 * MEGABYTE);
    expect([second.status, second.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await second.json()).toMatchObject({ code: 'OVERLOADED' });
    expect((await fetch(`http://127.0.0.1:${port}/v1/things`, { headers: shown })).status).toBe(200);
    mayEnd.resolve();
    expect(await (await first).json()).toEqual({ bytes: 0.6 * MEGABYTE });
    expect((await post(port, 0.6 * MEGABYTE)).status).toBe(201);
  });

  it('may be one that is larger than all may be together: its own limit bounds it', async () => {
    const port = await serve({ HTTP_BODIES_MAX_BYTES: '1024' });
    mayEnd.resolve();
    expect((await post(port, MEGABYTE)).status).toBe(201);
  });

  it('of a sender that went away count no more', async () => {
    const port = await serve({ HTTP_BODIES_MAX_BYTES: String(MEGABYTE) });
    mayEnd.resolve();
    const lines = head('POST /v1/things HTTP/1.1', `Authorization: Bearer ${KEY}`, `Content-Length: ${MEGABYTE}`);
    const { socket } = await speak(port, ...lines, 'half');
    const statuses = async () => [(await post(port, 10)).status];
    await expect.poll(statuses).toEqual([503]);
    socket.destroy();
    await expect.poll(statuses).toEqual([201]);
  });
});

describe('connections', () => {
  it('beyond the limit are closed at once', async () => {
    const port = await serve({ HTTP_MAX_CONNECTIONS: '2' });
    await Promise.all([speak(port), speak(port)]);
    const { closed, socket } = await speak(port);
    await closed;
    expect(socket.destroyed).toBe(true);
  });
});

describe('every answer', () => {
  it.each([
    ['/health', 200],
    ['/v1/things', 401],
    ['/v1/nothing', 404],
    ['/%', 400],
  ])('%s (%i) keeps a browser from guessing, framing and telling; a refusal is not stored', async (path, status) => {
    const answer = await fetch(`http://127.0.0.1:${await serve()}${path}`);
    expect([answer.status, Object.fromEntries(answer.headers)]).toMatchObject([
      status,
      {
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      },
    ]);
    expect(answer.headers.get('cache-control')).toBe(status === 200 ? null : 'no-store');
  });
});

describe('a page whose name leads to loopback', () => {
  it('gets nothing, not even from a server without keys', async () => {
    const port = await serve({ HTTP_API_KEYS: '' });
    for (const [host, status] of [
      [`localhost:${port}`, '200 OK'],
      ['rebound.example', '421 Misdirected Request'],
    ] as const) {
      const { heard } = await speak(port, 'GET /v1/things HTTP/1.1', `Host: ${host}`, '', '');
      expect(await heard('\r\n\r\n')).toContain(`HTTP/1.1 ${status}`);
    }
  });
});
