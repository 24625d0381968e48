import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type ConnectClient, createConnectClient } from '../cdc/connect-client.ts';
import { checkConnector } from '../cdc/register-connector.ts';
import { kafkaFields, laneFields } from '../config/fields.ts';
import { readConfig } from '../config/read-config.ts';
import { readiness } from '../http/readiness.ts';
import { topics } from '../contracts/topics.ts';
import { ensureTopics, type ProvisioningAdmin } from '../kafka/ensure-topics.ts';
import { connectKafka } from '../kafka/kafka-connection.ts';
import { readLogBounds } from '../kafka/log-bounds.ts';
import { createTopicAdmin, type TopicAdmin } from '../kafka/topic-admin.ts';
import { createPool, createPostgres, type Postgres } from '../postgres/postgres.ts';
import { withShortConnection } from '../postgres/short-connection.ts';

const opened: { server: Server; sockets: Set<Socket> }[] = [];
afterAll(() => {
  for (const { server, sockets } of opened) {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
});

/** Takes every connection and says no more than its greeting: a host behind a firewall, a process that is frozen. */
async function openBlackHole(greeting?: Buffer): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    if (greeting !== undefined) socket.once('data', () => socket.write(greeting));
  });
  opened.push({ server, sockets });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** What Postgres says when it lets somebody in: authenticated, ready for a query. */
const letIn = Buffer.from([...Buffer.from('R'), 0, 0, 0, 8, 0, 0, 0, 0, ...Buffer.from('Z'), 0, 0, 0, 5, 73]);

let silent: number;
let silentAfterLogin: number;
beforeAll(async () => {
  silent = await openBlackHole();
  silentAfterLogin = await openBlackHole(letIn);
});

const urlOf = (port: number) => `postgres://assay:assay@127.0.0.1:${port}/assay`;

function postgresAt(port: number, sessionTimeoutMs: number): Postgres {
  const settings = {
    DATABASE_URL: urlOf(port),
    DATABASE_POOL_SIZE: 2,
    KAFKA_SESSION_TIMEOUT_MS: sessionTimeoutMs,
  };
  return createPostgres(createPool({ settings, applicationName: 'spec', role: 'nobody' }), () => {});
}

const kafkaSettings = (port: number) =>
  readConfig(z.object({ ...kafkaFields, ...laneFields }), { KAFKA_BROKERS: `127.0.0.1:${port}` });

const ping = { name: 'ping', text: 'select 1' };
const never = () => new Promise<never>(() => {});
const unanswering = { describeCluster: never, fetchTopicOffsets: never, fetchOffsets: never };
const quiet = { debug() {}, info() {}, warn() {}, error() {} };

describe('a Postgres that accepts and never answers is an outage', () => {
  const late = { code: 'DEPENDENCY_UNAVAILABLE', dependency: 'postgres' };

  it.each<[string, () => number]>([
    ['from the start', () => silent],
    ['once it has let us in', () => silentAfterLogin],
  ])('%s', async (_when, port) => {
    const postgres = postgresAt(port(), 60);
    await expect(postgres.query(ping, [])).rejects.toMatchObject(late);
    await expect(postgres.transaction('synchronous', (tx) => tx.query(ping, []))).rejects.toMatchObject(late);
    const short = withShortConnection(urlOf(port()), 'spec', (connection) => connection.query(ping, []), 50);
    await expect(short).rejects.toMatchObject(late);
  });
});

describe('a Kafka Connect that accepts and never answers is an outage', () => {
  it.each<[string, (client: ConnectClient) => Promise<unknown>]>([
    ['config', (client) => client.config('a')],
    ['putConfig', (client) => client.putConfig('a', {})],
    ['status', (client) => client.status('a')],
    ['restartFailed', (client) => client.restartFailed('a')],
    ['stop', (client) => client.stop('a')],
    ['resume', (client) => client.resume('a')],
    ['forgetOffsets', (client) => client.forgetOffsets('a')],
  ])('%s', async (_what, ask) => {
    const client = createConnectClient(`http://127.0.0.1:${silent}`, { readMs: 50, changeMs: 50 });
    await expect(ask(client)).rejects.toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE', dependency: 'connect' });
  });
});

describe('a broker that accepts and never answers is an outage', () => {
  it.each<[string, (admin: TopicAdmin) => Promise<unknown>]>([
    ['clusterId', (admin) => admin.clusterId()],
    ['bounds', (admin) => admin.bounds('t')],
    ['committed', (admin) => admin.committed('g', 't')],
  ])('%s', async (_what, ask) => {
    await expect(ask(createTopicAdmin(unanswering, 50))).rejects.toMatchObject({
      code: 'DEPENDENCY_UNAVAILABLE',
      dependency: 'kafka',
      message: expect.stringContaining('no answer within 50 ms'),
    });
  });

  const late = { code: 'DEPENDENCY_UNAVAILABLE', dependency: 'kafka' };

  it('when a lane asks what its log holds', async () => {
    await expect(readLogBounds(unanswering, 't', 0, 50)).rejects.toMatchObject(late);
  });

  const names = { listTopics: async () => [topics.labels.name] };
  const counts = {
    fetchTopicMetadata: async () => ({ topics: [{ name: topics.labels.name, partitions: [{} as never] }] }),
  };
  it.each<[string, Partial<ProvisioningAdmin>]>([
    ['listing them', {}],
    ['making one', { listTopics: async () => [] }],
    ['counting partitions', names],
    ['adding partitions', { ...names, ...counts }],
  ])('when the topics are prepared: %s', async (_what, answering) => {
    const silentAdmin = {
      listTopics: never,
      createTopics: never,
      createPartitions: never,
      fetchTopicMetadata: never,
      describeConfigs: never,
    };
    const provisioning = { create: true, replicationFactor: 1, partitions: 2, answeredWithinMs: 50 };
    const work = ensureTopics({ ...silentAdmin, ...answering }, [topics.labels], provisioning, quiet);
    await expect(work).rejects.toMatchObject(late);
  });

  it('when a service connects, through kafkajs itself', async () => {
    const kafka = connectKafka(kafkaSettings(silent), 'spec', quiet, 50);
    await expect(kafka.open()).rejects.toMatchObject({ ...late, message: expect.stringContaining('no answer') });
    await kafka.close();
  });
});

it('is named by /ready, whatever it is and however long its own deadline', async () => {
  const postgres = postgresAt(silentAfterLogin, 30_000);
  const client = createConnectClient(`http://127.0.0.1:${silent}`);
  const slot = { read: async () => null, drop: async () => {} };
  const checks = [
    { name: 'postgres', check: async () => void (await postgres.query(ping, [])) },
    { name: 'kafka', check: async () => void (await createTopicAdmin(unanswering).clusterId()) },
    { name: 'cdc', check: () => checkConnector({ client, name: 'assay', slot }, 1) },
    { name: 'blob', check: async () => {} },
  ];
  const said = 'no answer within 50 ms';
  expect(await readiness(checks, 50)).toEqual({
    status: 'not ready',
    dependencies: { postgres: said, kafka: said, cdc: said, blob: 'up' },
  });
});
