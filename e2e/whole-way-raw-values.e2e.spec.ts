import { containers } from '@assay/shared/contracts/blobs';
import { topics } from '@assay/shared/contracts/topics';
import { readBlobs, readTables, readTopics, type Stored } from './support/everything-stored.ts';
import { generateTickets, ticketLine } from '@assay/tools/tickets/tickets';
import type { Message } from 'kafkajs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LabelDesk } from './support/label-desk.ts';
import { settledAccount } from './support/settled-system.ts';
import { serviceNames, SystemBed } from './support/system-bed.ts';

const PORTION = 150;
const unmasked: readonly string[] = [topics.ticketsRaw.name, topics.ingestDeadLetters.name];

/**
 * No topic but tickets.raw.v1 and ingest.dlq, no blob outside bronze and no table holds a raw value of a ticket, snapshot
 * included. What annotators wrote stays in the file they dropped.
 */
describe('what personal values a ticket holds stays where it came in', () => {
  let bed: SystemBed;
  let desk: LabelDesk;
  const planted: string[] = [];
  const plantedInLabels: string[] = [];
  let sent = 0;

  beforeAll(async () => {
    bed = await SystemBed.start(['ingest']);
    desk = new LabelDesk(bed);
    await send(1);
    // No connector yet, so nobody ever streams these rows: only its snapshot can carry them.
    await bed.row('the documents', 'select 1 from lineage.account where documents = $1', [PORTION]);
    const [, ...others] = serviceNames;
    await bed.startServices(others);
    await settledAccount(bed, { tickets: sent, rows: 0 });
    await send(2);
    await settledAccount(bed, { tickets: sent, rows: 0 });
    for (const batch of await desk.newBatches())
      await desk.write(
        batch.flatMap((docId, index) => [
          { docId, annotator: 'ann', label: 'billing', confidence: '0.9' },
          { docId, annotator: 'ben', label: index % 3 === 0 ? 'refund' : 'billing', confidence: '0.8' },
        ]),
      );
    const rows = await dropCanaries();
    await settledAccount(bed, { tickets: sent, rows: desk.rows.length + rows });
  });
  afterAll(() => bed.stop());
  beforeEach(({ onTestFailed }) => onTestFailed(() => bed.explain()));

  /** A label file with personal values in every place where people leave them; answers how many rows it has. */
  async function dropCanaries(): Promise<number> {
    const { doc_id: docId } = await bed.row<{ doc_id: string }>(
      'a document',
      'select doc_id from public.documents order by doc_id limit 1',
    );
    const [annotator, answer, note, rejected] = ['ann', 'ans', 'note', 'rej'].map(
      (place) => `canary.${place}@example.com`,
    ) as [string, string, string, string];
    plantedInLabels.push(annotator, answer, note, rejected);
    const lines = [
      'doc_id,annotator_id,label,confidence_score,note',
      `${docId},${annotator},ask ${answer},0.9,${note}`,
      `${docId},${annotator},billing,very sure says ${rejected},${note}`,
    ];
    await bed.putLabelFile('2026/11/21/canaries.csv', `${lines.join('\n')}\n`);
    return lines.length - 1;
  }

  /** Tickets of every kind and language, some of them refused: a refused one keeps its values as well. */
  async function send(seed: number): Promise<void> {
    const options = { count: PORTION, seed, pii: 0.8, kinds: 'all', language: seed === 1 ? 'ascii' : 'world' } as const;
    const messages: Message[] = [];
    for (const generated of generateTickets(options)) {
      const ticket = { ...generated.ticket, ticket_id: `${seed}-${generated.ticket.ticket_id}` };
      planted.push(...generated.planted.map(({ value }) => value));
      messages.push({ key: ticket.ticket_id, value: ticketLine({ ...generated, ticket }) });
      if (messages.length % 50 === 0) messages.push({ key: 'bad', value: ticketLine(generated).slice(0, -1) });
    }
    const producer = bed.kafka.producer();
    await producer.connect();
    await producer.send({ topic: topics.ticketsRaw.name, acks: -1, messages });
    await producer.disconnect();
    sent += messages.length;
  }

  /** Raw value → where it was found. */
  async function findPlanted(stored: AsyncIterable<Stored>): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>();
    for await (const { place, bytes } of stored)
      for (const value of [...planted, ...plantedInLabels]) if (bytes.includes(value)) found.set(value, place);
    return found;
  }

  it('the search finds every value where the tickets were sent', async () => {
    const found = await findPlanted(readTopics(bed.addresses.kafkaBrokers, (name) => name === topics.ticketsRaw.name));
    expect(planted.filter((value) => !found.has(value))).toEqual([]);
    expect(planted.length).toBeGreaterThan(PORTION);
  });

  it('the snapshot and the stream both carried rows', async () => {
    const operations = new Set<string>();
    for await (const { bytes } of readTopics(
      bed.addresses.kafkaBrokers,
      (name) => name === topics.documentChanges.name,
    ))
      operations.add(/"op":"(.)"/.exec(bytes.toString())![1]!);
    expect(operations).toEqual(new Set(['r', 'c']));
  });

  it('no other topic holds one', async () => {
    const searched = new Set<string>();
    const wants = (name: string) => !unmasked.includes(name) && searched.add(name).size > 0;
    expect(await findPlanted(readTopics(bed.addresses.kafkaBrokers, wants))).toEqual(new Map());
    const masked = [topics.documentChanges, topics.labels, topics.decisionChanges].map(({ name }) => name);
    expect([...searched]).toEqual(expect.arrayContaining(masked));
  });

  it('no table holds one', async () => {
    expect(await findPlanted(readTables(bed.addresses.databaseUrl))).toEqual(new Map());
  });

  it('no blob holds one in clear, and bronze is sealed', async () => {
    const searched = new Set<string>();
    const blobs = readBlobs(bed.addresses.blobConnectionString, (container) => void searched.add(container));
    const found = await findPlanted(blobs);
    // The search sees them where they were dropped, and nowhere else.
    for (const value of plantedInLabels) expect(found.get(value)).toContain('canaries.csv');
    for (const value of plantedInLabels) (found as Map<string, string>).delete(value);
    expect(found).toEqual(new Map());
    const { bronze, outgoing, labeled, gold } = containers;
    expect([...searched]).toEqual(expect.arrayContaining([bronze, outgoing, labeled, gold]));
  });

  it('no service says one in its log', () => {
    const said = serviceNames.map((name) =>
      [...bed.service(name).log.map((line) => JSON.stringify(line)), ...bed.service(name).noise].join('\n'),
    );
    expect([...planted, ...plantedInLabels].filter((value) => said.some((log) => log.includes(value)))).toEqual([]);
  });

  it('what stands in their places is there', async () => {
    const { rows } = await bed.database.query(
      `select sum(length(text) - length(replace(text, '<', '')))::integer as masks from public.documents`,
    );
    expect(rows[0].masks).toBeGreaterThanOrEqual(planted.length * 0.9);
  });
});
