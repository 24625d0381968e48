import { topics } from '@assay/shared/contracts/topics';
import { KIB } from '@assay/shared/contracts/units';
import { kafkaError } from '@assay/shared/kafka/kafka-errors';
import type { Producer } from 'kafkajs';

export interface KeyedMessage {
  readonly key: string;
  readonly value: string;
}

/** Puts label rows on their topic, in the order given; resolves when Kafka has acknowledged all of them. */
export interface LabelPublisher {
  publish(messages: readonly KeyedMessage[]): Promise<void>;
}

/** One request to the broker stays well below the topic's limit, which counts a whole batch. */
const REQUEST_MAX_BYTES = 512 * KIB;

export function createLabelPublisher(producer: Pick<Producer, 'send'>): LabelPublisher {
  return {
    async publish(messages) {
      for (const chunk of chunksBySize(messages)) {
        try {
          // One at a time: two requests under way could arrive in the other order.
          await producer.send({ topic: topics.labels.name, acks: -1, messages: [...chunk] });
        } catch (error) {
          throw kafkaError(`publishing to ${topics.labels.name}`, error);
        }
      }
    },
  };
}

export function* chunksBySize(messages: readonly KeyedMessage[]): Generator<readonly KeyedMessage[]> {
  let chunk: KeyedMessage[] = [];
  let bytes = 0;
  for (const message of messages) {
    const size = Buffer.byteLength(message.value);
    if (chunk.length > 0 && bytes + size > REQUEST_MAX_BYTES) {
      yield chunk;
      chunk = [];
      bytes = 0;
    }
    chunk.push(message);
    bytes += size;
  }
  if (chunk.length > 0) yield chunk;
}
