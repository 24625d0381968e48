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

  /** Deletes every message of a topic, once there have been that many. */
  async function expire(topic: string, messages: number): Promise<void> {
    const offsets = await until(`${messages} messages`, async () => {
      const found = await kafka.fetchTopicOffsets(topic);
      return found.reduce((sum, { high }) => sum + Number(high), 0) >= messages && found;
    });
    const partitions = offsets.map(({ partition, high }) => ({ partition, offset: high }));
    await kafka.deleteTopicRecords({ topic, partitions });
  }

  it('finds documents whose change events expired', async () => {
    expect(await bed.service('annotation-bridge').stop()).toBe(0);
    await send(EXPIRED);
    await expire(topics.documentChanges.name, 10 + EXPIRED);
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

  const rowsUnderWay = async () => (await bed.account()).rows_under_way;
  const untilSettled = () => until('all rows to be settled', async () => (await rowsUnderWay()) === 0);

  /** A row for each of the first documents. */
  async function putLabels(name: string, documents: number, annotator: string): Promise<void> {
    const { rows } = await bed.database.query('select doc_id from public.documents order by doc_id limit $1', [
      documents,
    ]);
    const lines = rows.map(({ doc_id: docId }) => `${docId},${annotator},billing,0.9`);
    await bed.putLabelFile(
      `2026/11/21/${name}`,
      ['doc_id,annotator_id,label,confidence_score', ...lines, ''].join('\n'),
    );
  }

  it('finds label rows that Kafka lost, has them sent again, and what was settled counts once', async () => {
    await bed.startService('quality-validator').ready();
    await putLabels('settled.csv', 5, 'ann');
    await bed.row('the file', `select from assay.label_files where path like '%settled.csv'`);
    await untilSettled();
    expect(await bed.service('quality-validator').stop()).toBe(0);
    await putLabels('lost.csv', EXPIRED, 'ben');
    await expire(topics.labels.name, 5 + EXPIRED);
    await bed.row('the file', `select from assay.label_files where path like '%lost.csv'`);
    await bed.startService('quality-validator').ready();
    await until('the loss to be booked', async () => {
      return (
        (await count(`(select sum(expired) from assay.offsets where topic = '${topics.labels.name}')`)) === EXPIRED
      );
    });
    expect(await rowsUnderWay()).toBe(EXPIRED);

    const { code, stdout } = await reconcile('--mend');
    expect(stdout).toContain(`label file 2026/11/21/lost.csv: ${EXPIRED} of its rows were sent and never settled`);
    expect(stdout).not.toContain('settled.csv:');
    expect(code).toBe(0);
    await untilSettled();
    expect((await bed.account()).live).toBe(5 + EXPIRED);
    expect(await count('(select count(*) from assay.label_files where is_wanted_again)')).toBe(0);
  });
});
