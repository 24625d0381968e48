import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createConnectClient } from '@assay/shared/cdc/connect-client';
import type { ServiceParts } from '@assay/shared/bootstrap/run-service';
import { roles } from '@assay/shared/contracts/roles';
import { topics } from '@assay/shared/contracts/topics';
import { MIB } from '@assay/shared/contracts/units';
import { readTopic } from '@assay/shared/kafka/testing/read-topic';
import { createLogger } from '@assay/shared/observability/logger';
import { createTestDatabase, type TestDatabase } from '@assay/shared/testing/test-database';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { buildAnnotationBridge } from '../service.ts';
import { readAnnotationBridgeConfig } from '../config.ts';
import { insertDocuments } from '../testing/documents.ts';

/** The service as it runs, on a real Debezium. */
let database: TestDatabase;
let connectUrl: string;
let service: ServiceParts;
const name = `bridge_${randomBytes(6).toString('hex')}`;

beforeAll(async () => {
  const response = await fetch(inject('connectStarter'), { method: 'POST', signal: AbortSignal.timeout(100_000) });
  connectUrl = await response.text();
  database = await createTestDatabase();
  // What an operator gives Debezium: no more than this is needed, and it cannot read where raw tickets lie.
  await database.admin.query(
    `create role ${name} login replication password '${inject('loginPassword')}' in role ${roles.cdc}`,
  );
  await insertDocuments(database.admin, numbers(1, 200)); // these only a snapshot carries
  service = await start();
});

afterAll(async () => {
  await Promise.all([...service.lanes, ...service.workers].map((part) => part.stop()));
  for (const close of service.close) await close();
  await fetch(`${connectUrl}/connectors/${name}`, { method: 'DELETE' });
  await dropSlot();
  await database.admin.query(`drop role ${name}`);
  await database.drop();
});

async function start(): Promise<ServiceParts> {
  const config = readAnnotationBridgeConfig({
    KAFKA_BROKERS: inject('kafkaBrokers'),
    DATABASE_URL: database.urlOf(roles.bridge),
    BLOB_CONNECTION_STRING: inject('blobConnectionString'),
    CONNECT_URL: connectUrl,
    ANNOTATION_BRIDGE_PSEUDONYM_KEY: `k1:${'0'.repeat(64)}`,
    CDC_DATABASE_URL: cdcUrl(),
    CDC_CONNECTOR_NAME: name,
    CDC_CHECK_MS: '200',
    CDC_HEARTBEAT_MS: '500',
    ANNOTATION_BRIDGE_BATCH_MAX_AGE_MS: '100',
    ANNOTATION_BRIDGE_BATCH_POLL_MS: '50',
  });
  const fatal = (error: unknown) => failures.push(error);
  const built = await buildAnnotationBridge({
    config,
    log: createLogger('annotation-bridge', 'error'),
    onFatal: fatal,
  });
  for (const part of [...built.lanes, ...built.workers]) await part.start();
  return built;
}

function cdcUrl(): string {
  const url = new URL(database.url);
  url.username = name;
  url.password = inject('loginPassword');
  return url.href;
}

/** Where the worker of tools/src/infra keeps its connectors. */
const CONNECT_CONFIGS = 'assay-connect-config';

const failures: unknown[] = [];

const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => ({ number: from + index }));

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await sleep(50); // the test's own timeout is the limit
}

async function valueOf<T>(statement: string, values: readonly unknown[] = []): Promise<T> {
  const { rows } = await database.admin.query({ text: statement, values: [...values], rowMode: 'array' });
  return (rows as unknown as T[][])[0]?.[0] as T;
}

const waitingCount = () => valueOf<number>('select count(*)::integer from assay.deliveries where batch_id is null');
const pushed = () => valueOf<number>('select pushed::integer as count from lineage.stages');

interface ChangedRow {
  readonly doc_id: string;
  readonly source: string;
}

/** The rows in the topic's messages, from its beginning until there are that many different ones. */
async function changeEventRows(count: number): Promise<readonly ChangedRow[]> {
  const rows: ChangedRow[] = [];
  const seen = new Set<string>();
  const stop = await readTopic([inject('kafkaBrokers')], topics.documentChanges.name, name, (value) => {
    const { after } = JSON.parse(String(value)) as { after: ChangedRow };
    rows.push(after);
    seen.add(after.doc_id);
  });
  await until(async () => seen.size >= count);
  await stop();
  return rows;
}

/** Postgres refuses while Debezium holds the slot, so its sender is ended first; it may come back in between. */
async function dropSlot(): Promise<void> {
  await until(async () => {
    await database.admin.query(
      'select pg_terminate_backend(active_pid) from pg_replication_slots where slot_name = $1 and active',
      [name],
    );
    const drop = 'select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = $1';
    return database.admin.query(drop, [name]).then(
      () => true,
      () => false,
    );
  });
}

describe('documents on their way out', () => {
  it('are pushed when only a snapshot carries them, and when they come as changes', async () => {
    await until(async () => (await pushed()) === 200);
    await insertDocuments(database.admin, numbers(201, 300));
    await until(async () => (await pushed()) === 300);
    expect(await waitingCount()).toBe(0);
  });

  it('are pushed once', async () => {
    const rows = await valueOf<number>(
      'select sum(document_count)::integer from assay.batches where sent_at is not null',
    );
    expect(rows).toBe(300);
  });

  it('are not lost when the slot is, and not pushed again by the new snapshot', async () => {
    await dropSlot();
    await insertDocuments(database.admin, numbers(301, 400)); // between the old slot and the new one
    await until(async () => (await pushed()) === 400);
    expect(await valueOf('select sum(document_count)::integer from assay.batches')).toBe(400);
    const duplicates = await valueOf<number>('select sum(duplicate)::integer from assay.offsets');
    expect(duplicates).toBeGreaterThanOrEqual(300);
  });

  it('are not lost when the connector is', async () => {
    await fetch(`${connectUrl}/connectors/${name}`, { method: 'DELETE' });
    await insertDocuments(database.admin, numbers(401, 405)); // the task may still send some of them before it ends
    const connect = createConnectClient(connectUrl);
    await until(async () => (await connect.status(name))?.connector.state === 'RUNNING');
    await insertDocuments(database.admin, numbers(406, 410));
    await until(async () => (await pushed()) === 410);
    expect(await valueOf('select sum(document_count)::integer from assay.batches')).toBe(410);
  });

  it('are pushed however long JSON makes them', async () => {
    await insertDocuments(database.admin, [{ number: 411, text: '\u0001'.repeat(MIB) }]); // 6 MiB as JSON
    await until(async () => (await pushed()) === 411);
    expect(await waitingCount()).toBe(0);
  });

  it('are read by a login whose password stands neither in the connector nor in Connect’s topic', async () => {
    const shown = await (await fetch(`${connectUrl}/connectors/${name}`)).text();
    const kept: string[] = [];
    const stop = await readTopic([inject('kafkaBrokers')], CONNECT_CONFIGS, `${name}-configs`, (value) => {
      kept.push(String(value));
    });
    await until(async () => kept.some((value) => value.includes(name) && value.includes('database.password')));
    await stop();
    for (const text of [shown, ...kept]) expect(text).not.toContain(inject('loginPassword'));
    expect(JSON.parse(shown)).toMatchObject({ config: { 'database.password': '${env:ASSAY_CDC_PASSWORD}' } });
  });

  it('let go of WAL while only other tables change', async () => {
    const position = await valueOf<string>('select pg_current_wal_lsn()::text');
    await database.admin.query('create table other as select generate_series(1, 1000)');
    const hasMoved = () =>
      valueOf<boolean>('select confirmed_flush_lsn > $2::pg_lsn from pg_replication_slots where slot_name = $1', [
        name,
        position,
      ]);
    await until(hasMoved);
    expect(await hasMoved()).toBe(true);
  });

  it('say in no message, snapshot or change, where the raw ticket lies', async () => {
    const rows = await changeEventRows(411);
    expect(rows.filter((row) => row.source !== 'zendesk' || 'bronze_path' in row)).toEqual([]);
    expect(failures).toEqual([]);
  });
});
