import kafkajs, { type Message, type Producer, type RecordMetadata } from 'kafkajs';
import { KIB } from '../contracts/units.ts';
import { PipelineError } from '../errors/pipeline-error.ts';
import type { RecordHeaders } from '../pipeline/record.ts';
import { contentBytes, type OutgoingMessage, type TopicWriter } from '../pipeline/topic-writer.ts';
import { answered, WRITTEN_WITHIN_MS } from './answered.ts';

/** One request to the broker stays well below the topic's limit, which counts a whole batch, however many messages there are. */
const REQUEST_MAX_BYTES = 512 * KIB;

export function createTopicWriter(
  producer: Pick<Producer, 'send'>,
  writtenWithinMs: number = WRITTEN_WITHIN_MS,
): TopicWriter {
  return {
    async write({ name }, messages, partitions) {
      for (const chunk of chunksBySize(messages)) {
        const placed = chunk.map((message) => placedAmong(toKafka(message), partitions));
        const record = { topic: name, acks: -1, messages: placed };
        // One at a time: two requests under way could arrive in the other order.
        const told = await answered(`writing to ${name}`, () => producer.send(record), writtenWithinMs);
        refuseUnplaced(name, placed, told);
      }
    },
  };
}

export function* chunksBySize(messages: readonly OutgoingMessage[]): Generator<readonly OutgoingMessage[]> {
  let chunk: OutgoingMessage[] = [];
  let bytes = 0;
  for (const message of messages) {
    const size = contentBytes(message);
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

const place = kafkajs.Partitioners.DefaultPartitioner();

/** Where kafkajs, and every client of Java, would put it if the topic had this many partitions. */
function placedAmong(message: Message, partitions: number | undefined): Message {
  if (partitions === undefined) return message;
  const partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => ({ partitionId, leader: 0 }));
  return { ...message, partition: place({ topic: '', message, partitionMetadata: partitionMetadata as never }) };
}

/**
 * kafkajs says nothing of a partition it has not heard of yet: it leaves those messages out and resolves. It asks the brokers
 * again before long (`metadataMaxAge`), and until then this is an outage.
 */
function refuseUnplaced(topic: string, placed: readonly Message[], told: readonly RecordMetadata[]): void {
  const written = new Set(told.map(({ partition }) => partition));
  const unknown = placed.find(({ partition }) => partition !== undefined && !written.has(partition));
  if (unknown === undefined) return;
  throw new PipelineError(
    'DEPENDENCY_UNAVAILABLE',
    `writing to ${topic}: this service has not heard of partition ${unknown.partition} yet`,
    { dependency: 'kafka' },
  );
}
