import { Controller, Get, Post, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Counter, Registry } from 'prom-client';
import { z } from 'zod';
import { afterEach, describe, expect, it } from 'vitest';
import 'reflect-metadata';
import { httpFields } from '../config/fields.ts';
import type { ReadinessCheck } from '../http/readiness.ts';
import { Access } from '../http/access.ts';
import { createHttpServer } from '../http/server.ts';
import { Problem } from '../http/problem.ts';
import { doorFlow } from './flows.ts';
import { serviceModule } from './service-module.ts';

@Controller('v1/things')
@Access('read')
class ThingsController {
  @Get()
  list(): string[] {
    return ['a thing'];
  }
  @Post()
  add(): { accepted: number } {
    return { accepted: 1 };
  }
}

@Controller('v1/hooks')
@Access('verified by the route')
class HooksController {
  @Post()
  take(): { taken: true } {
    return { taken: true };
  }
  @Get()
  @Access('read')
  list(): string[] {
    return ['a hook'];
  }
}

@Controller('v1/troubles')
@Access('open')
class TroublesController {
  @Get('known')
  known(): never {
    throw new Problem(409, 'TAKEN', 'That name is taken; choose another.', { name: 'x' });
  }
  @Get('unknown')
  unknown(): never {
    throw new Error('password=hunter2 was refused');
  }
}

@Controller('v1/forgotten')
class ForgottenController {
  @Get()
  list(): string[] {
    return [];
  }
}

const door = (controller: Type, path: string) => doorFlow(controller, [], { paths: { [path]: { get: {} } } });
const doors = [
  door(ThingsController, '/v1/things'),
  door(HooksController, '/v1/hooks'),
  door(TroublesController, '/v1/troubles/known'),
];

let app: NestFastifyApplication | undefined;
const errors: object[] = [];
afterEach(async () => {
  errors.length = 0;
  await app?.close();
  app = undefined;
});

async function start({ apiKeys = [] as string[], checks = [] as ReadinessCheck[] } = {}) {
  const registry = new Registry();
  new Counter({ name: 'a_metric_total', help: 'Help.', registers: [registry] }).inc(3);
  const log = { debug() {}, info() {}, warn() {}, error: (fields: object) => void errors.push(fields) };
  const module = serviceModule({ service: 'spec', doors, checks, registry, log });
  const settings = z.object(httpFields).parse({ HTTP_BODY_MAX_BYTES: 1_024, HTTP_API_KEYS: apiKeys.join() });
  app = await NestFactory.create<NestFastifyApplication>(module, createHttpServer(settings, module.controllers), {
    bodyParser: false,
    logger: false,
  });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return (url: string, authorization?: string) =>
    app!.inject({ url, method: 'GET', headers: authorization === undefined ? {} : { authorization } });
}

describe('the addresses every service has', () => {
  it('/health says that the process lives, whatever its dependencies do', async () => {
    const get = await start({ checks: [{ name: 'kafka', check: () => Promise.reject(new Error('down')) }] });
    const answer = await get('/health');
    expect([answer.statusCode, answer.json()]).toEqual([200, { status: 'healthy' }]);
  });

  it('/ready is 200 when everything is up', async () => {
    const get = await start({ checks: [{ name: 'kafka', check: async () => {} }] });
    const answer = await get('/ready');
    expect([answer.statusCode, answer.json()]).toEqual([200, { status: 'ready', dependencies: { kafka: 'up' } }]);
  });

  it('/ready is 503 when something is down, and names it', async () => {
    const get = await start({
      checks: [{ name: 'kafka', check: () => Promise.reject(new Error('connection refused')) }],
    });
    const answer = await get('/ready');
    expect([answer.statusCode, answer.json()]).toEqual([
      503,
      { status: 'not ready', dependencies: { kafka: 'connection refused' } },
    ]);
  });

  it('/metrics is what Prometheus reads', async () => {
    const get = await start();
    const answer = await get('/metrics');
    expect(answer.headers['content-type']).toContain('text/plain; version=0.0.4');
    expect(answer.body).toContain('a_metric_total 3');
  });
});

describe('a service without keys, which listens on loopback only', () => {
  it('asks nobody for one', async () => {
    const get = await start();
    expect((await get('/v1/things')).statusCode).toBe(200);
  });
});

describe('a service with keys', () => {
  const basic = (credentials: string) => `Basic ${Buffer.from(credentials).toString('base64')}`;

  it.each([
    ['the first', 'Bearer key-one'],
    ['the second', 'Bearer key-two'],
    ['any spelling of the scheme', 'bearer key-one'],
    ['as a browser sends it', basic('anybody:key-one')],
    ['as a browser sends it without a name', basic(':key-two')],
  ])('takes %s', async (_which, authorization) => {
    const get = await start({ apiKeys: ['key-one', 'key-two'] });
    expect((await get('/v1/things', authorization)).statusCode).toBe(200);
  });

  it.each([
    ['no key', undefined],
    ['an empty one', 'Bearer '],
    ['another one', 'Bearer key-three'],
    ['a part of one', 'Bearer key-on'],
    ['one with something behind it', 'Bearer key-one2'],
    ['a key as the name', basic('key-one:')],
    ['no credentials at all', 'Basic'],
    ['the word undefined', 'Bearer undefined'],
    ['a scheme it does not know', 'Token key-one'],
    ['a key without a scheme', 'key-one'],
  ])('refuses %s with 401, and says how to show one', async (_which, authorization) => {
    const get = await start({ apiKeys: ['key-one', 'key-two'] });
    const answer = await get('/v1/things', authorization);
    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toEqual({
      type: 'about:blank',
      title: 'Unauthorized',
      status: 401,
      code: 'UNAUTHORIZED',
      detail: 'Send an API key of this server as `Authorization: Bearer <API key>`.',
    });
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.headers['www-authenticate']).toMatch(/^Basic realm=/);
  });

  it.each(['/health', '/ready', '/metrics', '/openapi.json', '/health?probe=1'])(
    'leaves %s open to probes',
    async (url) => {
      const get = await start({ apiKeys: ['key-one'] });
      expect((await get(url)).statusCode).toBe(200);
    },
  );

  it.each([
    '/v1/things?x=/health',
    '/v1/things/../things',
    '/V1/things',
    '/v1/things/',
    '//v1/things',
    '/%761/things',
    '/v1/things#/health',
  ])('does not let a key be talked around: %s', async (url) => {
    const get = await start({ apiKeys: ['key-one'] });
    expect((await get(url)).statusCode).not.toBe(200);
  });

  it('asks for a key before it does anything', async () => {
    await start({ apiKeys: ['key-one'] });
    const answer = await app!.inject({ url: '/v1/things', method: 'POST' });
    expect(answer.statusCode).toBe(401);
  });

  it('leaves a route that verifies its caller itself to that route, and only that one', async () => {
    const get = await start({ apiKeys: ['key-one'] });
    expect((await app!.inject({ url: '/v1/hooks', method: 'POST' })).json()).toEqual({ taken: true });
    expect((await get('/v1/hooks')).statusCode).toBe(401);
    expect((await get('/v1/hooks', 'Bearer key-one')).statusCode).toBe(200);
  });
});

describe('a route that does not say who may call it', () => {
  it('keeps the service from starting, and is named', () => {
    const forgotten = [door(ForgottenController, '/v1/forgotten')];
    const log = { debug() {}, info() {}, warn() {}, error() {} };
    const parts = { service: 'spec', doors: forgotten, checks: [], registry: new Registry(), log };
    expect(() => serviceModule(parts)).toThrow('ForgottenController.list');
  });
});

describe('an error over HTTP is a problem (RFC 9457)', () => {
  it('that a controller raised, with what it adds', async () => {
    const get = await start();
    const answer = await get('/v1/troubles/known');
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([
      409,
      'application/problem+json; charset=utf-8',
    ]);
    expect(answer.json()).toEqual({
      type: 'about:blank',
      title: 'Conflict',
      status: 409,
      code: 'TAKEN',
      detail: 'That name is taken; choose another.',
      name: 'x',
    });
  });

  it('that nobody expected says nothing of itself to the caller, and everything to the log', async () => {
    const get = await start();
    const answer = await get('/v1/troubles/unknown');
    expect(answer.json()).toMatchObject({ status: 500, code: 'INTERNAL_ERROR' });
    expect(answer.body).not.toContain('hunter2');
    expect(errors).toEqual([{ err: new Error('password=hunter2 was refused') }]);
  });

  it.each([
    ['an address that is not there', 'GET', '/v1/nothing', 404, 'NOT_FOUND'],
    ['a method that is not there', 'DELETE', '/v1/things', 404, 'NOT_FOUND'],
    ['a broken address', 'GET', '/%', 400, 'BAD_REQUEST'],
    ['a body that is too large', 'POST', '/v1/things', 413, 'PAYLOAD_TOO_LARGE'],
  ] as const)('for %s', async (_what, method, url, status, code) => {
    await start();
    const answer = await app!.inject({ method, url, ...(method === 'POST' ? { payload: 'x'.repeat(1_025) } : {}) });
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.json()).toMatchObject({ type: 'about:blank', status, code });
  });
});

describe('the description of a server', () => {
  it('has every door, the probes, the one shape of its errors, and how to show a key', async () => {
    const get = await start();
    const document = (await get('/openapi.json')).json();
    expect(Object.keys(document.paths)).toEqual([
      '/health',
      '/ready',
      '/metrics',
      '/v1/things',
      '/v1/hooks',
      '/v1/troubles/known',
    ]);
    expect(document.components.schemas.Problem.required).toContain('detail');
    expect(document.info.title).toBe('Assay spec');
  });
});
