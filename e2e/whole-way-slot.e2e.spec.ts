import { createConnectClient } from '@assay/shared/cdc/connect-client';
import { topics } from '@assay/shared/contracts/topics';
import { readTopics } from './support/everything-stored.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { settledFaults } from './support/settled-workload.ts';
import { serviceNames, SystemBed } from './support/system-bed.ts';
import { until } from './support/until.ts';
import { Workload } from './support/workload.ts';

const CONNECTOR = 'assay';
const ENOUGH = 60;

/** Nobody dies here, and a busy machine must not make the group or Postgres think so. */
const calm = { CDC_CHECK_MS: '500', KAFKA_SESSION_TIMEOUT_MS: '30000' };

/**
 * Issue: the slot dropped under load, the connector re-created, a new snapshot while output is stopped. A snapshot brings
 * every decision there ever was, in no order; nothing may be lost, nothing applied backwards.
 */
describe('what carries the changes is lost', () => {
  let bed: SystemBed;
  let workload: Workload;

  beforeAll(async () => {
    bed = await SystemBed.start([]);
    for (const name of serviceNames) await bed.startService(name, calm).ready();
    workload = new Workload(bed);
  });
  afterAll(() => bed.stop());
  beforeEach(({ onTestFailed }) => onTestFailed(() => bed.explain()));

  const count = async (table: string) =>
    Number((await bed.database.query(`select count(*) from ${table}`)).rows[0].count);

  /** Lets the load run on until there are this many more rows. */
  async function more(table: string, rows: number): Promise<void> {
    const before = await count(table);
    await until(`${rows} more rows in ${table}`, async () => (await count(table)) >= before + rows);
  }

  async function dropSlot(): Promise<void> {
    await until('the slot to be let go', async () => {
      const { rows } = await bed.database.query(`select active from pg_replication_slots where slot_name = $1`, [
        CONNECTOR,
      ]);
      return rows[0].active === false;
    });
    await bed.database.query(`select pg_drop_replication_slot($1)`, [CONNECTOR]);
  }

  const connect = async (method: string, path: string) => {
    const answer = await fetch(`${bed.addresses.connectUrl}/connectors/${CONNECTOR}${path}`, { method });
    expect(answer.ok, `${method} ${path}: ${answer.status}`).toBe(true);
  };

  const untilRunning = () =>
    until('the connector to run', async () => {
      const status = await createConnectClient(bed.addresses.connectUrl).status(CONNECTOR);
      return status?.connector.state === 'RUNNING' && status.tasks[0]?.state === 'RUNNING';
    });

  async function snapshotRows(): Promise<number> {
    let rows = 0;
    for await (const { bytes } of readTopics(
      bed.addresses.kafkaBrokers,
      (name) => name === topics.decisionChanges.name,
    ))
      if (bytes.includes('"op":"r"')) rows++;
    return rows;
  }

  it('the slot is dropped, and changes are made that no slot has', async () => {
    await more('assay.output_lines', ENOUGH);
    expect(await bed.service('output').stop()).toBe(0);
    await more('public.decisions', ENOUGH);
    await bed.infrastructure.part('connect').stop('SIGKILL');
    await dropSlot();
    // Tickets go on coming in, and what went out before is still being labelled.
    await more('public.documents', ENOUGH);
    await bed.infrastructure.part('connect').start();
    await untilRunning();
    await more('assay.deliveries', ENOUGH);
    await until('a snapshot of the decisions', async () => (await snapshotRows()) > ENOUGH);
    await bed.startService('output', calm).ready();
    await more('assay.output_lines', ENOUGH);
  });

  it('the connector is deleted with all it knew, and made again by the bridge', async () => {
    expect(await bed.service('output').stop()).toBe(0);
    await more('public.decisions', ENOUGH);
    const before = await snapshotRows();
    await connect('PUT', '/stop');
    await until('the task to be gone', async () => {
      const status = await createConnectClient(bed.addresses.connectUrl).status(CONNECTOR);
      return status?.connector.state === 'STOPPED' && status.tasks.length === 0;
    });
    await connect('DELETE', '/offsets');
    await connect('DELETE', '');
    await more('public.documents', ENOUGH);
    await untilRunning();
    await more('assay.deliveries', ENOUGH);
    await until('another snapshot', async () => (await snapshotRows()) > before);
    await bed.startService('output', calm).ready();
  });

  it('and in the end nothing is missing, nothing twice, nothing older than it was', async () => {
    await workload.finish();
    expect((await settledFaults(bed, workload)).faults).toEqual([]);
    const { rows } = await bed.database.query(
      `select count(*)::integer as lines, count(distinct (doc_id, version))::integer as versions
         from assay.output_lines where stream = 'gold'`,
    );
    expect(rows[0].lines).toBe(rows[0].versions);
  });
});
