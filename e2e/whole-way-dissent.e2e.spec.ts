import { faultsOfAccount } from '@assay/shared/contracts/account';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readGoldStream } from './support/gold-stream.ts';
import { LabelDesk, type WrittenRow } from './support/label-desk.ts';
import { ServiceProcess } from './support/service-process.ts';
import { settledAccount } from './support/settled-system.ts';
import { singlePass } from './support/single-pass.ts';
import { SystemBed } from './support/system-bed.ts';
import { until } from './support/until.ts';

const RACED = 60;
const CUT = 20;

/** Issue: dissent in a second file retracts the gold line, a withdrawal re-adds it; two validators never make gold of dissent. */
describe('people change what is gold', () => {
  let bed: SystemBed;
  let desk: LabelDesk;
  let second: ServiceProcess;
  let tickets = 0;
  /** Rows of files that the desk did not write. */
  let otherRows = 0;

  beforeAll(async () => {
    bed = await SystemBed.start();
    desk = new LabelDesk(bed);
    const { kafkaBrokers, databaseUrl, blobConnectionString } = bed.addresses;
    second = new ServiceProcess('services/quality-validator/dist/main.js', {
      KAFKA_BROKERS: kafkaBrokers,
      DATABASE_URL: databaseUrl,
      BLOB_CONNECTION_STRING: blobConnectionString,
      KAFKA_SESSION_TIMEOUT_MS: '6000',
    });
    await second.ready();
  });
  afterAll(async () => {
    await second.kill();
    await bed.stop();
  });
  beforeEach(({ onTestFailed }) => onTestFailed(() => bed.explain()));

  /** Posts tickets of their own; answers their documents once they are there, with their masked texts. */
  async function documents(count: number): Promise<readonly { docId: string; text: string }[]> {
    const first = tickets;
    tickets += count;
    const sent = Array.from({ length: count }, (_, index) => {
      const id = `T-${first + index}`;
      return { source: 'e2e', ticket_id: id, text: `Ticket ${id} of customer ${id}@example.com is about the invoice.` };
    });
    expect((await bed.post(sent)).status).toBe(202);
    await settledAccount(bed, { tickets, rows: desk.rows.length + otherRows });
    const { rows } = await bed.database.query(
      `select doc_id as "docId", text from public.documents where ticket_id = any ($1) order by 1`,
      [sent.map(({ ticket_id }) => ticket_id)],
    );
    return rows;
  }

  const settled = () => settledAccount(bed, { tickets, rows: desk.rows.length + otherRows });
  const says = (docId: string, annotator: string, label: string): WrittenRow => ({
    docId,
    annotator,
    label,
    confidence: '0.9',
  });

  it('dissent in a second file takes the line back, and a withdrawal gives it again', async () => {
    const { docId } = (await documents(1))[0]!;
    await desk.write([says(docId, 'ann', 'billing')]);
    expect(await settled()).toMatchObject({ gold: 1 });
    await desk.write([{ ...says(docId, 'ben', 'refund'), confidence: '0.1', toolId: 'r-1' }]);
    expect(await settled()).toMatchObject({ gold: 0, disagreement: 1 });
    await desk.write([{ ...says(docId, 'ben', 'refund'), op: 'withdraw', toolId: 'r-1' }]);
    const account = await settled();
    expect(account).toMatchObject({ gold: 1, disagreement: 0, live: 1, withdrawn: 1, withdrawals: 1 });
    expect(faultsOfAccount(account)).toEqual([]);

    const { lines, examples, faults } = await readGoldStream(bed);
    expect(lines.map(({ op, version }) => `${op} ${version}`)).toEqual(['add 1', 'retract 2', 'add 3']);
    expect(lines[1]).toMatchObject({ reason: 'disagreement' });
    expect(examples).toEqual(singlePass(desk.rows).gold);
    expect(faults).toEqual([]);
  });

  it('and whoever asks is told the same: over HTTP, in the disagreement stream, by the journey', async () => {
    const address = await bed.service('output').ready();
    const read = async (path: string) => {
      const text = await (await fetch(`${address}/v1/${path}`)).text();
      return text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as { op: string; version: number });
    };
    expect((await read('gold/lines')).map(({ op, version }) => `${op} ${version}`)).toEqual([
      'add 1',
      'retract 2',
      'add 3',
    ]);
    expect((await read('disagreements/lines')).map(({ op, version }) => `${op} ${version}`)).toEqual([
      'add 2',
      'retract 3',
    ]);
    const { rows } = await bed.database.query(
      `select event from public.documents, lineage.journey(doc_id) where stop in ('output', 'now') order by at, event`,
    );
    expect(rows.map(({ event }) => event)).toEqual([
      'written to gold',
      'taken out of gold',
      'written to disagreements',
      'taken out of disagreements',
      'written to gold',
      'in gold',
    ]);
  });

  it('two validators at once never make gold of a dissent', async () => {
    const raced = await documents(RACED);
    // Rows that name a document by its id and rows that name it by its text meet in different partitions.
    const byId = [
      'doc_id,annotator_id,label,confidence_score',
      ...raced.map(({ docId }) => `${docId},ann,billing,0.9`),
    ];
    const byText = ['text,annotator_id,label,confidence_score', ...raced.map(({ text }) => `"${text}",ben,refund,0.1`)];
    await Promise.all([
      bed.putLabelFile('2026/11/22/by-id.csv', byId.join('\n')),
      bed.putLabelFile('2026/11/22/by-text.csv', byText.join('\n')),
    ]);
    otherRows += 2 * RACED;
    const account = await settled();
    expect(account).toMatchObject({ gold: 1, disagreement: RACED, live: 1 + 2 * RACED });
    expect(faultsOfAccount(account)).toEqual([]);
    const { examples, faults } = await readGoldStream(bed);
    expect(examples).toEqual(singlePass(desk.rows).gold);
    expect(faults).toEqual([]);
    for (const validator of [bed.service('quality-validator'), second])
      expect(validator.assignments().at(-1), 'both had partitions').toHaveLength(3);
  });

  it('of a file that is replaced in place only the newest content counts, also of one that was cut off in a word', async () => {
    const replaced = await documents(RACED + CUT);
    const before = await bed.account();
    const header = 'doc_id,text,annotator_id,confidence_score,label';
    const put = (name: string, lines: readonly string[]) =>
      bed.blobs.labeled.replace(`2026/11/23/${name}.csv`, Buffer.from([header, ...lines].join('\n')), {});
    const corrected = replaced.slice(0, RACED);
    const cut = replaced.slice(RACED);
    await put(
      'corrected',
      corrected.map(({ docId }) => `${docId},,ann,0.9,refund`),
    );
    for (const { docId } of cut) await put(docId, [`${docId},,ann,0.9,bill`]);
    otherRows += RACED + CUT;
    expect((await settled()).gold).toBe(before.gold + RACED + CUT);

    // Half of the rows name their document by its text now, which is another partition; the first of all has moved.
    const again = corrected.map(({ docId, text }, index) =>
      index % 2 === 0 ? `${docId},,ann,0.9,billing` : `,"${text}",ann,0.9,billing`,
    );
    await put('corrected', [...again.slice(1), again[0]!]);
    for (const { docId } of cut) await put(docId, [`${docId},,ann,0.9,billing`, '']);
    otherRows += RACED + CUT;
    await until('the new contents to be read', async () => {
      const { rows } = await bed.database.query('select from assay.label_files where generation = 2');
      return rows.length === 1 + CUT;
    });
    const account = await settled();
    expect(account).toMatchObject({
      live: before.live + RACED + CUT,
      gold: before.gold + RACED + CUT,
      withdrawn: before.withdrawn + RACED + CUT,
    });
    expect(faultsOfAccount(account)).toEqual([]);
    const { examples, faults } = await readGoldStream(bed);
    expect(replaced.map(({ docId }) => examples.get(docId)?.label)).toEqual(replaced.map(() => 'billing'));
    expect(faults).toEqual([]);
  });
});
