import 'reflect-metadata';
import { serviceModule } from '@assay/shared/bootstrap/service-module';
import { httpFields } from '@assay/shared/config/fields';
import { createHttpServer } from '@assay/shared/http/server';
import { NestFactory } from '@nestjs/core';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { LabelIntake } from '../label-intake.ts';
import { intakeRounds, labelFilesDoor } from './label-files-door.ts';
import { TOLD_MAX, ToldFiles } from './told-files.ts';

const never = new AbortController().signal;

describe('the rounds of the intake', () => {
  /** What each round looked for; '' is the whole container. */
  function rounds(everyMs: number, finds: readonly boolean[] = []) {
    const looked: string[] = [];
    const told = new ToldFiles();
    const answers = [...finds];
    const round = intakeRounds(
      {
        round: async (...[, path]: Parameters<LabelIntake['round']>) => {
          looked.push(path ?? '');
          return path === undefined && (answers.shift() ?? false);
        },
      },
      told,
      everyMs,
    );
    return { looked, told, round: () => round(never) };
  }

  it('look through the container, and again only when it is time', async () => {
    const { looked, round } = rounds(3_600_000);
    expect(await round()).toBe(false);
    expect(await round()).toBeGreaterThan(3_000_000);
    expect(looked).toEqual(['']);
  });

  it('look for what was told at once, each file once, and then go on waiting', async () => {
    const { looked, told, round } = rounds(3_600_000);
    await round();
    told.tell(['a.csv', 'b.csv']);
    told.tell(['a.csv']);
    expect(await round()).toBeGreaterThan(0);
    await round();
    expect(looked).toEqual(['', 'a.csv', 'b.csv']);
  });

  it('look through the container again while there is something new', async () => {
    const { looked, round } = rounds(3_600_000, [true, true, false]);
    expect([await round(), await round(), await round()]).toEqual([true, true, false]);
    expect(looked).toEqual(['', '', '']);
  });

  it('are asked for when something is told, and keep no more of it than they may', () => {
    const told = new ToldFiles();
    let rung = 0;
    told.bell.onRing(() => rung++);
    told.tell([]);
    expect(rung).toBe(0);
    told.tell(Array.from({ length: TOLD_MAX + 1 }, (_, index) => `${index}.csv`));
    expect(rung).toBe(1);
    expect(told.take()).toHaveLength(TOLD_MAX);
    expect(told.take()).toEqual([]);
  });
});

describe('POST /v1/label-files', () => {
  const told = new ToldFiles();
  let address: string;
  let close: () => Promise<void>;
  beforeAll(async () => {
    const log = { debug() {}, info() {}, warn() {}, error() {} };
    const doors = [labelFilesDoor(told)];
    const module = serviceModule({ service: 'annotation-bridge', doors, checks: [], registry: new Registry(), log });
    const settings = z.object(httpFields).parse({ HTTP_API_KEYS: 'a-key-of-sixteen-letters' });
    const app = await NestFactory.create(module, createHttpServer(settings, module.controllers), {
      bodyParser: false,
      logger: false,
    });
    await app.listen(0, '127.0.0.1');
    address = `${await app.getUrl()}/v1/label-files`;
    close = () => app.close();
  });
  afterAll(() => close());

  const post = (body: unknown, headers: Readonly<Record<string, string>> = {}) =>
    fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer a-key-of-sixteen-letters', ...headers },
      body: JSON.stringify(body),
    });

  it('takes note of the files', async () => {
    const answer = await post({ paths: ['2026/11/29/a.csv'] });
    expect([answer.status, await answer.json()]).toEqual([202, { told: 1 }]);
    expect(told.take()).toEqual(['2026/11/29/a.csv']);
  });

  it('says what is wrong with a request', async () => {
    expect((await post({ paths: [] })).status).toBe(422);
    expect((await post({ paths: ['a'] }, { 'content-type': 'text/csv' })).status).toBe(415);
    expect(told.take()).toEqual([]);
  });

  it('wants a key', async () => {
    expect((await post({ paths: ['a'] }, { authorization: '' })).status).toBe(401);
    expect(told.take()).toEqual([]);
  });

  it('lets Event Grid ask whether it may send', async () => {
    const answer = await fetch(address, {
      method: 'OPTIONS',
      headers: { 'webhook-request-origin': 'eventgrid.azure.net' },
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('webhook-allowed-origin')).toBe('eventgrid.azure.net');
  });
});
