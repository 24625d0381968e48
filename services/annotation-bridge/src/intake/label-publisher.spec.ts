import { isRetriable } from '@assay/shared/errors/pipeline-error';
import kafkajs, { type ProducerRecord, type RecordMetadata } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { chunksBySize, createLabelPublisher } from './label-publisher.ts';

const messageOf = (bytes: number, key = 'k') => ({ key, value: 'x'.repeat(bytes) });

describe('createLabelPublisher', () => {
  it('sends in order and one request at a time, each acknowledged by every replica', async () => {
    const sent: ProducerRecord[] = [];
    let open = 0;
    const send = async (record: ProducerRecord): Promise<RecordMetadata[]> => {
      expect(++open).toBe(1);
      sent.push(record);
      await Promise.resolve();
      open--;
      return [];
    };
    const messages = Array.from({ length: 5 }, (_, n) => messageOf(300_000, String(n)));
    await createLabelPublisher({ send }).publish(messages);
    expect(sent.map(({ acks }) => acks)).toEqual([-1, -1, -1, -1, -1]);
    expect(sent.flatMap((record) => record.messages.map(({ key }) => key))).toEqual(['0', '1', '2', '3', '4']);
  });

  it('is an outage when Kafka refuses', async () => {
    const send = () => Promise.reject(new kafkajs.KafkaJSError('no broker'));
    const error: unknown = await createLabelPublisher({ send })
      .publish([messageOf(1)])
      .catch((thrown: unknown) => thrown);
    expect(isRetriable(error)).toBe(true);
  });
});

describe('chunksBySize', () => {
  it('keeps a request small, and a large message to itself', () => {
    const sizes = [200_000, 200_000, 200_000, 3_000_000, 10];
    const chunks = [...chunksBySize(sizes.map((size) => messageOf(size)))];
    expect(chunks.map((chunk) => chunk.map(({ value }) => value.length))).toEqual([
      [200_000, 200_000],
      [200_000],
      [3_000_000],
      [10],
    ]);
  });
});
