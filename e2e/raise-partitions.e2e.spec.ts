import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { groupIdOf, lanes } from '@assay/shared/contracts/lanes';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { settledFaults } from './support/settled-workload.ts';
import { serviceNames, SystemBed } from './support/system-bed.ts';
import { until } from './support/until.ts';
import { Workload } from './support/workload.ts';

const ENOUGH = 60;
const RAISED = 9;

/** Nobody may lose the group here but by what the test does to it. */
const calm = { KAFKA_SESSION_TIMEOUT_MS: '30000' };

/**
 * Nine is no multiple of six: a key's new partition is one that others had before, in front of messages nobody has read. Half of
 * the system is behind when it happens, and a label file is half way in.
 */
describe('partitions are added under load', () => {
  let bed: SystemBed;
  let workload: Workload;

  beforeAll(async () => {
    bed = await SystemBed.start([]);
    for (const name of serviceNames) await bed.startService(name, calm).ready();
    workload = new Workload(bed);
  });
  afterAll(() => bed.stop());
  beforeEach(({ onTestFailed }) => onTestFailed(() => bed.explain()));

  const count = async (what: string, values: unknown[] = []) =>
    Number((await bed.database.query(`select count(*) from ${what}`, values)).rows[0].count);

  const sum = async (column: string, table: string) =>
    Number((await bed.database.query(`select sum(${column}) from ${table}`)).rows[0].sum);

  async function more(what: string, rows: number): Promise<void> {
    const before = await count(what);
    await until(`${rows} more of ${what}`, async () => (await count(what)) >= before + rows);
  }

  const partitions = (...args: string[]) => {
    const { databaseUrl, kafkaBrokers } = bed.addresses;
    const env = { PATH: process.env['PATH'], DATABASE_URL: databaseUrl, KAFKA_BROKERS: kafkaBrokers };
    const command = [fileURLToPath(new URL('../bin/assay.mjs', import.meta.url)), 'partitions', ...args];
    return promisify(execFile)(process.execPath, command, { env });
  };

  const labelsSent = async () => {
    const admin = bed.kafka.admin();
    await admin.connect();
    const ends = await admin.fetchTopicOffsets(lanes.labels.topic.name);
    await admin.disconnect();
    return ends.reduce((sum, { high }) => sum + Number(high), 0);
  };

  it('while decisions and labels lie unread in their old partitions, and a file is half way in', async () => {
    await more('assay.output_lines', ENOUGH);
    expect((await partitions()).stdout).toBe('6 partitions, in each of 8 topics.\n');
    expect(await bed.service('output').stop()).toBe(0);
    await more('public.decisions', ENOUGH);
    expect(await bed.service('quality-validator').stop()).toBe(0);
    await more('assay.label_files', 1);

    // Its rows are sent, and the bridge dies before it remembers that.
    const holding = await bed.database.connect();
    await holding.query('begin; lock table assay.label_files in share mode');
    const before = await labelsSent();
    await until('rows of a file that nobody remembers', async () => (await labelsSent()) > before);
    await bed.service('annotation-bridge').kill();
    await holding.query('rollback');
    holding.release();

    const { stdout } = await partitions('--raise', String(RAISED));
    expect(stdout).toBe(`${RAISED} partitions, in each of 8 topics.\n`);
    for (const name of ['annotation-bridge', 'quality-validator', 'output'] as const)
      await bed.startService(name, calm).ready();
  });

  it('every lane reads the new ones', async () => {
    const ofIngest = () => bed.service('ingest').assignments().at(-1)!;
    await until('ingest to hear of them', async () => ofIngest().length === RAISED);
    for (const lane of [lanes.documents, lanes.labels, lanes.decisions])
      await until(`messages in every partition of ${lane.topic.name}`, async () => {
        return (await count('assay.offsets where lane = $1 and received > 0', [groupIdOf(lane)])) === RAISED;
      });
    expect(ofIngest()).toHaveLength(RAISED);
  });

  it('rows that were sent twice went the same way both times', async () => {
    expect(await labelsSent()).toBeGreaterThan(await sum('published_count', 'assay.label_files'));
    const { rows } = await bed.database.query(
      'select partitions, count(*)::integer as files from assay.label_placements group by 1 order by 1',
    );
    expect(rows.map((row) => row.partitions)).toEqual([6, RAISED]);
  });

  it('and in the end the account is exact, and gold is what a single pass gives', async () => {
    await workload.finish();
    expect((await settledFaults(bed, workload)).faults).toEqual([]);
  });

  it('a service that was told another number refuses to start, and says what to do', async () => {
    expect(await bed.service('output').stop()).toBe(0);
    const process = bed.startService('output', { KAFKA_PARTITIONS: '6' });
    expect(await process.ended()).toBe(1);
    expect(process.tail()).toContain(`KAFKA_PARTITIONS is 6, but this installation has ${RAISED}.`);
  });
});
