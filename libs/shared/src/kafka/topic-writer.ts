import type { Message, Producer } from 'kafkajs';
import { KIB } from '../contracts/units.ts';
import type { RecordHeaders } from '../pipeline/record.ts';
import type { OutgoingMessage, TopicWriter } from '../pipeline/topic-writer.ts';
import { kafkaError } from './kafka-errors.ts';

/** One request to the broker stays well below the topic's limit, which counts a whole batch, however many messages there are. */
const REQUEST_MAX_BYTES = 512 * KIB;

export function createTopicWriter(producer: Pick<Producer, 'send'>): TopicWriter {
  return {
    async write({ name }, messages) {
      for (const chunk of chunksBySize(messages)) {
        try {
          // One at a time: two requests under way could arrive in the other order.
          await producer.send({ topic: name, acks: -1, messages: chunk.map(toKafka) });
        } catch (error) {
          throw kafkaError(`writing to ${name}`, error);
        }
      }
    },
  };
}

export function* chunksBySize(messages: readonly OutgoingMessage[]): Generator<readonly OutgoingMessage[]> {
  let chunk: OutgoingMessage[] = [];
  let bytes = 0;
  for (const message of messages) {
    const size = Buffer.byteLength(message.value ?? '');
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

const toKafka = ({ key, value, headers }: OutgoingMessage): Message =>
  headers === undefined ? { key, value } : { key, value, headers: writable(headers) };

/** kafkajs measures a header's value before it looks whether there is one; an empty one is the nearest it can write. */
function writable(headers: RecordHeaders): NonNullable<Message['headers']> {
  const entries = Object.entries(headers).map(([name, content]) => [
    name,
    Array.isArray(content) ? content.map((part) => part ?? '') : (content ?? ''),
  ]);
  return Object.fromEntries(entries) as NonNullable<Message['headers']>;
}
