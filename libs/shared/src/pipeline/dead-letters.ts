import type { Message, Producer } from 'kafkajs';
import { headers } from '../contracts/headers.ts';
import type { LaneContract } from '../contracts/lanes.ts';
import { headerText, type RecordHeaders } from './record.ts';
import { kafkaError } from '../kafka/kafka-errors.ts';
import type { DeadLetterWriter, Refusal, Spill } from './dead-letter-writer.ts';

const names = headers.deadLetter;
const ourNames: ReadonlySet<string> = new Set(Object.values(names));
/** Room for the record batch around one message; the broker counts it against the topic's limit. */
const FRAMING_BYTES = 1024;

/** The refused message as it came, plus why and where from: enough to replay it without the logs. */
export function deadLetterMessage({ record, step, outcome }: Refusal, service: string, at: Date): Message {
  const attempt = Number(headerText(record.headers, names.attempt) ?? '0') + 1 || 1;
  return {
    key: record.key,
    value: record.value,
    headers: {
      ...writable(record.headers),
      [names.code]: outcome.code,
      [names.reason]: outcome.detail,
      [names.step]: step,
      [names.service]: service,
      [names.sourceTopic]: record.topic,
      [names.sourcePartition]: String(record.partition),
      [names.sourceOffset]: String(record.offset),
      [names.at]: at.toISOString(),
      [names.attempt]: String(attempt),
    },
  };
}

/** kafkajs measures a header's value before it looks whether there is one; an empty one is the nearest it can write. */
function writable(original: RecordHeaders): NonNullable<Message['headers']> {
  const entries = Object.entries(original).map(([name, content]) => [
    name,
    Array.isArray(content) ? content.map((part) => part ?? '') : (content ?? ''),
  ]);
  return Object.fromEntries(entries) as NonNullable<Message['headers']>;
}

export function sizeOf({ key, value, headers: all = {} }: Message): number {
  const bytes = (part: Buffer | string | null | undefined) => (part ? Buffer.byteLength(part) : 0);
  let size = bytes(key) + bytes(value) + FRAMING_BYTES;
  for (const [name, content] of Object.entries(all)) {
    for (const part of Array.isArray(content) ? content : [content]) size += name.length + bytes(part) + 8;
  }
  return size;
}

/**
 * Writes dead letters and returns only when Kafka holds them; a failure fails the batch. Repeats after a crash carry the
 * same source topic, partition and offset, which is what a dead letter is counted by.
 */
export function createDeadLetterWriter(
  producer: Pick<Producer, 'send'>,
  { service, deadLetters }: LaneContract,
  spill: Spill,
): DeadLetterWriter {
  async function fitted(refusal: Refusal): Promise<Message> {
    const message = deadLetterMessage(refusal, service, new Date());
    if (sizeOf(message) <= deadLetters.maxMessageBytes) return message;
    const blob = await spill(refusal.record);
    const stub = { key: message.key ?? null, value: null, headers: { ...ours(message), [names.spilledTo]: blob } };
    return sizeOf(stub) <= deadLetters.maxMessageBytes ? stub : { ...stub, key: null };
  }

  return {
    async write(refusals) {
      // One send a message: together they could pass the limit that each of them respects.
      for (const refusal of refusals) {
        const message = await fitted(refusal);
        try {
          await producer.send({ topic: deadLetters.name, acks: -1, messages: [message] });
        } catch (error) {
          throw kafkaError(`writing a dead letter to ${deadLetters.name}`, error);
        }
      }
    },
  };
}

/** The original headers may be what made it too large; they are in the spilled blob with the rest. */
const ours = (message: Message): NonNullable<Message['headers']> =>
  Object.fromEntries(Object.entries(message.headers ?? {}).filter(([name]) => ourNames.has(name)));
