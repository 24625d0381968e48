import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { askConnectors, askService } from './neighbours.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function serving(path: string, status: number, body: unknown): Promise<string> {
  server = createServer((request, response) => {
    response.statusCode = request.url === path ? status : 404;
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('askService', () => {
  it('says that a service is ready', async () => {
    const url = await serving('/ready', 200, { status: 'ready', dependencies: { kafka: 'up' } });

    expect(await askService({ name: 'ingest', url })).toEqual({ name: 'ingest', url, status: 'ready', problems: {} });
  });

  it('names what is down', async () => {
    const dependencies = { kafka: 'up', blob: 'no answer within 2000 ms' };
    const url = await serving('/ready', 503, { status: 'not ready', dependencies });

    expect(await askService({ name: 'ingest', url })).toMatchObject({
      status: 'not ready',
      problems: { blob: 'no answer within 2000 ms' },
    });
  });

  it('says why a service cannot be reached', async () => {
    const url = await serving('/ready', 200, {});
    await new Promise((resolve) => server!.close(resolve));

    expect(await askService({ name: 'ingest', url })).toMatchObject({
      status: 'unreachable',
      problems: { ingest: 'ECONNREFUSED' },
    });
  });

  it('takes something else at that address for unreachable', async () => {
    const url = await serving('/ready', 200, 'hello');

    expect(await askService({ name: 'ingest', url })).toMatchObject({ status: 'unreachable' });
  });
});

describe('askConnectors', () => {
  const path = '/connectors?expand=status';
  const connector = (state: string, ...tasks: string[]) => ({
    status: { connector: { state }, tasks: tasks.map((one) => ({ state: one })) },
  });

  it('shows what is worst in each', async () => {
    const url = await serving(path, 200, {
      good: connector('RUNNING', 'RUNNING'),
      failed: connector('RUNNING', 'RUNNING', 'FAILED'),
      paused: connector('PAUSED', 'PAUSED'),
      idle: connector('RUNNING'),
    });

    expect(await askConnectors(`${url}/`)).toEqual([
      { name: 'good', state: 'RUNNING', tasks: 1 },
      { name: 'failed', state: 'FAILED', tasks: 2 },
      { name: 'paused', state: 'PAUSED', tasks: 1 },
      { name: 'idle', state: 'NO TASK', tasks: 0 },
    ]);
  });

  it('says that Connect does not answer', async () => {
    const url = await serving(path, 200, {});
    await new Promise((resolve) => server!.close(resolve));

    await expect(askConnectors(url)).rejects.toThrow('asking Kafka Connect: ECONNREFUSED');
  });
});

describe('a neighbour that takes requests and never answers', () => {
  async function silent(): Promise<string> {
    server = createServer(() => {});
    await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it('is unreachable', async () => {
    expect(await askService({ name: 'ingest', url: await silent() }, 50)).toMatchObject({ status: 'unreachable' });
  });

  it('has no connectors to show', async () => {
    await expect(askConnectors(await silent(), 50)).rejects.toThrow('asking Kafka Connect');
  });
});
