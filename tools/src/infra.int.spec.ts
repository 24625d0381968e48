import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { BlobServiceClient } from '@azure/storage-blob';
import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Endpoints, requireAddress } from './infra/endpoints.ts';
import { identify, isAlive } from './infra/process-identity.ts';
import { CommandUnderTest, commandOf, processesOf, stopBy } from './testing/command-under-test.ts';
import { waitUntil } from './testing/wait-until.ts';

let infra: CommandUnderTest;

beforeEach(() => {
  infra = new CommandUnderTest(...commandOf('infra'));
});

afterEach(() => infra.dispose());

const noParts = ['--without', 'connect,kafka,postgres'];

async function query<T extends pg.QueryResultRow>(endpoints: Endpoints, sql: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: requireAddress(endpoints, 'databaseUrl') });
  await client.connect();
  const { rows } = await client.query<T>(sql);
  await client.end();
  return rows;
}

function kafkaOf(endpoints: Endpoints): Kafka {
  return new Kafka({ brokers: [requireAddress(endpoints, 'kafkaBrokers')], logLevel: logLevel.NOTHING });
}

function blobOf(endpoints: Endpoints) {
  const service = BlobServiceClient.fromConnectionString(requireAddress(endpoints, 'blobConnectionString'));
  return service.getContainerClient('kept').getBlockBlobClient('ticket');
}

async function writeEverywhere(endpoints: Endpoints): Promise<void> {
  await query(endpoints, `create table kept as select 'row' as what`);
  const kafka = kafkaOf(endpoints);
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: 'kept', numPartitions: 1 }] });
  await admin.disconnect();
  const producer = kafka.producer();
  await producer.connect();
  await producer.send({ topic: 'kept', messages: [{ value: 'message' }] });
  await producer.disconnect();
  const service = BlobServiceClient.fromConnectionString(requireAddress(endpoints, 'blobConnectionString'));
  await service.createContainer('kept');
  await blobOf(endpoints).upload('blob', 4);
}

async function readEverywhere(endpoints: Endpoints): Promise<unknown> {
  const admin = kafkaOf(endpoints).admin();
  await admin.connect();
  const [partition] = await admin.fetchTopicOffsets('kept');
  await admin.disconnect();
  return {
    rows: await query(endpoints, 'select what from kept'),
    nextOffset: partition?.offset,
    blob: (await blobOf(endpoints).downloadToBuffer()).toString(),
  };
}

const everything = { rows: [{ what: 'row' }], nextOffset: '1', blob: 'blob' };

describe('npm run infra', () => {
  it('keeps all data from one start to the next, at the same addresses', async () => {
    const first = await infra.start('--without', 'connect');
    await writeEverywhere(first.endpoints);
    expect(await stopBy(first, 'SIGINT')).toBe(0);
    const second = await infra.start('--without', 'connect');
    expect(second.endpoints.ports).toEqual(first.endpoints.ports);
    expect(await readEverywhere(second.endpoints)).toEqual(everything);
  });

  it('leaves no process behind when it is killed, and all data', async () => {
    const first = await infra.start();
    await writeEverywhere(first.endpoints);
    const processes = processesOf(first.endpoints);
    expect(processes).toHaveLength(5);
    await stopBy(first, 'SIGKILL');
    await waitUntil(() => processes.every((each) => !isAlive(each)));
    const second = await infra.start('--without', 'connect');
    expect(await readEverywhere(second.endpoints)).toEqual(everything);
  });

  it.each(['SIGTERM', 'SIGKILL'] as const)('ends when npm, which started it, is ended by %s', async (signal) => {
    const command = [...commandOf('infra'), '--data-dir', infra.dataDir, ...noParts];
    // npm sets this variable for what it starts; it passes no SIGKILL on, and its shell no SIGTERM.
    const launch = `require('child_process').spawn(process.execPath, ${JSON.stringify(command)}, { env: { ...process.env, npm_lifecycle_event: 'infra' } })`;
    const { npm_lifecycle_event: _, ...env } = process.env;
    const npm = spawn(process.execPath, ['-e', launch], { env, stdio: 'ignore' });
    infra.watch(npm);
    await waitUntil(() => existsSync(join(infra.dataDir, 'endpoints.json')));
    const processes = processesOf(infra.readEndpoints());
    npm.kill(signal);
    await waitUntil(() => processes.every((each) => !isAlive(each)));
    expect(await infra.run([...noParts, '--once'])).toMatchObject({ code: 0 });
  });

  it('ends what is left when even the guard was killed', async () => {
    const first = await infra.start('--without', 'connect');
    const left = processesOf(first.endpoints);
    const { guard = 0, ...parts } = first.endpoints.pids;
    process.kill(guard, 'SIGKILL');
    await stopBy(first, 'SIGKILL');
    // The guard's entry in the process table goes when init has reaped it; the parts stay.
    await waitUntil(() => left.filter(isAlive).length === Object.keys(parts).length);
    const second = await infra.start('--without', 'connect');
    expect(left.filter(isAlive)).toEqual([]);
    for (const [name, pid] of Object.entries(parts)) expect(second.output()).toContain(`ending ${name} (pid ${pid})`);
  });

  it('refuses a second start on the same directory and names the first one', async () => {
    const first = await infra.start(...noParts);
    const { code, output } = await infra.run(noParts);
    expect(code).toBe(1);
    expect(output).toContain(`is in use by process ${first.child.pid}`);
    expect((await fetch(`http://127.0.0.1:${first.endpoints.ports.azurite}/`)).status).toBeGreaterThan(0);
  });

  it('can be stopped while it starts, and leaves nothing', async () => {
    const run = infra.spawn(['--without', 'connect']);
    await waitUntil(
      () => existsSync(join(infra.dataDir, 'run')) && readdirSync(join(infra.dataDir, 'run')).includes('azurite.json'),
    );
    const { pid } = JSON.parse(readFileSync(join(infra.dataDir, 'run/azurite.json'), 'utf8')) as { pid: number };
    expect(await stopBy(run, 'SIGTERM')).toBe(1);
    expect(identify(pid)).toBeUndefined();
    expect(readdirSync(join(infra.dataDir, 'run')).filter((name) => name.endsWith('.json'))).toEqual([]);
  });

  it('stops with an error when a part dies', async () => {
    const run = await infra.start(...noParts);
    const exited = once(run.child, 'exit');
    process.kill(run.endpoints.pids['azurite'] ?? 0, 'SIGKILL');
    expect(await exited).toEqual([1, null]);
  });

  it('without Java says in one message what the ways out are, and touches nothing', async () => {
    const { code, output } = await infra.run([], { PATH: '/nowhere' });
    expect(code).toBe(1);
    expect(output.match(/^infra: /gm)).toHaveLength(1);
    expect(output).toMatch(/no Java was found[^]*Java 17[^]*Maven[^]*KAFKA_BROKERS[^]*CONNECT_URL[^]*docker compose/);
    expect(readdirSync(infra.dataDir)).toEqual([]);
  });

  it('uses what runs already and then needs no Java', async () => {
    const env = {
      PATH: '/nowhere',
      KAFKA_BROKERS: 'b:1',
      CONNECT_URL: 'http://c',
      DATABASE_URL: 'postgres://d',
    };
    const { code, output } = await infra.run(['--once'], env);
    expect(output).toMatch(/kafka +b:1\npostgres +postgres:\/\/d\nazurite +Default.*\nconnect +http:\/\/c/);
    expect(code).toBe(0);
    expect(Object.keys(infra.readEndpoints().pids)).toEqual(['azurite', 'guard']);
  });

  it('exits with 2 for a wrong option', async () => {
    const { code, output } = await infra.run(['--port', '1']);
    expect(code).toBe(2);
    expect(output).toContain('--help');
  });
});

describe('--port-base', () => {
  let squatter: Server | undefined;

  afterEach(() => squatter?.close());

  it('names the port that is taken, and whose it would be', async () => {
    squatter = createServer().listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const address = squatter.address();
    const taken = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const { code, output } = await infra.run(['--port-base', String(taken - 3), ...noParts]);
    expect(code).toBe(1);
    expect(output).toContain(`port ${taken}, wanted for azurite, is taken by another process`);
  });
});
