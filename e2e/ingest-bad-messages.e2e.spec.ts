import { headers as names } from '@assay/shared/contracts/headers';
import { topics } from '@assay/shared/contracts/topics';
import { MIB } from '@assay/shared/contracts/units';
import kafkajs, { type Message } from 'kafkajs';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { badMessages, oddTickets, SECRET } from './support/bad-messages.ts';
import type { DeadLetter } from './support/dead-letter.ts';
import type { ServiceProcess } from './support/service-process.ts';
import { TicketBed } from './support/ticket-bed.ts';
import { ticketMessages } from './support/tickets.ts';

const { ticketsRaw, ingestDeadLetters } = topics;

/** Issue: bad messages are dead-lettered and the next goes on; a dead-letter topic that cannot be written stops the lane. */
describe('messages that are no tickets', () => {
  let bed: TicketBed;
  let sent = 0;

  beforeAll(async () => {
    bed = await TicketBed.start();
    await bed.createTopic(ticketsRaw);
    await bed.createTopic(ingestDeadLetters);
  });
  afterAll(() => bed.stop());
  beforeEach(({ onTestFailed }) => onTestFailed(() => bed.explain()));

  function tickets(count: number): Message[] {
    sent += count;
    return ticketMessages(sent - count, count);
  }

  const toOnePartition = (messages: readonly Message[]) => bed.send(messages.map((one) => ({ ...one, partition: 0 })));

  async function setTopic(topic: string, name: string, value: string): Promise<void> {
    const resources = [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configEntries: [{ name, value }] }];
    await bed.admin.alterConfigs({ validateOnly: false, resources });
  }

  describe('what is wrong with them is said, and their bytes are kept', () => {
    const letters = new Map<string, DeadLetter>();
    let process: ServiceProcess;

    beforeAll(async () => {
      for (const { why, value, headers } of badMessages)
        await toOnePartition([{ key: why, value, ...(headers && { headers }) }, ...tickets(1)]);
      process = bed.ingest();
      await process.ready();
      await bed.settled();
      for (const letter of await bed.deadLetters()) letters.set(String(letter.key), letter);
      await process.stop();
    });

    it.each(badMessages)('$why', ({ why, code, reason, value, headers = {} }) => {
      const letter = letters.get(why);
      expect(letter).toMatchObject({ code, step: 'decodeTicket', attempt: '1', original: headers });
      expect(letter?.reason).toMatch(reason);
      expect(letter?.reason).not.toContain(SECRET);
      expect(letter?.source).toMatch(/^tickets\.raw\.v1\/0\/\d+$/);
      expect(letter?.value).toEqual(value === null ? null : Buffer.from(value));
    });

    it('and the next one went on, each time', async () => {
      expect(await bed.documentCount()).toBe(badMessages.length);
      expect(await bed.account()).toMatchObject({ accepted: sent, dead_lettered: badMessages.length });
      expect(process.linesOf('error')).toEqual([]);
      expect(JSON.stringify(process.log)).not.toContain(SECRET);
    });
  });

  it('messages that only look odd become documents', async () => {
    // What brokers before Kafka 4 took by default, and Event Hubs still takes.
    await setTopic(ticketsRaw.name, 'message.timestamp.after.max.ms', '9223372036854775807');
    const before = await bed.documentCount();
    const process = bed.ingest();
    await process.ready();
    for (const { message } of oddTickets) {
      await toOnePartition([message]);
      await bed.settled(); // each in a batch of its own: some things are taken from the first message of a batch
    }
    expect(await bed.documentCount()).toBe(before + oddTickets.length);
    sent += oddTickets.length;
    await process.stop();
  });

  it('headers without a value harm nothing', async () => {
    const before = await bed.account();
    const process = bed.ingest();
    await process.ready();
    const headers = { [names.version]: null, trace: null } as unknown as Message['headers'];
    await sendAsJavaWould([{ key: 'null header', value: '{', ...(headers && { headers }) }]);
    await sendAsJavaWould(tickets(1).map((ticket) => ({ ...ticket, ...(headers && { headers }) })));
    await bed.settled();
    const after = await bed.account();
    expect([after.accepted - before.accepted, after.dead_lettered - before.dead_lettered]).toEqual([1, 1]);
    await process.stop();
  });

  it('what no topic takes is kept in bronze, and the dead letter says where', async () => {
    const process = bed.ingest();
    await process.ready();
    // Small on its way, because it was compressed; a dead letter is not.
    const value = JSON.stringify({ source: 'e2e', ticket_id: 'huge', text: `${SECRET}${'x'.repeat(6 * MIB)}` });
    const headers = { trace: 'kept' };
    const compression = kafkajs.CompressionTypes.GZIP;
    await bed.producer.send({ topic: ticketsRaw.name, compression, messages: [{ key: 'huge', value, headers }] });
    await bed.settled();

    const letter = (await bed.deadLetters()).find(({ key }) => String(key) === 'huge');
    expect(letter).toMatchObject({ code: 'PAYLOAD_TOO_LARGE', value: null });
    expect(letter?.spilledTo).toMatch(/^dead-letters\/.*\/tickets\.raw\.v1-\d\/\d+$/);
    const kept = JSON.parse(await bed.openBronze(letter!.spilledTo!)) as Record<string, unknown>;
    expect(kept).toMatchObject({ key: 'huge', headers: [['trace', 'kept']] });
    expect(kept['value'] === value, 'the bytes are the ones that were sent').toBe(true);
    await process.stop();
  });

  describe('a dead-letter topic that cannot be written', () => {
    const giveUp = { LANE_RETRY_GIVE_UP_MS: '1500', LANE_RETRY_MAX_DELAY_MS: '300' };
    const positions = async () => (await bed.ledger()).find(({ partition }) => partition === 0)!.next;

    it.each([
      [
        'is too small',
        () => setTopic(ingestDeadLetters.name, 'max.message.bytes', '64'),
        () => setTopic(ingestDeadLetters.name, 'max.message.bytes', String(ingestDeadLetters.maxMessageBytes)),
      ],
      ['is gone', () => bed.admin.deleteTopics({ topics: [ingestDeadLetters.name] }), async () => {}],
    ])('because it %s stops the lane, and nothing is committed', async (_, harm, repair) => {
      const before = await bed.account();
      const process = bed.ingest(giveUp);
      await process.ready();
      const next = await positions();
      await harm();
      await toOnePartition([...tickets(3), { key: 'refused', value: '{' }, ...tickets(3)]);
      expect(await process.ended()).toBe(1);
      expect(process.linesOf('error')).toMatchObject([{ err: { code: 'DEPENDENCY_UNAVAILABLE' } }]);
      expect(process.linesOf('warn').length).toBeGreaterThan(0);
      expect(await positions()).toBe(next);
      expect(await bed.groupLag()).toBe(7n);

      await repair();
      const repaired = bed.ingest();
      await repaired.ready();
      await bed.settled();
      const after = await bed.account();
      expect([after.accepted - before.accepted, after.dead_lettered - before.dead_lettered]).toEqual([6, 1]);
      await repaired.stop();
    });
  });

  /** kafkajs cannot send a header without a value, only because it measures the value before it looks whether there is one. */
  async function sendAsJavaWould(messages: readonly Message[]): Promise<void> {
    const measure = Buffer.byteLength.bind(Buffer);
    const patched = vi.spyOn(Buffer, 'byteLength');
    patched.mockImplementation((value: unknown) => (value === null ? 0 : measure(value as string)));
    try {
      await toOnePartition(messages);
    } finally {
      patched.mockRestore();
    }
  }
});
