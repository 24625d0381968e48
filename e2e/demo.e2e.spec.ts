import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Account } from '@assay/shared/contracts/account';
import { containers } from '@assay/shared/contracts/blobs';
import { topics } from '@assay/shared/contracts/topics';
import { type Guard, startGuard } from '@assay/tools/infra/guard-pipe';
import { type Infrastructure, startInfrastructure } from '@assay/tools/infra/infrastructure';
import { identify } from '@assay/tools/infra/process-identity';
import { makeScratchFolder } from '@assay/tools/infra/data-dir';
import { demoTickets } from '@assay/tools/start/demo/demo-tickets';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readBlobs, readTables, readTopics, type Stored } from './support/everything-stored.ts';

const TICKETS = 200;
const script = fileURLToPath(new URL('../tools/src/start.ts', import.meta.url));

interface Run {
  readonly exitCode: number;
  readonly output: string;
  readonly account: Account;
  readonly faults: readonly string[];
  readonly gold: Buffer;
  /** Of its processes that are still there after its end. */
  readonly left: readonly string[];
}

let dataDir: string;
let guard: Guard;
let first: Run;
let second: Run;

const readJson = (name: string) => JSON.parse(readFileSync(join(dataDir, name), 'utf8'));

/** `npm start -- --once` as a user runs it, but without npm. */
async function start(): Promise<Run> {
  const flags = ['--conditions=assay-source', '--disable-warning=TimeoutNegativeWarning'];
  const options = ['--once', '--no-build', '--tickets', String(TICKETS), '--data-dir', dataDir];
  const child = spawn(process.execPath, [...flags, script, ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
  const identity = identify(child.pid!);
  if (identity !== undefined) guard.watch({ ...identity, name: 'start', gentleSignal: 'SIGTERM' });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (output += bytes.toString()));
  const [exitCode] = await once(child, 'close');
  if (exitCode !== 0) throw new Error(`npm start ended with ${exitCode}:\n${output}`);
  const { account, faults } = readJson('account.json');
  const pids = Object.entries(readJson('endpoints.json').pids as Record<string, number>);
  const left = pids.flatMap(([name, pid]) => (identify(pid) === undefined ? [] : [name]));
  const gold = readFileSync(join(dataDir, 'gold', 'clean_training_dataset.jsonl'));
  return { exitCode, output, account, faults, gold, left };
}

beforeAll(async () => {
  dataDir = makeScratchFolder();
  guard = startGuard(() => {});
  guard.removeAtEnd(dataDir);
  first = await start();
  second = await start();
}, 900_000);

afterAll(() => guard.close());

describe('npm start', () => {
  it('turns every ticket into a document, and its account adds up', () => {
    expect(first.output).toContain('The account adds up.');
    expect(first.faults).toEqual([]);
    expect(first.account).toMatchObject({ documents: TICKETS, dead_lettered: 0, skipped: 0 });
  });

  it('makes gold of what people agree on, and of nothing else', () => {
    const { gold, disagreement, rejected_rows, superseded } = first.account;
    const lines = first.gold.toString().trimEnd().split('\n');
    expect(lines).toHaveLength(gold);
    for (const count of [gold, disagreement, rejected_rows, superseded]) expect(count).toBeGreaterThan(0);
  });

  it('finds nothing new the second time: all duplicates, the same gold to the byte', () => {
    expect(second.faults).toEqual([]);
    // At least, because a request that met a busy broker is sent again, and half of it may have been taken.
    const again = second.account.received - first.account.received;
    expect(again).toBeGreaterThanOrEqual(TICKETS);
    const { received, duplicate } = first.account;
    expect(second.account).toEqual({ ...first.account, received: received + again, duplicate: duplicate + again });
    expect(second.gold.equals(first.gold)).toBe(true);
  });

  it('keeps the gold, the addresses and the keys for its owner alone', () => {
    const files = [
      'gold/clean_training_dataset.jsonl',
      'gold/manifest.json',
      'endpoints.json',
      'keys.json',
      'passwords.json',
    ];
    expect(files.filter((name) => (statSync(join(dataDir, name)).mode & 0o077) !== 0)).toEqual([]);
  });

  it('leaves no process behind', () => {
    expect([...first.left, ...second.left]).toEqual([]);
  });
});

describe('after npm start', () => {
  let infrastructure: Infrastructure;
  let addresses: Required<Infrastructure['endpoints']>;

  beforeAll(async () => {
    infrastructure = await startInfrastructure({ dataDir, parts: ['kafka', 'postgres', 'azurite'] });
    addresses = infrastructure.endpoints as typeof addresses;
  });

  afterAll(() => infrastructure.stop());

  const plantedIn = async (stored: AsyncIterable<Stored>): Promise<ReadonlyMap<string, string>> => {
    const values = demoTickets(TICKETS).flatMap(({ planted }) => planted.map(({ value }) => value));
    const found = new Map<string, string>();
    for await (const { place, bytes } of stored)
      for (const value of values) if (bytes.includes(value)) found.set(value, place);
    return found;
  };
  const unmasked: readonly string[] = [topics.ticketsRaw.name, topics.ingestDeadLetters.name];

  it('finds every personal value in the topic they were sent to, so that the search is known to find', async () => {
    const values = demoTickets(TICKETS).flatMap(({ planted }) => planted.map(({ value }) => value));
    const found = await plantedIn(readTopics(addresses.kafkaBrokers, (name) => name === topics.ticketsRaw.name));
    expect(values.filter((value) => !found.has(value))).toEqual([]);
    expect(values.length).toBeGreaterThan(TICKETS / 4);
  });

  it('finds none of them in any other topic', async () => {
    expect(await plantedIn(readTopics(addresses.kafkaBrokers, (name) => !unmasked.includes(name)))).toEqual(new Map());
  });

  it('finds none of them in any table', async () => {
    expect(await plantedIn(readTables(addresses.databaseUrl))).toEqual(new Map());
  });

  it('finds none of them in any blob, bronze included, because bronze is sealed', async () => {
    const seen = new Set<string>();
    const blobs = readBlobs(addresses.blobConnectionString, (container) => void seen.add(container));
    expect(await plantedIn(blobs)).toEqual(new Map());
    expect([...seen]).toEqual(expect.arrayContaining([containers.outgoing, containers.labeled, containers.gold]));
  });

  it('wrote retractions for what the late dissent took back', async () => {
    let retractions = 0;
    for await (const { place, bytes } of readBlobs(addresses.blobConnectionString, () => {}))
      if (place.startsWith(`${containers.gold}/segments/`))
        retractions += bytes.toString().split('"op":"retract"').length - 1;
    expect(retractions).toBeGreaterThan(0);
  });
});
