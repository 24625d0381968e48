import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SystemBed } from './support/system-bed.ts';
import { until } from './support/until.ts';

const CONNECTOR = 'assay';

/** Postgres keeps no more than one segment of WAL for a slot: what takes a long outage elsewhere takes a moment here. */
const postgresSettings = { max_slot_wal_keep_size: '16MB' };

describe('a replication slot that Postgres gave up', () => {
  let bed: SystemBed;
  let sent = 0;

  beforeAll(async () => {
    bed = await SystemBed.start(['ingest'], { postgresSettings });
    await bed.startService('annotation-bridge', { CDC_CHECK_MS: '300' }).ready();
    await send(20);
    await untilQueued(20);
  });
  afterAll(() => bed.stop());
  beforeEach(({ onTestFailed }) => onTestFailed(() => bed.explain()));

  async function send(count: number): Promise<void> {
    const tickets = Array.from({ length: count }, () => ({ source: 'e2e', ticket_id: `T-${++sent}`, text: 'A text.' }));
    expect((await bed.post(tickets)).status).toBe(202);
  }

  const count = async (what: string) => Number((await bed.database.query(`select ${what} as count`)).rows[0].count);
  const untilQueued = (documents: number) =>
    until(
      `${documents} deliveries`,
      async () => (await count('(select count(*) from assay.deliveries)')) === documents,
    );

  async function slotStatus(): Promise<string | undefined> {
    const { rows } = await bed.database.query('select wal_status from pg_replication_slots where slot_name = $1', [
      CONNECTOR,
    ]);
    return rows[0]?.wal_status;
  }

  async function loseSlot(): Promise<void> {
    await until('the slot to be lost', async () => {
      await bed.database.query(`select pg_logical_emit_message(false, 'filler', repeat('x', 1000))`);
      await bed.database.query('select pg_switch_wal()');
      await bed.database.query('checkpoint');
      return (await slotStatus()) === 'lost';
    });
  }

  const ask = async (service: 'ingest' | 'annotation-bridge', path: string) =>
    fetch(`${await bed.service(service).ready()}${path}`);
  const cdc = async (): Promise<string> => {
    const { dependencies } = (await (await ask('annotation-bridge', '/ready')).json()) as {
      dependencies: Record<string, string>;
    };
    return dependencies['cdc']!;
  };
  const metric = async (line: string) => (await (await ask('annotation-bridge', '/metrics')).text()).includes(line);

  it('is said in /ready and in a metric, and ingest goes on', async () => {
    await bed.infrastructure.part('connect').stop('SIGKILL');
    await send(30);
    await loseSlot();
    expect(await cdc()).toContain('the replication slot is lost; healing');
    await until('the metric to say so', () =>
      metric('pipeline_slot_status{service="annotation-bridge",status="lost"} 1'),
    );
    expect((await ask('ingest', '/ready')).status).toBe(200);
    await send(10);
  });

  it('is made again, and what was written without it goes out', async () => {
    await bed.infrastructure.part('connect').start();
    await untilQueued(60);
    await send(5);
    await untilQueued(65);
    expect(await cdc()).toBe('up');
    expect(await slotStatus()).not.toBe('lost');
    await until('the metric to say so', () =>
      metric('pipeline_slot_status{service="annotation-bridge",status="lost"} 0'),
    );
  });

  it('was made again once, and no document went out twice', async () => {
    const renewals = bed.service('annotation-bridge').log.filter(({ msg }) => msg.includes('new replication slot'));
    expect(renewals).toHaveLength(1);
    const batched = '(select coalesce(sum(document_count), 0) from assay.batches)';
    await until('all to be in a batch', async () => (await count(batched)) === sent);
  });
});
