import { unseal } from '@assay/shared/blob/sealed-bytes';
import { topics } from '@assay/shared/contracts/topics';
import { faultsOfAccount } from '@assay/shared/contracts/account';
import type { Message } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import { IDENTITY_KEY, SystemBed } from './support/system-bed.ts';
import { until } from './support/until.ts';

/** docs/data-walk.md tells these ten stops of this ticket; data-walk.spec.ts holds the two together. */
const ticket = {
  source: 'zendesk',
  ticket_id: 'T-1042',
  text: 'Please refund the second charge. My mail is ana.silva@example.com.',
  created_at: '2026-11-21T09:30:00Z',
  priority: 2,
  fields: { channel: 'mail', contact: 'ana.silva@example.com' },
};
const docId = '545b821f65a74f659cb8f1e9aa96a99f';

describe('a ticket becomes gold', () => {
  let bed: SystemBed;
  beforeAll(async () => {
    bed = await SystemBed.start();
  });
  afterAll(() => bed.stop());

  const json = (message: Message | undefined) => JSON.parse(String(message?.value));
  async function firstOf(topic: string, wanted: (message: Message) => boolean = () => true) {
    const messages = await bed.tail(topic);
    return until(`a message on ${topic}`, async () => messages.find(wanted));
  }

  it('1. a ticket arrives on the topic', async () => {
    onTestFailed(() => bed.explain());
    expect((await bed.post(ticket)).status).toBe(202);
    const message = await firstOf(topics.ticketsRaw.name);
    expect(String(message.key)).toBe('T-1042');
    expect(json(message)).toEqual(ticket);
  });

  it('2. ingest identifies and masks it', async () => {
    const row = await bed.row<Record<string, unknown>>('the document', 'select * from public.documents');
    expect(row).toMatchObject({
      doc_id: docId,
      text: 'Please refund the second charge. My mail is <EMAIL_1>.',
      fields: { channel: 'mail', contact: '<EMAIL_1>' },
      masked: { counts: { EMAIL_ADDRESS: 2 } },
      status: 'preprocessed',
    });
  });

  it('3. bronze keeps it sealed', async () => {
    const { bronze_path } = await bed.row<{ bronze_path: string }>('it', 'select bronze_path from public.documents');
    const [blob] = bronze_path.split('#') as [string];
    const sealed = Buffer.from((await bed.blobs.bronze.read(blob))!);
    expect(sealed.includes('ana.silva')).toBe(false);
    const line = unseal(sealed, { id: 'e2e', key: Buffer.from(IDENTITY_KEY, 'hex') }).toString();
    expect(JSON.parse(JSON.parse(line).value)).toEqual(ticket);
  });

  it('4. Debezium says what was stored', async () => {
    const { after, op } = json(await firstOf(topics.documentChanges.name));
    expect(op).toMatch(/^[cr]$/);
    expect(after).toMatchObject({ doc_id: docId, ticket_id: 'T-1042' });
    expect(after).not.toHaveProperty('bronze_path');
  });

  it('5. annotation-bridge queues it', async () => {
    const queued = await bed.row<object>('the queue', 'select doc_id, target, priority from lineage.deliveries');
    expect(queued).toEqual({ doc_id: docId, target: 'files', priority: 2 });
  });

  it('6. a CSV batch goes out', async () => {
    const { silver_path } = await bed.row<{ silver_path: string }>(
      'it',
      'select silver_path from lineage.documents where silver_path is not null',
    );
    const csv = Buffer.from((await bed.blobs.outgoing.read(silver_path))!).toString();
    expect(csv.split('\r\n')).toEqual([
      'doc_id,ticket_id,source,datetime,priority,text',
      `${docId},T-1042,zendesk,2026-11-21T09:30:00.000Z,2,Please refund the second charge. My mail is <EMAIL_1>.`,
      '',
    ]);
  });

  it('7. a label file comes back', async () => {
    const csv = `doc_id,annotator_id,label,confidence_score\n${docId},ann,billing,0.93\n${docId},ben,billing,0.71\n`;
    await bed.putLabelFile('2026/11/21/round-1.csv', csv);
    const file = await bed.row<object>('the file', 'select path, status, row_count from assay.label_files');
    expect(file).toEqual({ path: '2026/11/21/round-1.csv', status: 'read', row_count: 2 });
  });

  it('8. each row is a message', async () => {
    const message = json(await firstOf(topics.labels.name, ({ value }) => json({ value }).annotator_id === 'ann'));
    expect(message).toMatchObject({ op: 'vote', doc_id: docId, value: 'billing', confidence_score: 0.93 });
    expect(message.origin).toMatchObject({ path: '2026/11/21/round-1.csv', row: 1, tool: 'file' });
  });

  it('9. quality-validator decides', async () => {
    onTestFailed(() => bed.explain());
    const decision = await bed.row<Record<string, unknown>>(
      'the decision',
      'select version, verdict, fields, reason from public.decisions order by version desc',
    );
    expect(decision).toMatchObject({
      verdict: 'gold',
      fields: { label: { label: 'billing', confidence_score: 0.93, annotators: ['ann'] } },
    });
    // Both rows may come in one batch or in two; the second changes nothing that a reader of the decision could see.
    expect(decision['reason']).toMatch(/^label: gold \([12] live votes?, 1 label, 1 at 0.8 or more\)$/);
  });

  it('10. output writes gold', async () => {
    const { gold_path } = await bed.row<{ gold_path: string }>(
      'the segment',
      'select gold_path from lineage.documents where gold_path is not null',
    );
    const lines = Buffer.from((await bed.blobs.gold.read(gold_path))!)
      .toString()
      .trimEnd()
      .split('\n');
    const line = JSON.parse(lines.at(-1)!);
    expect(line).toMatchObject({
      v: 1,
      op: 'add',
      doc_id: docId,
      text: 'Please refund the second charge. My mail is <EMAIL_1>.',
      label: 'billing',
      confidence_score: 0.93,
      annotators: ['ann'],
    });
    expect(faultsOfAccount(await bed.account())).toEqual([]);
  });

  it('and what cannot be read is a dead letter', async () => {
    const producer = bed.kafka.producer();
    await producer.connect();
    await producer.send({
      topic: topics.ticketsRaw.name,
      messages: [{ key: 'T-1043', value: '{"source":"zendesk"}' }],
    });
    await producer.disconnect();
    const letter = await firstOf(topics.ingestDeadLetters.name);
    expect(String(letter.value)).toBe('{"source":"zendesk"}');
    expect(String(letter.headers?.['dlq-code'])).toBe('CONTRACT_VIOLATED');
  });
});
