import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { Body, Controller, Get, Post } from '@nestjs/common';
import { Registry } from 'prom-client';
import { z } from 'zod';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import 'reflect-metadata';
import { httpFields } from '../config/fields.ts';
import type { Logger } from '../observability/logger.ts';
import { type BuildService, runService, type ServiceParts } from './run-service.ts';
import { Access } from '../http/access.ts';
import { doorFlow } from './flows.ts';
import { serviceModule } from './service-module.ts';

/** What happened, in order; filled by the controller, the lane, the connections and the end of the process. */
const story: string[] = [];
let inFlight = Promise.withResolvers<void>();
let arrived = Promise.withResolvers<void>();

@Controller('v1/things')
@Access('read')
class ThingsController {
  @Get('slow')
  async slow(): Promise<string> {
    arrived.resolve();
    await inFlight.promise;
    story.push('request answered');
    return 'answered';
  }
  @Post()
  take(@Body() body: Buffer): { bytes: number } {
    return { bytes: body.length };
  }
}

interface Said {
  readonly level: string;
  readonly message: string;
  readonly fields: { readonly address?: string; readonly err?: Error };
}

/** A service of a lane that notes its start and stop, in this process: its exit is noted, not done. */
function serviceUnderTest() {
  const said: Said[] = [];
  const ended = Promise.withResolvers<number>();
  const at = (level: string) => (fields: Said['fields'], message: string) => void said.push({ level, message, fields });
  const log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') } as unknown as Logger;
  vi.spyOn(process, 'exit').mockImplementation((code) => {
    story.push(`exit ${code}`);
    ended.resolve(Number(code));
    return undefined as never;
  });
  const lane = {
    name: 'a lane',
    start: async () => void story.push('lane started'),
    stop: async () => void story.push('lane stopped'),
  };
  const worker = {
    name: 'a worker',
    start: async () => void story.push('worker started'),
    stop: async () => void story.push('worker stopped'),
  };
  const parts = (): ServiceParts => ({
    module: serviceModule({
      service: 'spec',
      doors: [doorFlow(ThingsController, [], { paths: {} })],
      checks: [],
      registry: new Registry(),
      log,
    }),
    http: z.object(httpFields).parse({ HTTP_BODY_MAX_BYTES: 2_000 }),
    lanes: [lane],
    workers: [worker],
    close: [async () => void story.push('first closed'), async () => void story.push('second closed')],
  });
  const linesOf = (level: string) => said.filter((line) => line.level === level);
  const address = () => linesOf('info').find(({ message }) => message === 'Ready.')!.fields.address!;
  const run = (build: BuildService) => runService(log, build);
  return { lane, parts, run, address, linesOf, ended: ended.promise };
}

const events = ['SIGTERM', 'SIGINT', 'uncaughtException', 'unhandledRejection'] as const;
let before: Map<string, Function[]>;
beforeEach(() => {
  before = new Map(events.map((event) => [event, process.listeners(event as 'SIGTERM')]));
  story.length = 0;
  inFlight = Promise.withResolvers();
  arrived = Promise.withResolvers();
});
afterEach(() => {
  // The service listens to the process of the spec; what it added goes, what the test runner had stays.
  for (const event of events)
    for (const listener of process.listeners(event as 'SIGTERM'))
      if (!before.get(event)!.includes(listener)) process.removeListener(event, listener);
  vi.restoreAllMocks();
});

describe('a service that starts', () => {
  it('starts its lanes before anybody can reach it, then says where it listens', async () => {
    const { run, parts, address, ended } = serviceUnderTest();
    await run(async () => parts());
    story.push('ready');
    expect((await fetch(`${address()}/health`)).status).toBe(200);
    process.emit('SIGTERM');
    expect(await ended).toBe(0);
    expect(story.slice(0, 3)).toEqual(['lane started', 'worker started', 'ready']);
  });

  it('that cannot connect says why, once, and ends with 1', async () => {
    const { run, linesOf, ended } = serviceUnderTest();
    await run(() => Promise.reject(new Error('the database is newer than the code')));
    expect(await ended).toBe(1);
    expect(linesOf('error').map(({ fields }) => fields.err?.message)).toEqual(['the database is newer than the code']);
    expect(story).toEqual(['exit 1']);
  });

  it('whose lane cannot start closes what it had opened and ends with 1', async () => {
    const { run, parts, lane, linesOf, ended } = serviceUnderTest();
    lane.start = () => Promise.reject(new Error('no such topic'));
    await run(async () => parts());
    expect(await ended).toBe(1);
    expect(linesOf('error').map(({ fields }) => fields.err?.message)).toEqual(['no such topic']);
    expect(story).toContain('second closed');
    expect(story.at(-1)).toBe('exit 1');
  });

  it('whose port is taken ends with 1 and names the port', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const { port } = squatter.address() as AddressInfo;
    const { run, parts, ended, linesOf } = serviceUnderTest();
    await run(async () => ({ ...parts(), http: { ...parts().http, HTTP_PORT: port } }));
    expect(await ended).toBe(1);
    const failures = linesOf('error').flatMap(({ fields }) => fields.err?.message ?? []);
    expect(failures).toEqual([expect.stringContaining(`EADDRINUSE: address already in use 127.0.0.1:${port}`)]);
    squatter.close();
  });
});

describe('a service that stops', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'on %s answers what it has, drains its lanes, closes in order, ends with 0',
    async (signal) => {
      const { run, parts, address, ended, linesOf } = serviceUnderTest();
      await run(async () => parts());
      const answer = fetch(`${address()}/v1/things/slow`);
      await arrived.promise;
      process.emit(signal);
      inFlight.resolve();
      expect(await (await answer).text()).toBe('answered');
      expect(await ended).toBe(0);
      expect(story).toEqual([
        'lane started',
        'worker started',
        'request answered',
        'lane stopped',
        'worker stopped',
        'first closed',
        'second closed',
        'exit 0',
      ]);
      expect([...linesOf('warn'), ...linesOf('error')]).toEqual([]);
    },
  );

  it('stops once, however often it is asked', async () => {
    const { run, parts, ended } = serviceUnderTest();
    await run(async () => parts());
    process.emit('SIGTERM');
    process.emit('SIGINT');
    process.emit('SIGTERM');
    await ended;
    expect(story.filter((one) => one === 'lane stopped')).toHaveLength(1);
    expect(story.filter((one) => one.startsWith('exit'))).toEqual(['exit 0']);
  });

  it('although a connection does not close, and says so', async () => {
    const { run, parts, ended, linesOf } = serviceUnderTest();
    const broken = () => Promise.reject(new Error('already gone'));
    await run(async () => ({ ...parts(), close: [broken] }));
    process.emit('SIGTERM');
    expect(await ended).toBe(0);
    expect(linesOf('warn').map(({ message }) => message)).toEqual(['The service did not stop cleanly.']);
  });
});

describe('a service that cannot go on', () => {
  it('says so once, drains what it can, and ends with 1 for its supervisor', async () => {
    const { run, parts, ended, linesOf } = serviceUnderTest();
    let fail: (error: unknown) => void = () => {};
    await run(async (onFatal) => {
      fail = onFatal;
      return parts();
    });
    fail(new Error('a bug in a step'));
    fail(new Error('and what follows from it'));
    expect(await ended).toBe(1);
    expect(linesOf('error').map(({ fields }) => fields.err?.message)).toEqual(['a bug in a step']);
    expect(story).toEqual([
      'lane started',
      'worker started',
      'lane stopped',
      'worker stopped',
      'first closed',
      'second closed',
      'exit 1',
    ]);
  });

  it('after an exception nobody caught, too', async () => {
    const { run, parts, ended, linesOf } = serviceUnderTest();
    await run(async () => parts());
    const ours = process
      .listeners('uncaughtException')
      .filter((one) => !before.get('uncaughtException')!.includes(one));
    ours[0]!(new Error('thrown in a timer'), 'uncaughtException');
    expect(await ended).toBe(1);
    expect(linesOf('error').map(({ fields }) => fields.err?.message)).toEqual(['thrown in a timer']);
  });
});

describe('a request body', () => {
  it('reaches its controller as the bytes that were sent, whatever type they claim', async () => {
    const { run, parts, address, ended } = serviceUnderTest();
    await run(async () => parts());
    const send = (body: Uint8Array<ArrayBuffer>, type: string) =>
      fetch(`${address()}/v1/things`, { method: 'POST', body, headers: { 'content-type': type } });
    const bytes = Uint8Array.from([0x7b, 0xff, 0x00]);
    expect(await (await send(bytes, 'application/json')).json()).toEqual({ bytes: 3 });
    expect(await (await send(bytes, 'application/x-ndjson')).json()).toEqual({ bytes: 3 });
    expect((await send(new Uint8Array(2_001), 'application/json')).status).toBe(413);
    process.emit('SIGTERM');
    await ended;
  });
});
