import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ServiceAddresses } from './service-table.ts';
import { lookAtServices } from './services-ready.ts';

let status: number;
let dependencies: Record<string, string>;
let server: Server;
let services: ServiceAddresses;

beforeEach(async () => {
  [status, dependencies] = [200, { kafka: 'up', cdc: 'up' }];
  server = createServer((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ dependencies }));
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  services = { ingest: address, console: address } as ServiceAddresses;
});

afterEach(() => void server.close());

describe('lookAtServices', () => {
  it('is done when every service says that it is ready', async () => {
    expect(await lookAtServices(services)).toEqual({ isDone: true, done: 2, of: 2 });
  });

  it('names the dependency that a service waits for', async () => {
    status = 503;
    dependencies = { kafka: 'up', cdc: 'the connector has no task yet' };
    expect(await lookAtServices(services)).toEqual({
      isDone: false,
      done: 0,
      of: 2,
      note: 'ingest waits for cdc; console waits for cdc',
    });
  });

  it('waits for a service that does not answer', async () => {
    const look = await lookAtServices({ ...services, console: 'http://127.0.0.1:1' });
    expect(look).toEqual({ isDone: false, done: 1, of: 2, note: 'console does not answer' });
  });
});
