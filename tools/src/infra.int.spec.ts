import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BlobServiceClient } from '@azure/storage-blob';
import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Endpoints, requireAddress } from './infra/endpoints.ts';
import { type Guard, startGuard } from './infra/guard-pipe.ts';
import { identify, isAlive, type ProcessIdentity } from './infra/process-identity.ts';
import { makeScratchFolder } from './infra/scratch-folder.ts';
import { waitUntil } from './testing/wait-until.ts';

const script = fileURLToPath(new URL('infra.ts', import.meta.url));

let dataDir: string;
let runs: Run[];
/** Ends the started commands when this test process is killed itself. */
let guard: Guard;

beforeEach(() => {
  dataDir = makeScratchFolder();
  runs = [];
  guard = startGuard(() => {});
  guard.removeAtEnd(dataDir);
});

afterEach(async () => {
  await Promise.all(runs.map(({ child }) => end(child, 'SIGTERM')));
  await guard.close();
});

interface Run {
  readonly child: ChildProcess;
  readonly output: () => string;
}

function spawnInfra(args: readonly string[], env: NodeJS.ProcessEnv = process.env): Run {
  const child = spawn(process.execPath, [script, '--data-dir', dataDir, ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const identity = child.pid === undefined ? undefined : identify(child.pid);
  if (identity !== undefined) guard.watch({ ...identity, name: 'infra', gentleSignal: 'SIGTERM' });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (text += bytes.toString()));
  const run = { child, output: () => text };
  runs.push(run);
  return run;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
  return child.exitCode;
}

async function exitOf({ child, output }: Run): Promise<{ code: number | null; output: string }> {
  if (child.exitCode === null) await once(child, 'close');
  return { code: child.exitCode, output: output() };
}

async function startInfra(...args: string[]): Promise<{ child: ChildProcess; endpoints: Endpoints; output: string }> {
  const run = spawnInfra(args);
  await waitUntil(() => run.output().includes('Ctrl-C stops') || run.child.exitCode !== null);
  if (run.child.exitCode !== null) throw new Error(run.output());
  return { child: run.child, endpoints: readEndpoints(), output: run.output() };
}

function readEndpoints(): Endpoints {
  return JSON.parse(readFileSync(join(dataDir, 'endpoints.json'), 'utf8')) as Endpoints;
}

function processesOf({ pids }: Endpoints): ProcessIdentity[] {
  return Object.values(pids)
    .map(identify)
    .filter((each) => each !== undefined);
}

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
    const first = await startInfra('--without', 'connect');
    await writeEverywhere(first.endpoints);
    expect(await end(first.child, 'SIGINT')).toBe(0);
    const second = await startInfra('--without', 'connect');
    expect(second.endpoints.ports).toEqual(first.endpoints.ports);
    expect(await readEverywhere(second.endpoints)).toEqual(everything);
  });

  it('leaves no process behind when it is killed, and all data', async () => {
    const first = await startInfra();
    await writeEverywhere(first.endpoints);
    const processes = processesOf(first.endpoints);
    expect(processes).toHaveLength(5);
    await end(first.child, 'SIGKILL');
    await waitUntil(() => processes.every((each) => !isAlive(each)));
    const second = await startInfra('--without', 'connect');
    expect(await readEverywhere(second.endpoints)).toEqual(everything);
  });

  it.each(['SIGTERM', 'SIGKILL'] as const)('ends when npm, which started it, is ended by %s', async (signal) => {
    const command = [script, '--data-dir', dataDir, ...noParts];
    // npm sets this variable for what it starts; it passes no SIGKILL on, and its shell no SIGTERM.
    const launch = `require('child_process').spawn(process.execPath, ${JSON.stringify(command)}, { env: { ...process.env, npm_lifecycle_event: 'infra' } })`;
    const { npm_lifecycle_event: _, ...env } = process.env;
    const npm = spawn(process.execPath, ['-e', launch], { env, stdio: 'ignore' });
    await waitUntil(() => existsSync(join(dataDir, 'endpoints.json')));
    const processes = processesOf(readEndpoints());
    npm.kill(signal);
    await waitUntil(() => processes.every((each) => !isAlive(each)));
    expect(await exitOf(spawnInfra([...noParts, '--once']))).toMatchObject({ code: 0 });
  });

  it('ends what is left when even the guard was killed', async () => {
    const first = await startInfra('--without', 'connect');
    const left = processesOf(first.endpoints);
    const { guard = 0, ...parts } = first.endpoints.pids;
    process.kill(guard, 'SIGKILL');
    await end(first.child, 'SIGKILL');
    expect(left.filter(isAlive)).toHaveLength(Object.keys(parts).length);
    const second = await startInfra('--without', 'connect');
    expect(left.filter(isAlive)).toEqual([]);
    for (const [name, pid] of Object.entries(parts)) expect(second.output).toContain(`ending ${name} (pid ${pid})`);
  });

  it('refuses a second start on the same directory and names the first one', async () => {
    const first = await startInfra(...noParts);
    const { code, output } = await exitOf(spawnInfra(noParts));
    expect(code).toBe(1);
    expect(output).toContain(`is in use by process ${first.child.pid}`);
    expect((await fetch(`http://127.0.0.1:${first.endpoints.ports.azurite}/`)).status).toBeGreaterThan(0);
  });

  it('can be stopped while it starts, and leaves nothing', async () => {
    const run = spawnInfra(['--without', 'connect']);
    await waitUntil(
      () => existsSync(join(dataDir, 'run')) && readdirSync(join(dataDir, 'run')).includes('azurite.json'),
    );
    const { pid } = JSON.parse(readFileSync(join(dataDir, 'run/azurite.json'), 'utf8')) as { pid: number };
    expect(await end(run.child, 'SIGTERM')).toBe(1);
    expect(identify(pid)).toBeUndefined();
    expect(readdirSync(join(dataDir, 'run')).filter((name) => name.endsWith('.json'))).toEqual([]);
  });

  it('stops with an error when a part dies', async () => {
    const run = await startInfra(...noParts);
    const exited = once(run.child, 'exit');
    process.kill(run.endpoints.pids['azurite'] ?? 0, 'SIGKILL');
    expect(await exited).toEqual([1, null]);
  });

  it('without Java says in one message what the ways out are, and touches nothing', async () => {
    const { code, output } = await exitOf(spawnInfra([], { PATH: '/nowhere' }));
    expect(code).toBe(1);
    expect(output.match(/^infra: /gm)).toHaveLength(1);
    expect(output).toMatch(/no Java was found[^]*Java 17[^]*Maven[^]*KAFKA_BROKERS[^]*CONNECT_URL[^]*docker compose/);
    expect(readdirSync(dataDir)).toEqual([]);
  });

  it('uses what runs already and then needs no Java', async () => {
    const env = {
      PATH: '/usr/bin:/bin:/usr/sbin:/sbin',
      JAVA_HOME: '/nowhere',
      KAFKA_BROKERS: 'b:1',
      CONNECT_URL: 'http://c',
      DATABASE_URL: 'postgres://d',
    };
    const { code, output } = await exitOf(spawnInfra(['--once'], env));
    expect(output).toMatch(/kafka +b:1\npostgres +postgres:\/\/d\nazurite +Default.*\nconnect +http:\/\/c/);
    expect(code).toBe(0);
    expect(Object.keys(readEndpoints().pids)).toEqual(['azurite', 'guard']);
  });

  it('exits with 2 for a wrong option', async () => {
    const { code, output } = await exitOf(spawnInfra(['--port', '1']));
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
    const { code, output } = await exitOf(spawnInfra(['--port-base', String(taken - 3), ...noParts]));
    expect(code).toBe(1);
    expect(output).toContain(`port ${taken}, wanted for azurite, is taken by another process`);
  });
});

describe('a data directory in disorder', () => {
  const only = (part: string): string[] => [
    '--once',
    '--without',
    ['kafka', 'postgres', 'azurite', 'connect'].filter((each) => each !== part).join(','),
  ];

  it('is started over where the first start was cut off', async () => {
    for (const half of ['kafka.new', 'postgres.new']) {
      mkdirSync(join(dataDir, half));
      writeFileSync(join(dataDir, half, 'half'), '');
    }
    const { code, output } = await exitOf(spawnInfra(['--once', '--without', 'connect,azurite']));
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(readdirSync(dataDir).filter((name) => name.endsWith('.new'))).toEqual([]);
  });

  it('is no matter when postmaster.pid names a process that is no Postgres', async () => {
    expect(await exitOf(spawnInfra(only('postgres')))).toMatchObject({ code: 0 });
    writeFileSync(join(dataDir, 'postgres/postmaster.pid'), `${process.pid}\n${dataDir}/postgres\n`);
    expect(await exitOf(spawnInfra(only('postgres')))).toMatchObject({ code: 0 });
  });

  it.each([
    ['a folder of Kafka without its mark', 'kafka', 'tickets-0', '', /no meta\.properties[^]*delete the folder/],
    ['a folder of Postgres without its mark', 'postgres', 'base', '', /no PG_VERSION[^]*delete the folder/],
    ['another version of Postgres', 'postgres', 'PG_VERSION', '17\n', /PostgreSQL 17, but this is PostgreSQL 18/],
  ])('is refused for %s', async (_name, part, file, text, reason) => {
    mkdirSync(join(dataDir, part));
    writeFileSync(join(dataDir, part, file), text);
    const { code, output } = await exitOf(spawnInfra(only(part)));
    expect(code).toBe(1);
    expect(output).toMatch(reason);
    expect(readdirSync(join(dataDir, part))).toEqual([file]);
  });

  it('is refused in seconds when Postgres has lost its files, with the end of its log and what to do', async () => {
    expect(await exitOf(spawnInfra(only('postgres')))).toMatchObject({ code: 0 });
    rmSync(join(dataDir, 'postgres/base'), { recursive: true });
    const { code, output } = await exitOf(spawnInfra(only('postgres')));
    expect(code).toBe(1);
    expect(output).toMatch(/refuses to work[^]*is missing[^]*delete .*postgres to start empty/);
  });

  it('is refused when the index of Azurite is cut off', async () => {
    expect(await exitOf(spawnInfra(only('azurite')))).toMatchObject({ code: 0 });
    writeFileSync(join(dataDir, 'azurite/__azurite_db_blob__.json'), '{"filename');
    const { code, output } = await exitOf(spawnInfra(only('azurite')));
    expect(code).toBe(1);
    expect(output).toMatch(/azurite ended[^]*JSON[^]*delete .*azurite to start empty/);
  });

  it('may have any name but one with a comma', async () => {
    rmSync(dataDir, { recursive: true });
    dataDir = `${dataDir} it's ünïcode`;
    guard.removeAtEnd(dataDir);
    expect(await exitOf(spawnInfra(['--once', '--without', 'connect']))).toMatchObject({ code: 0 });
    const { code, output } = await exitOf(spawnInfra(['--data-dir', `${dataDir},2`]));
    expect(code).toBe(1);
    expect(output).toContain('has a comma');
  });

  it('is refused when it is a file', async () => {
    rmSync(dataDir, { recursive: true });
    writeFileSync(dataDir, '');
    const { code, output } = await exitOf(spawnInfra(noParts));
    expect(code).toBe(1);
    expect(output).toContain('is a file');
  });
});
