import { type GoldLine, goldLineSchema } from '@assay/shared/contracts/gold-line';
import { faultsOfAccount } from '@assay/shared/contracts/account';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LabelDesk, type WrittenRow } from './support/label-desk.ts';
import { settledAccount } from './support/settled-system.ts';
import { type GoldExample, singlePass } from './support/single-pass.ts';
import { serviceNames, SystemBed } from './support/system-bed.ts';

const CONNECTOR = 'assay';

/** Postgres is set back to a backup, and everything else stays: topics, blobs, Kafka Connect's offsets, readers. */
describe('a restore from a backup', () => {
  let bed: SystemBed;
  let desk: LabelDesk;
  let tickets = 0;
  /** What a reader holds who was there from the first line and never starts over. */
  const readerHas: GoldLine[] = [];

  beforeAll(async () => {
    bed = await SystemBed.start();
    desk = new LabelDesk(bed);
  });
  afterAll(() => bed.stop());
  beforeEach(({ onTestFailed }) => onTestFailed(() => bed.explain()));

  async function send(count: number): Promise<void> {
    const sent = Array.from({ length: count }, () => {
      const id = `T-${++tickets}`;
      return { source: 'e2e', ticket_id: id, text: `Ticket ${id} is about the invoice.` };
    });
    expect((await bed.post(sent)).status).toBe(202);
    await settled();
  }
  const settled = () => settledAccount(bed, { tickets, rows: desk.rows.length });
  const docIdOf = async (ticket: number) =>
    (await bed.database.query('select doc_id from public.documents where ticket_id = $1', [`T-${ticket}`])).rows[0]
      .doc_id as string;
  async function says(ticket: number, annotator: string, label: string, more: Partial<WrittenRow> = {}) {
    await desk.write([{ docId: await docIdOf(ticket), annotator, label, confidence: '0.9', ...more }]);
    await settled();
  }

  async function goldLines(): Promise<readonly GoldLine[]> {
    const address = await bed.service('output').ready();
    const answer = await fetch(`${address}/v1/gold/lines?limit=10000`);
    const texts = (await answer.text()).split('\n').slice(0, -1);
    return texts.map((text) => goldLineSchema.parse(JSON.parse(text)));
  }

  /** What lines say together, by the highest (life, version) of each document. */
  function examplesOf(lines: readonly GoldLine[]): ReadonlyMap<string, GoldExample> {
    const examples = new Map<string, GoldExample>();
    const rising = lines.toSorted((a, b) => (a.life ?? 1) - (b.life ?? 1) || a.version - b.version);
    for (const line of rising) {
      if (line.op === 'retract') examples.delete(line.doc_id);
      else {
        const { label, confidence_score, annotators } = line;
        examples.set(line.doc_id, { label, confidence_score, annotators });
      }
    }
    return examples;
  }

  /** With everything that connects to the database down. */
  async function whileDown(work: (server: pg.Client) => Promise<void>): Promise<void> {
    for (const name of serviceNames) expect(await bed.service(name).stop()).toBe(0);
    await bed.infrastructure.part('connect').stop('SIGKILL');
    const url = new URL(bed.addresses.databaseUrl);
    const database = url.pathname.slice(1);
    url.pathname = '/template1';
    const server = new pg.Client({ connectionString: url.href });
    await server.connect();
    await server.query('select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = $1', [database]);
    await work(server);
    await server.end();
    await bed.infrastructure.part('connect').start();
    await bed.startServices(serviceNames);
  }
  const name = () => new URL(bed.addresses.databaseUrl).pathname.slice(1);

  it('first there is a backup, and life goes on after it', async () => {
    await send(5);
    for (const ticket of [1, 2, 3, 4, 5]) await says(ticket, 'ann', 'billing');
    await whileDown(async (server) => void (await server.query(`create database backup template ${name()}`)));

    await says(1, 'ben', 'refund', { toolId: 'r-1' });
    await says(1, 'ben', 'refund', { toolId: 'r-1', op: 'withdraw' });
    await says(2, 'ben', 'refund', { confidence: '0.1' });
    await send(2);
    await says(6, 'ann', 'billing');

    readerHas.push(...(await goldLines()));
    expect(examplesOf(readerHas)).toEqual(singlePass(desk.rows).gold);
    expect((await bed.database.query('select life from assay.lives')).rows).toEqual([{ life: 1 }]);
  });

  it('after the restore, and a new dissent, gold is that of a single pass', async () => {
    await whileDown(async (server) => {
      await server.query('select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = $1', [
        CONNECTOR,
      ]);
      await server.query(`drop database ${name()}`);
      await server.query(`create database ${name()} template backup`);
    });
    await settled();
    await says(3, 'ben', 'refund', { confidence: '0.1' });
    const account = await settled();

    expect(faultsOfAccount(account)).toEqual([]);
    const { gold, account: counts } = singlePass(desk.rows);
    expect(account).toMatchObject({ ...counts, gold: gold.size, documents: 7 });
    const lines = await goldLines();
    expect(examplesOf(lines)).toEqual(gold);
    expect(examplesOf([...readerHas, ...lines]), 'also for who has lines of the life before').toEqual(gold);
  });

  it('the new life has a number, and Debezium has read the tables for it', async () => {
    const { rows } = await bed.database.query('select life, captured_at is not null as captured from assay.lives');
    expect(rows).toEqual([
      { life: 1, captured: true },
      { life: 2, captured: true },
    ]);
    const decisions = await bed.database.query('select life from public.decisions where doc_id = $1 order by 1', [
      await docIdOf(3),
    ]);
    expect(decisions.rows).toEqual([{ life: 1 }, { life: 2 }]);
  });
});
