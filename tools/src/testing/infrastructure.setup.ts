import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import { type Addresses, requireAddresses } from '../infra/endpoints.ts';
import { makeLogins } from '@assay/shared/postgres/logins';
import { testLogins } from '@assay/shared/testing/test-logins';
import { startInfrastructure } from '../infra/infrastructure.ts';
import { chooseKind, existingFor, type InfrastructureKind } from './infrastructure-kind.ts';
import '@assay/shared/testing/test-infrastructure';

interface Shared {
  readonly addresses: Addresses;
  readonly loginPassword: string;
  readonly connectStarter: string;
  readonly stop: () => Promise<void>;
}

function say(line: string): void {
  process.stderr.write(`test infrastructure: ${line}\n`);
}

/** Tests run in other processes, so they ask this one, which owns the children, over loopback. */
async function serveConnectStarter(
  startConnect: () => Promise<void>,
  address: string,
): Promise<{ url: string; close(): void }> {
  let starting: Promise<void> | undefined;
  const start = () => (starting ??= startConnect());
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

/** What a run starts, whatever it consists of. */
interface Started {
  readonly addresses: Addresses;
  /** Of every login of the specs; Connect takes it for Debezium's. */
  readonly loginPassword: string;
  /** For people. */
  readonly running: readonly string[];
  readonly startConnect: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

async function startProcesses(kind: InfrastructureKind): Promise<Started> {
  const infrastructure = await startInfrastructure({
    deferred: ['connect'],
    existing: existingFor(kind, process.env),
    isDurable: false,
    log: say,
  });
  const { endpoints, parts } = infrastructure;
  const isOurs = parts.some((part) => part.name === 'connect');
  return {
    addresses: requireAddresses(endpoints),
    loginPassword: infrastructure.cdcPassword,
    running: parts.filter((part) => part.pid !== undefined).map((part) => part.name),
    startConnect: () => (isOurs ? infrastructure.part('connect').start() : Promise.resolve()),
    stop: () => infrastructure.stop(),
  };
}

async function startKind(kind: InfrastructureKind): Promise<Started> {
  if (kind !== 'containers') return startProcesses(kind);
  say('containers; tests that stop, kill or wipe a part still start local parts of their own for it');
  // Loaded only here: other runs need no Docker, and no time for its client.
  const { startContainers } = await import('./container-infrastructure.ts');
  return startContainers(say);
}

async function start(): Promise<Shared> {
  const kind = chooseKind(process.env);
  const began = performance.now();
  const { addresses, loginPassword, running, startConnect, stop } = await startKind(kind);
  await makeLogins(addresses.databaseUrl, testLogins(loginPassword));
  const starter = await serveConnectStarter(startConnect, addresses.connectUrl);
  say(
    `${kind}; ${running.join(', ') || 'nothing of our own'} up after ${((performance.now() - began) / 1000).toFixed(1)} s`,
  );
  return {
    addresses,
    loginPassword,
    connectStarter: starter.url,
    stop: async () => {
      starter.close();
      await stop();
    },
  };
}

/** Of the integration specs; each end-to-end spec starts its own, because it stops, kills or wipes parts of it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { addresses, loginPassword, connectStarter, stop } = await start();
  for (const name of ['kafkaBrokers', 'databaseUrl', 'blobConnectionString', 'connectUrl'] as const)
    project.provide(name, addresses[name]);
  project.provide('loginPassword', loginPassword);
  project.provide('connectStarter', connectStarter);
  return stop;
}
