import { topics } from '@assay/shared/contracts/topics';
import kafkajs, { type ProducerRecord } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import type { Submission } from './http/read-tickets.ts';
import { chunksBySize, createTicketPublisher } from './ticket-publisher.ts';

const submission = (id: string, bytes: number): Submission => ({
  ticket: { source: 's', ticketId: id, text: 'x', createdAt: null, priority: 5, fields: {} },
  value: Buffer.alloc(bytes, 'x'),
});
const KIB = 1024;

describe('chunks of a request', () => {
  const sizes = (...bytes: number[]) =>
    [...chunksBySize(bytes.map((size) => submission('t', size)))].map((chunk) => chunk.length);

  it.each([
    ['nothing', [], []],
    ['a few small ones', [1, 2, 3], [3]],
    ['just what fits', [256 * KIB, 256 * KIB], [2]],
    ['one byte more', [256 * KIB, 256 * KIB + 1], [1, 1]],
    ['one that is larger than a chunk', [4 * 1024 * KIB], [1]],
    ['small ones around a large one', [1, 600 * KIB, 1], [1, 1, 1]],
  ])('%s', (_what, bytes, expected) => {
    expect(sizes(...bytes)).toEqual(expected);
  });

  it('keep every ticket and their order', () => {
    const all = Array.from({ length: 1_000 }, (_, n) => submission(String(n), (n % 7) * 10 * KIB));
    expect([...chunksBySize(all)].flat()).toEqual(all);
  });
});

describe('publishing', () => {
  it('waits for every replica, keyed by ticket id, chunk after chunk', async () => {
    const sent: ProducerRecord[] = [];
    const publisher = createTicketPublisher({ send: async (record) => (sent.push(record), []) });
    const submissions = [submission('t-1', 400 * KIB), submission('t-2', 400 * KIB)];
    await publisher.publish(submissions);
    expect(sent).toEqual(
      submissions.map(({ ticket, value }) => ({
        topic: topics.ticketsRaw.name,
        acks: -1,
        messages: [{ key: ticket.ticketId, value }],
      })),
    );
  });

  it('stops at the first chunk Kafka does not take: the caller sends all of it again', async () => {
    let tries = 0;
    const send = () => {
      tries++;
      return Promise.reject(new kafkajs.KafkaJSConnectionError('refused'));
    };
    const work = createTicketPublisher({ send }).publish([submission('a', 400 * KIB), submission('b', 400 * KIB)]);
    await expect(work).rejects.toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE', dependency: 'kafka' });
    expect(tries).toBe(1);
  });
});
