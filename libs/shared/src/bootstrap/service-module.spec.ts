import { Controller, Get, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Counter, Registry } from 'prom-client';
import { afterEach, describe, expect, it } from 'vitest';
import 'reflect-metadata';
import type { ReadinessCheck } from '../http/readiness.ts';
import { serviceModule } from './service-module.ts';

@Controller('v1/things')
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

@Module({})
class SpecModule {}

let app: NestFastifyApplication;
afterEach(() => app.close());

async function start({ apiKeys = [] as string[], checks = [] as ReadinessCheck[] } = {}) {
  const registry = new Registry();
  new Counter({ name: 'a_metric_total', help: 'Help.', registers: [registry] }).inc(3);
  const module = serviceModule(SpecModule, {
    controllers: [ThingsController],
    providers: [],
    checks,
    registry,
    apiKeys,
  });
  app = await NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter(), { logger: false });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return (url: string, authorization?: string) =>
    app.inject({ url, method: 'GET', headers: authorization === undefined ? {} : { authorization } });
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
  ])('refuses %s with 401, and says how to show one', async (_which, authorization) => {
    const get = await start({ apiKeys: ['key-one', 'key-two'] });
    const answer = await get('/v1/things', authorization);
    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toEqual({ error: 'send Authorization: Bearer <API key>', code: 'UNAUTHORIZED' });
    expect(answer.headers['www-authenticate']).toMatch(/^Basic realm=/);
  });

  it.each(['/health', '/ready', '/metrics', '/health?probe=1'])('leaves %s open to probes', async (url) => {
    const get = await start({ apiKeys: ['key-one'] });
    expect((await get(url)).statusCode).toBe(200);
  });

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
    const answer = await app.inject({ url: '/v1/things', method: 'POST' });
    expect(answer.statusCode).toBe(401);
  });
});
