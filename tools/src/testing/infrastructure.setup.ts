import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import { type Addresses, requireAddress } from '../infra/endpoints.ts';
import { type Infrastructure, startInfrastructure } from '../infra/infrastructure.ts';
import { chooseKind, existingFor } from './infrastructure-kind.ts';
import './provided.ts';

interface Shared {
  readonly addresses: Addresses;
  readonly connectStarter: string;
  readonly stop: () => Promise<void>;
}

/** The projects int and e2e of one run share one infrastructure; the last one out stops it. */
const run = globalThis as typeof globalThis & { assayTestInfrastructure?: { shared: Promise<Shared>; users: number } };

function say(line: string): void {
  process.stderr.write(`test infrastructure: ${line}\n`);
}

/** Tests run in other processes, so they ask this one, which owns the children, over loopback. */
async function serveConnectStarter(
  infrastructure: Infrastructure,
  address: string,
): Promise<{ url: string; close(): void }> {
  let starting: Promise<void> | undefined;
  const isOurs = infrastructure.parts.some((part) => part.name === 'connect');
  const start = () => (starting ??= isOurs ? infrastructure.part('connect').start() : Promise.resolve());
  const server = createServer((_request, response) => {
    start().then(
      () => response.end(address),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}

async function start(): Promise<Shared> {
  const kind = chooseKind(process.env);
  const began = performance.now();
  const infrastructure = await startInfrastructure({
    deferred: ['connect'],
    existing: existingFor(kind, process.env),
    isDurable: false,
    log: say,
  });
  const { endpoints } = infrastructure;
  const addresses: Addresses = {
    kafkaBrokers: requireAddress(endpoints, 'kafkaBrokers'),
    databaseUrl: requireAddress(endpoints, 'databaseUrl'),
    blobConnectionString: requireAddress(endpoints, 'blobConnectionString'),
    connectUrl: requireAddress(endpoints, 'connectUrl'),
  };
  const starter = await serveConnectStarter(infrastructure, addresses.connectUrl);
  const started = infrastructure.parts.filter((part) => part.pid !== undefined).map((part) => part.name);
  say(
    `${kind}; ${started.join(', ') || 'nothing of our own'} up after ${((performance.now() - began) / 1000).toFixed(1)} s`,
  );
  return {
    addresses,
    connectStarter: starter.url,
    stop: async () => {
      starter.close();
      await infrastructure.stop();
    },
  };
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const current = (run.assayTestInfrastructure ??= { shared: start(), users: 0 });
  current.users += 1;
  const { addresses, connectStarter, stop } = await current.shared;
  project.provide('kafkaBrokers', addresses.kafkaBrokers);
  project.provide('databaseUrl', addresses.databaseUrl);
  project.provide('blobConnectionString', addresses.blobConnectionString);
  project.provide('connectUrl', addresses.connectUrl);
  project.provide('connectStarter', connectStarter);
  return async () => {
    current.users -= 1;
    if (current.users > 0) return;
    delete run.assayTestInfrastructure;
    await stop();
  };
}
