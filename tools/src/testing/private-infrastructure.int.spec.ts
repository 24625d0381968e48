import { existsSync } from 'node:fs';
import { BlobServiceClient } from '@azure/storage-blob';
import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireAddress } from '../infra/endpoints.ts';
import type { Infrastructure } from '../infra/infrastructure.ts';
import { startPrivateInfrastructure } from './infrastructure.ts';

let infrastructure: Infrastructure;

beforeAll(async () => {
  infrastructure = await startPrivateInfrastructure(['kafka', 'postgres', 'azurite']);
});

afterAll(() => infrastructure.stop());

async function readClusterId(): Promise<string> {
  const brokers = [requireAddress(infrastructure.endpoints, 'kafkaBrokers')];
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const { clusterId } = await admin.describeCluster();
  await admin.disconnect();
  return clusterId;
}

async function query(sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: requireAddress(infrastructure.endpoints, 'databaseUrl') });
  await client.connect();
  const { rows } = await client.query(sql);
  await client.end();
  return rows;
}

function blobs(): BlobServiceClient {
  return BlobServiceClient.fromConnectionString(requireAddress(infrastructure.endpoints, 'blobConnectionString'));
}

async function restart(
  name: 'kafka' | 'postgres' | 'azurite',
  signal: 'SIGTERM' | 'SIGKILL',
  wipe = false,
): Promise<void> {
  const part = infrastructure.part(name);
  const before = part.pid;
  await part.stop(signal);
  expect(part.pid).toBeUndefined();
  if (wipe) await part.wipe();
  await part.start();
  expect(part.pid).not.toBe(before);
}

describe('the superuser of Postgres', () => {
  it('has a password of this data directory, which replaces the one everybody knew in release 0.1', async () => {
    await query(`alter role postgres password 'postgres'`);
    await restart('postgres', 'SIGTERM');
    expect(await query('select 1 as one')).toEqual([{ one: 1 }]);
    const known = new URL(requireAddress(infrastructure.endpoints, 'databaseUrl'));
    known.password = 'postgres';
    const client = new pg.Client({ connectionString: known.href });
    await expect(client.connect()).rejects.toMatchObject({ code: '28P01' });
    await client.end();
  });
});

describe('the private infrastructure of a chaos test', () => {
  it('is the same broker after a SIGKILL', async () => {
    const before = await readClusterId();
    await restart('kafka', 'SIGKILL');
    expect(await readClusterId()).toBe(before);
  });

  it('is another broker at the same address after a wipe', async () => {
    const [id, address] = [await readClusterId(), infrastructure.endpoints.kafkaBrokers];
    await restart('kafka', 'SIGTERM', true);
    expect(await readClusterId()).not.toBe(id);
    expect(infrastructure.endpoints.kafkaBrokers).toBe(address);
  });

  it.each(['SIGTERM', 'SIGKILL'] as const)(
    'keeps what Postgres has committed over a %s, with clients connected',
    async (signal) => {
      await query(`create table ${signal} as select 1 as one`);
      const bystander = new pg.Client({ connectionString: requireAddress(infrastructure.endpoints, 'databaseUrl') });
      bystander.on('error', () => {});
      await bystander.connect();
      await restart('postgres', signal);
      expect(await query(`select one from ${signal}`)).toEqual([{ one: 1 }]);
    },
  );

  it('has an empty database after a wipe', async () => {
    await query('create table wiped ()');
    await restart('postgres', 'SIGTERM', true);
    expect(await query(`select to_regclass('wiped') as found`)).toEqual([{ found: null }]);
  });

  it('keeps blobs over a SIGTERM', async () => {
    await blobs().createContainer('kept');
    await restart('azurite', 'SIGTERM');
    expect(await blobs().getContainerClient('kept').exists()).toBe(true);
  });

  it('refuses to wipe a running part and to start it twice', async () => {
    await expect(infrastructure.part('azurite').wipe()).rejects.toThrow('must be stopped');
    await expect(infrastructure.part('azurite').start()).rejects.toThrow('runs already');
  });

  it('has no part that was not asked for', () => {
    expect(() => infrastructure.part('connect')).toThrow('connect is not part');
    expect(() => requireAddress(infrastructure.endpoints, 'connectUrl')).toThrow('left out');
  });

  it('removes its folder when it stops', async () => {
    const other = await startPrivateInfrastructure(['postgres']);
    expect(existsSync(other.dataDir)).toBe(true);
    await other.stop();
    expect(existsSync(other.dataDir)).toBe(false);
  });
});
