import 'reflect-metadata';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { numberStreams } from './stream/number-lines.ts';
import { makeRelease } from './releases/make-release.ts';
import { decision, docIdOf } from './testing/known-decision.ts';
import { OutputBed } from './testing/output-bed.ts';
import { createHttpServer } from '@assay/shared/http/server';
import { serviceModule } from '@assay/shared/bootstrap/service-module';
import { Registry } from 'prom-client';
import { linesDoor, releasesDoor } from './flows.ts';

let bed: OutputBed;
let app: INestApplication;
let get: (path: string, headers?: Record<string, string>) => Promise<Response>;

beforeAll(async () => {
  bed = await OutputBed.start();
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const doors = [linesDoor(bed.postgres), releasesDoor(bed.postgres, bed.blobs)];
  const module = serviceModule({ service: 'output', doors, checks: [], registry: new Registry(), apiKeys: [], log });
  app = await NestFactory.create(module, createHttpServer(1024), { bodyParser: false, logger: false });
  await app.listen(0, '127.0.0.1');
  const address = await app.getUrl();
  get = (path, headers = {}) => fetch(`${address}${path}`, { headers });
});
afterAll(async () => {
  await app.close();
  await bed.stop();
});
beforeEach(() => bed.clear());

describe('tailing a stream', () => {
  async function tail(path: string, limit: number): Promise<string[]> {
    const seen: string[] = [];
    for (let after = '0'; ;) {
      const answer = await get(`${path}?after=${after}&limit=${limit}`);
      const lines = (await answer.text()).split('\n').slice(0, -1);
      if (lines.length === 0) return seen;
      seen.push(...lines.map((line) => JSON.parse(line).doc_id));
      after = answer.headers.get('assay-next-seq')!;
    }
  }

  it('gives every line once, in order, however small the answers are', async () => {
    await bed.storeDocuments(7);
    await bed.apply(...[1, 2, 3, 4, 5].map((number) => decision(number, 1, 'gold')));
    await bed.apply(decision(6, 1, 'disagreement'), decision(7, 1, 'disagreement'));
    await numberStreams(bed.postgres);

    expect(await tail('/v1/gold/lines', 2)).toEqual([1, 2, 3, 4, 5].map(docIdOf));
    expect(await tail('/v1/disagreements/lines', 1)).toEqual([6, 7].map(docIdOf));
  });

  it('answers nothing, and the same place, when there is nothing new', async () => {
    const answer = await get('/v1/gold/lines?after=12');

    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
    expect(answer.headers.get('assay-next-seq')).toBe('12');
    expect(await answer.text()).toBe('');
  });

  it.each(['after=-1', 'after=x', 'limit=0', 'limit=10001', 'after=1.5'])('refuses %s', async (query) => {
    expect((await get(`/v1/gold/lines?${query}`)).status).toBe(400);
  });
});

describe('releases', () => {
  const FILE = '/v1/gold/releases/1/clean_training_dataset.jsonl';

  it('are not there before one is made', async () => {
    expect(await (await get('/v1/gold/releases')).json()).toEqual({ releases: [] });
    for (const path of ['/v1/gold/releases/latest', '/v1/gold/releases/1', FILE, '/v1/gold/releases/x'])
      expect((await get(path)).status).toBe(404);
  });

  it('are listed newest first, and the file is what was released', async () => {
    await bed.storeDocuments(2);
    await bed.decide(decision(1, 1, 'gold'));
    await makeRelease(bed.postgres, bed.blobs);
    await bed.decide(decision(2, 1, 'gold'));
    const second = await makeRelease(bed.postgres, bed.blobs);

    const { releases } = (await (await get('/v1/gold/releases')).json()) as { releases: { release: number }[] };
    expect(releases.map(({ release }) => release)).toEqual([2, 1]);
    expect(second).toEqual({ kind: 'released', manifest: await (await get('/v1/gold/releases/latest')).json() });
    expect((await (await get(FILE)).text()).trimEnd().split('\n')).toHaveLength(1);
  });

  it('are loaded once, and in parts', async () => {
    await bed.storeDocuments(3, (number) => `naïve ${number}`);
    await bed.decide(decision(1, 1, 'gold'), decision(2, 1, 'gold'), decision(3, 1, 'gold'));
    await makeRelease(bed.postgres, bed.blobs);
    const whole = await get(FILE);
    const bytes = Buffer.from(await whole.arrayBuffer());
    const etag = whole.headers.get('etag')!;

    expect((await get(FILE, { 'if-none-match': etag })).status).toBe(304);
    expect((await get(FILE, { 'if-none-match': '"other"' })).status).toBe(200);

    const middle = await get(FILE, { range: 'bytes=100-199' });
    expect(middle.status).toBe(206);
    expect(middle.headers.get('content-range')).toBe(`bytes 100-199/${bytes.length}`);
    expect(Buffer.from(await middle.arrayBuffer())).toEqual(bytes.subarray(100, 200));

    const behind = await get(FILE, { range: `bytes=${bytes.length}-` });
    expect([behind.status, behind.headers.get('content-range')]).toEqual([416, `bytes */${bytes.length}`]);

    const resumed = await get(FILE, { range: 'bytes=-10', 'if-range': etag });
    expect([resumed.status, await resumed.text()]).toEqual([206, bytes.subarray(-10).toString()]);
    expect((await get(FILE, { range: 'bytes=-10', 'if-range': '"other"' })).status).toBe(200);
  });

  it('are described', async () => {
    const { paths } = (await (await get('/openapi.json')).json()) as { paths: object };

    expect(Object.keys(paths)).toEqual([
      '/health',
      '/ready',
      '/metrics',
      '/v1/gold/lines',
      '/v1/disagreements/lines',
      '/v1/gold/releases',
      '/v1/gold/releases/latest',
      '/v1/gold/releases/{release}',
      '/v1/gold/releases/{release}/clean_training_dataset.jsonl',
    ]);
  });
});
