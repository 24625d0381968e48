import { topics } from '@assay/shared/contracts/topics';
import type { Message, Producer } from 'kafkajs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ServiceProcess } from './support/service-process.ts';
import { TicketBed } from './support/ticket-bed.ts';
import { ticketMessages } from './support/tickets.ts';
import { until } from './support/until.ts';

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
const topic = topics.ticketsRaw.name;

/** The log is not always a row of messages: transactions, retention, another log under the same name. */
describe('a log with holes', () => {
  let bed: TicketBed;
  let sent = 0;

  beforeAll(async () => {
    bed = await TicketBed.start();
    await bed.createTopic(topics.ticketsRaw);
    await bed.createTopic(topics.ingestDeadLetters);
  });
  afterAll(() => bed.stop());
  beforeEach(({ onTestFailed }) => onTestFailed(() => bed.explain()));
  afterEach(() => bed.killAll());

  /** Tickets that are never sent again. */
  function tickets(count: number): Message[] {
    sent += count;
    return ticketMessages(sent - count, count);
  }

  async function transactional(id: string): Promise<Producer> {
    const producer = bed.kafka.producer({ transactionalId: id, maxInFlightRequests: 1, idempotent: true });
    await producer.connect();
    return producer;
  }

  describe('transactions', () => {
    const toPartition = (partition: number, messages: Message[]) => messages.map((one) => ({ ...one, partition }));

    it('committed ones become documents, aborted ones gaps, and the lag reaches 0', async () => {
      const producer = await transactional('one');
      for (const end of ['commit', 'abort', 'commit', 'abort'] as const) {
        const transaction = await producer.transaction();
        await transaction.send({ topic, acks: -1, messages: ticketMessages(end === 'abort' ? 90_000 : sent, 60) });
        if (end === 'commit') sent += 60;
        await transaction[end]();
      }
      // A partition with aborted data at its end only: kafkajs shows it to no handler.
      const last = await producer.transaction();
      await last.send({ topic, acks: -1, messages: toPartition(5, ticketMessages(91_000, 3)) });
      await last.abort();
      await producer.disconnect();

      await bed.ingest().ready();
      await bed.settled();
      expect(await bed.account()).toMatchObject({ received: 120, accepted: 120, expired: 0 });
      await expectEveryOffsetBooked();
      expect((await bed.account()).gaps).toBe(123 + 5 * 6 - 5); // aborted records, and a marker for each partition of each transaction
    });

    it('aborted records of producers that took turns stay out', async () => {
      const [first, second] = await Promise.all([transactional('early'), transactional('late')]);
      const early = await first.transaction();
      const late = await second.transaction();
      await early.send({ topic, acks: -1, messages: toPartition(0, ticketMessages(92_000, 3)) });
      await late.send({ topic, acks: -1, messages: toPartition(0, ticketMessages(93_000, 3)) });
      await late.abort();
      await early.abort();
      await bed.send(tickets(10));
      await Promise.all([first.disconnect(), second.disconnect()]);

      await bed.ingest().ready();
      await bed.settled();
      await expectEveryOffsetBooked();
      expect(await bed.documentCount()).toBe(sent);
    });
  });

  describe('retention eats unread messages', () => {
    const expiredLines = (process: ServiceProcess) =>
      process.linesOf('error').filter(({ msg }) => msg.startsWith('Retention deleted messages before they were read'));

    /** Deletes all but the last `keep` messages of each partition; answers how many nobody has read. */
    async function eat(keep: number): Promise<number> {
      const ends = await bed.admin.fetchTopicOffsets(topic);
      const ledger = await bed.ledger();
      let unread = 0;
      const partitions = ends.map(({ partition, high }) => {
        const offset = Number(high) - keep;
        unread += offset - ledger.find((row) => row.partition === partition)!.next;
        return { partition, offset: String(offset) };
      });
      await bed.admin.deleteTopicRecords({ topic, partitions });
      return unread;
    }

    async function expectExpired(before: number, count: number, process: ServiceProcess): Promise<void> {
      await until('the loss to be booked', async () => (await bed.account()).expired === before + count);
      await bed.settled();
      await expectEveryOffsetBooked();
      expect(sum(expiredLines(process).map((line) => Number(line['count'])))).toBe(count);
      const metrics = await (await fetch(`${await process.ready()}/metrics`)).text();
      expect(metrics).toContain(
        `pipeline_expired_messages_total{service="ingest",lane="assay.ingest.tickets"} ${count}`,
      );
    }

    it.each([
      ['some of them', 10],
      ['all of them, and nothing comes after', 0],
    ])('while ingest is down: %s', async (_, keep) => {
      const { expired, accepted } = await bed.account();
      await bed.send(tickets(200));
      const eaten = await eat(keep);
      const process = bed.ingest();
      await process.ready();
      await expectExpired(expired, eaten, process);
      expect(await bed.account()).toMatchObject({ accepted: accepted + 6 * keep });
    });

    it.each([
      ['most of them', 5],
      ['all of them, and nothing comes after', 0],
    ])('while ingest runs but does not get on: %s', async (_, keep) => {
      const process = bed.ingest({ LANE_LOOK_AGAIN_MS: '500' });
      await process.ready();
      await bed.send(tickets(60));
      await bed.settled();
      const { expired, accepted } = await bed.account();
      process.signal('SIGSTOP');
      await process.frozen();
      for (let portion = 0; portion < 10; portion++) await bed.send(tickets(60));
      const eaten = await eat(keep);
      process.signal('SIGCONT');
      await until('the loss to be booked', async () => (await bed.account()).expired > expired);
      await bed.settled();

      // What a fetch had brought before the freeze is read all the same.
      const account = await bed.account();
      expect(account.expired - expired + account.accepted - accepted).toBe(600);
      await expectExpired(expired, account.expired - expired, process);
      expect(account.expired - expired).toBeGreaterThan(eaten / 2);
    });
  });

  describe('another log under the same name', () => {
    let running: ServiceProcess;
    let before: number;

    beforeEach(async () => {
      running = bed.ingest({ LANE_RETRY_GIVE_UP_MS: '3000' });
      await running.ready();
      await bed.send(tickets(60));
      await bed.settled();
      before = (await bed.account()).accepted;
    });

    async function wipe(): Promise<void> {
      const kafka = bed.infrastructure.part('kafka');
      await kafka.stop();
      await kafka.wipe();
      await kafka.start();
    }

    async function makeAgain(): Promise<void> {
      await bed.admin.deleteTopics({ topics: [topic] });
      await until('the topic to be gone', async () => !(await bed.admin.listTopics()).includes(topic));
      await bed.createTopic(topics.ticketsRaw);
    }

    /** More than any partition held before, so that the old offset lies somewhere inside. */
    async function moreThanEver(): Promise<Message[]> {
      const longest = Math.max(...(await bed.ledger()).map(({ next }) => next));
      return tickets(6 * longest * 2 + 60);
    }

    /** Resolves when so many new tickets are documents and every offset of the new log is booked. */
    async function readAll(count: number): Promise<void> {
      await until('everything new to be read', async () => (await bed.account()).accepted === before + count);
      await bed.settled();
      await expectEveryOffsetBooked();
    }

    /** The partitions of which a process said that they are another log now, as often as it said so. */
    const saidReplaced = (process: ServiceProcess) =>
      process
        .linesOf('error')
        .flatMap(({ msg, partition }) => (msg.startsWith('The topic was replaced') ? [Number(partition)] : []))
        .toSorted((a, b) => a - b);

    async function partitionsWithData(): Promise<number[]> {
      const ends = await bed.admin.fetchTopicOffsets(topic);
      return ends.flatMap(({ partition, high }) => (high === '0' ? [] : [partition])).toSorted((a, b) => a - b);
    }

    it('the broker was wiped while ingest was down, and the new log is longer', async () => {
      await running.stop();
      const messages = await moreThanEver();
      await wipe();
      const process = bed.ingest();
      await process.ready();
      await bed.send(messages);
      await readAll(messages.length);
      expect(saidReplaced(process)).toEqual(await partitionsWithData());
    });

    it('the topic was made again while ingest was down, and the new log is longer', async () => {
      await running.stop();
      const messages = await moreThanEver();
      await makeAgain();
      await bed.send(messages);
      const process = bed.ingest();
      await process.ready();
      await readAll(messages.length);
      expect(saidReplaced(process)).toEqual(await partitionsWithData());
    });

    it('the topic was made again while ingest runs', async () => {
      await makeAgain();
      const messages = tickets(60);
      await bed.send(messages);
      await readAll(messages.length);
      expect(saidReplaced(running)).toEqual(await partitionsWithData());
    });

    it('the broker was wiped while ingest runs: it gives up, and its next start makes the topics again', async () => {
      await wipe();
      expect(await running.ended()).toBe(1);
      expect(running.linesOf('warn').length).toBeLessThan(20);

      const next = bed.ingest();
      await next.ready();
      const messages = tickets(60);
      await bed.send(messages);
      await readAll(messages.length);
      expect(saidReplaced(next)).toEqual(await partitionsWithData());
    });
  });

  /** next − first of the ledger is what the log holds, in every partition. */
  async function expectEveryOffsetBooked(): Promise<void> {
    const ends = await bed.admin.fetchTopicOffsets(topic);
    const newest = new Map((await bed.ledger()).map((row) => [row.partition, row]));
    for (const { partition, next, first, received, gaps, expired } of newest.values()) {
      expect(next).toBe(Number(ends.find((end) => end.partition === partition)!.high));
      expect(next - first).toBe(received + gaps + expired);
    }
  }
});
