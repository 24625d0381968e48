import kafkajs, { type Message, type ProducerRecord, type RecordMetadata } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { KIB } from '../contracts/units.ts';
import { isRetriable, PipelineError } from '../errors/pipeline-error.ts';
import { chunksBySize, createTopicWriter } from './topic-writer.ts';

const topic = { name: 'a.topic' };
/** So many bytes in all, of which the key is some. */
const messageOf = (bytes: number, key = '') => ({ key, value: 'x'.repeat(bytes - key.length) });

describe('chunks of a write', () => {
  const sizes = (...bytes: number[]) =>
    [...chunksBySize(bytes.map((size) => messageOf(size)))].map(({ length }) => length);

  it.each([
    ['nothing', [], []],
    ['a few small ones', [1, 2, 3], [3]],
    ['just what fits', [256 * KIB, 256 * KIB], [2]],
    ['one byte more', [256 * KIB, 256 * KIB + 1], [1, 1]],
    ['one that is larger than a chunk', [4 * 1024 * KIB], [1]],
    ['small ones around a large one', [1, 600 * KIB, 1], [1, 1, 1]],
    ['a large one to itself', [200_000, 200_000, 200_000, 3_000_000, 10], [2, 1, 1, 1]],
  ])('%s', (_what, bytes, expected) => {
    expect(sizes(...bytes)).toEqual(expected);
  });

  it('keep every message and their order', () => {
    const all = Array.from({ length: 1_000 }, (_, n) => messageOf(4 + (n % 7) * 10 * KIB, String(n)));
    expect([...chunksBySize(all)].flat()).toEqual(all);
  });

  it('count what a message holds besides its value: its headers may be the larger part', () => {
    const headers = { trace: Buffer.alloc(300 * KIB) };
    const messages = [1, 2, 3].map(() => ({ key: null, value: 'x', headers }));
    expect([...chunksBySize(messages)].map(({ length }) => length)).toEqual([1, 1, 1]);
  });

  it('count bytes, not characters, and nothing for a missing value', () => {
    const half = 'é'.repeat(128 * KIB);
    const messages = [half, half, null, 'x'].map((value) => ({ key: null, value }));
    expect([...chunksBySize(messages)].map(({ length }) => length)).toEqual([3, 1]);
  });
});

describe('writing to the first partitions of a topic', () => {
  /** kafkajs's own placing, of a topic that has this many. */
  const placesAmong = (partitions: number) => {
    const place = kafkajs.Partitioners.DefaultPartitioner();
    const partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => ({ partitionId }) as never);
    return (message: Message) => place({ topic: 'a.topic', partitionMetadata, message });
  };

  /** A topic of which kafkajs knows this many partitions: what is for another one it leaves out, in silence. */
  function topicOf(partitions: number) {
    const written: Message[] = [];
    const send = async ({ messages }: ProducerRecord): Promise<RecordMetadata[]> => {
      const known = messages.filter(({ partition = 0 }) => partition < partitions);
      written.push(...known);
      return [...new Set(known.map(({ partition }) => partition!))].map((partition) => ({
        topicName: 'a.topic',
        partition,
        errorCode: 0,
      }));
    };
    return { written, writer: createTopicWriter({ send }) };
  }
  const messages = Array.from({ length: 100 }, (_, n) => messageOf(10, `key ${n}`));

  it('puts each key where it would be if the topic had only those', async () => {
    const { writer, written } = topicOf(12);
    await writer.write(topic, messages, 6);
    const placeOf = placesAmong(6);
    expect(written.map(({ partition }) => partition)).toEqual(messages.map((message) => placeOf(message)));
    expect(new Set(written.map(({ partition }) => partition)).size).toBe(6);
  });

  it('is an outage while kafkajs has not heard of one of them, because it would leave out those messages', async () => {
    const failure = topicOf(6).writer.write(topic, messages, 12);
    await expect(failure).rejects.toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE', dependency: 'kafka' });
    await expect(failure).rejects.toThrow(/has not heard of partition \d+ yet/);
  });
});

describe('writing to a topic', () => {
  it('is an outage when Kafka does not answer', async () => {
    const writer = createTopicWriter({ send: () => new Promise<never>(() => {}) }, 20);
    await expect(writer.write(topic, [messageOf(1)])).rejects.toMatchObject({
      code: 'DEPENDENCY_UNAVAILABLE',
      message: 'writing to a.topic: no answer within 20 ms',
    });
  });

  it('sends in order and one request at a time, each acknowledged by every replica', async () => {
    const sent: ProducerRecord[] = [];
    let open = 0;
    const send = async (record: ProducerRecord) => {
      expect(++open).toBe(1);
      sent.push(record);
      await Promise.resolve();
      open--;
      return [];
    };
    const messages = Array.from({ length: 5 }, (_, n) => messageOf(300_000, String(n)));
    await createTopicWriter({ send }).write(topic, messages);
    expect(sent).toEqual(messages.map((message) => ({ topic: 'a.topic', acks: -1, messages: [message] })));
  });

  it('gives a header without a value an empty one, because kafkajs throws at null', async () => {
    const sent: ProducerRecord[] = [];
    const writer = createTopicWriter({ send: async (record) => (sent.push(record), []) });
    await writer.write(topic, [{ key: null, value: null, headers: { one: null, many: [null, 'b'] } }]);
    expect(sent[0]!.messages).toEqual([{ key: null, value: null, headers: { one: '', many: ['', 'b'] } }]);
  });

  it('stops at the first chunk Kafka does not take, which is an outage: the caller sends all of it again', async () => {
    let tries = 0;
    const reset = new kafkajs.KafkaJSConnectionError('reset');
    const send = () => {
      tries++;
      return Promise.reject(reset);
    };
    const work = createTopicWriter({ send }).write(topic, [messageOf(400 * KIB), messageOf(400 * KIB)]);
    const failure = (await work.catch((error: unknown) => error)) as PipelineError;
    expect(failure).toBeInstanceOf(PipelineError);
    expect(isRetriable(failure)).toBe(true);
    expect(failure).toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE', dependency: 'kafka', cause: reset });
    expect(failure.message).toBe('writing to a.topic: reset');
    expect(tries).toBe(1);
  });

  it('a bug passes as it is', async () => {
    const writer = createTopicWriter({ send: () => Promise.reject(new TypeError('a bug')) });
    await expect(writer.write(topic, [messageOf(1)])).rejects.toThrow(TypeError);
  });
});
