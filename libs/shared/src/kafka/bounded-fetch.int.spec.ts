import { randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { CompressionTypes, type KafkaMessage, type Message } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { kafkaFields, laneFields } from '../config/fields.ts';
import { z } from 'zod';
import { headers } from '../contracts/headers.ts';
import { lanes } from '../contracts/lanes.ts';
import { MIB } from '../contracts/units.ts';
import { createKafka, createLaneConsumer } from './kafka-client.ts';

const log = { debug() {}, info() {}, warn() {}, error() {} };
const settings = z.object({ ...kafkaFields, ...laneFields }).parse({ KAFKA_BROKERS: inject('kafkaBrokers') });
const kafka = createKafka(settings, 'spec', log);
const admin = kafka.admin();
const producer = kafka.producer({ allowAutoTopicCreation: false });

beforeAll(async () => {
  await admin.connect();
  await producer.connect();
});
afterAll(async () => {
  await producer.disconnect();
  await admin.disconnect();
});

type Batch = { readonly messages: Message[]; readonly compression?: CompressionTypes };

/** What a lane's consumer is given of a topic of one partition with these batches, until it has the last one. */
async function fetched(batches: readonly Batch[]): Promise<readonly KafkaMessage[]> {
  const name = `bounded-${randomBytes(6).toString('hex')}`;
  await admin.createTopics({ topics: [{ topic: name, numPartitions: 1 }], waitForLeaders: true });
  for (const { messages, compression = CompressionTypes.None } of batches)
    await producer.send({ topic: name, acks: -1, messages, compression });
  const contract = { ...lanes.tickets, lane: name };
  const consumer = createLaneConsumer(kafka, contract, settings);
  const found: KafkaMessage[] = [];
  const all = Promise.withResolvers<void>();
  await consumer.connect();
  await consumer.subscribe({ topic: name, fromBeginning: true });
  const end = batches.reduce((sum, { messages }) => sum + messages.length, 0) - 1;
  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch }) => {
      found.push(...batch.messages);
      if (batch.lastOffset() === String(end)) all.resolve();
    },
  });
  await all.promise;
  await consumer.disconnect();
  return found;
}

const small = (value: string): Batch => ({ messages: [{ value }], compression: CompressionTypes.GZIP });
const large = (count: number): Batch => ({
  messages: Array.from({ length: count }, () => ({ value: Buffer.alloc(MIB) })),
  compression: CompressionTypes.GZIP,
});
const offsetsOf = (messages: readonly KafkaMessage[]) => messages.map(({ offset }) => Number(offset));
const toldBy = ({ headers: found = {} }: KafkaMessage) => found[headers.packedBatch]?.toString() ?? null;

describe('a batch that unpacks to more than a fetch may', () => {
  it('comes as one message at its last offset with the batch as it came, and the others come as they are', async () => {
    const messages = await fetched([small('before'), large(70), small('after')]);
    expect(offsetsOf(messages)).toEqual([0, 70, 71]);
    const [before, packed, after] = messages as [KafkaMessage, KafkaMessage, KafkaMessage];
    expect([before, after].map(({ value }) => value!.toString())).toEqual(['before', 'after']);
    expect([before, after].map(toldBy)).toEqual([null, null]);
    expect(toldBy(packed)).toBe('70 records, offsets 1 to 70: it unpacks to more than 67108864 bytes');
    expect(packed.value!.length).toBeLessThan(MIB);
    expect(gunzipSync(packed.value!).length).toBeGreaterThan(70 * MIB);
  });
});

describe('batches that are too large together', () => {
  it('come one fetch after the other, each record once and in order', async () => {
    const messages = await fetched([large(40), large(40), large(40), small('after')]);
    expect(offsetsOf(messages)).toEqual(Array.from({ length: 121 }, (_, offset) => offset));
    expect(messages.map(toldBy).filter((told) => told !== null)).toEqual([]);
  });
});
