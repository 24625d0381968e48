import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { topics } from '@assay/shared/contracts/topics';
import type { Admin } from 'kafkajs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SystemBed } from './support/system-bed.ts';
import { until } from './support/until.ts';

const EXPIRED = 50;

/** Retention deletes change events before anybody has read them, and only Postgres still knows the documents. */
describe('assay reconcile --mend', () => {
  let bed: SystemBed;
  let kafka: Admin;
  let sent = 0;

  beforeAll(async () => {
    bed = await SystemBed.start(['ingest', 'annotation-bridge']);
    kafka = bed.kafka.admin();
    await kafka.connect();
    await send(10);
    await untilQueued(10);
  });
  afterAll(async () => {
    await kafka.disconnect();
    await bed.stop();
  });
  beforeEach(({ onTestFailed }) => onTestFailed(() => bed.explain()));

  async function send(count: number): Promise<void> {
    const tickets = Array.from({ length: count }, () => ({ source: 'e2e', ticket_id: `T-${++sent}`, text: 'A text.' }));
    expect((await bed.post(tickets)).status).toBe(202);
  }

  /** As an operator calls it, with the addresses in the environment. */
  function reconcile(...args: string[]): Promise<{ code: number; stdout: string }> {
    const { databaseUrl, blobConnectionString, connectUrl } = bed.addresses;
    const env = {
      PATH: process.env['PATH'],
      DATABASE_URL: databaseUrl,
      BLOB_CONNECTION_STRING: blobConnectionString,
      CONNECT_URL: connectUrl,
    };
    const command = [fileURLToPath(new URL('../bin/assay.mjs', import.meta.url)), 'reconcile', ...args];
    return new Promise((resolve) => {
      execFile(process.execPath, [...command, '--older-than-s', '0'], { env }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code), stdout: stdout + stderr }),
      );
    });
  }

  const count = async (what: string) => Number((await bed.database.query(`select ${what} as count`)).rows[0].count);
  const queued = () => count('(select count(*) from assay.deliveries)');
  const untilQueued = (documents: number) =>
    until(`${documents} deliveries`, async () => (await queued()) === documents);

  /** Deletes every change event there is, once there are that many. */
  async function expire(events: number): Promise<void> {
    const topic = topics.documentChanges.name;
    const offsets = await until(`${events} change events`, async () => {
      const found = await kafka.fetchTopicOffsets(topic);
      return found.reduce((sum, { high }) => sum + Number(high), 0) >= events && found;
    });
    const partitions = offsets.map(({ partition, high }) => ({ partition, offset: high }));
    await kafka.deleteTopicRecords({ topic, partitions });
  }

  it('finds documents whose change events expired', async () => {
    expect(await bed.service('annotation-bridge').stop()).toBe(0);
    await send(EXPIRED);
    await expire(10 + EXPIRED);
    await bed.startService('annotation-bridge').ready();
    await until('the loss to be booked', async () => {
      return (await count(`(select sum(expired) from assay.offsets)`)) === EXPIRED;
    });
    const { code, stdout } = await reconcile('--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toHaveLength(EXPIRED);
    expect(await queued()).toBe(10);
  });

  it('has them seen again, and what was seen already counts once', async () => {
    const { code, stdout } = await reconcile('--mend');
    expect(stdout).toContain('Debezium reads its tables once more');
    expect(code).toBe(0);
    await untilQueued(10 + EXPIRED);
    expect(await reconcile()).toEqual({ code: 0, stdout: 'Postgres and what left it agree.\n' });
    await send(1);
    await untilQueued(11 + EXPIRED);
  });
});
