import { headers } from '../contracts/headers.ts';
import type { LaneContract } from '../contracts/lanes.ts';
import type { DeadLetterWriter, Refusal, Spill } from './dead-letter-writer.ts';
import { headerText, type RecordHeaders } from './record.ts';
import { contentBytes, type OutgoingMessage, type TopicWriter } from './topic-writer.ts';

const names = headers.deadLetter;
const ourNames: ReadonlySet<string> = new Set(Object.values(names));
/** Room for the record batch around one message; the broker counts it against the topic's limit. */
const FRAMING_BYTES = 1024;

/** The refused message as it came, plus why and where from: enough to replay it without the logs. */
export function deadLetterMessage({ record, step, outcome }: Refusal, service: string, at: Date): OutgoingMessage {
  const attempt = Number(headerText(record.headers, names.attempt) ?? '0') + 1 || 1;
  return {
    key: record.key,
    value: record.value,
    headers: {
      ...record.headers,
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

export const sizeOf = (message: Partial<OutgoingMessage>): number => contentBytes(message) + FRAMING_BYTES;

/**
 * Writes dead letters and returns only when the log holds them; a failure fails the batch. Repeats after a crash carry the
 * same source topic, partition and offset, which is what a dead letter is counted by.
 */
export function createDeadLetterWriter(
  writer: TopicWriter,
  { service, deadLetters }: LaneContract,
  spill: Spill,
): DeadLetterWriter {
  async function fitted(refusal: Refusal): Promise<OutgoingMessage> {
    const message = deadLetterMessage(refusal, service, new Date());
    if (sizeOf(message) <= deadLetters.maxMessageBytes) return message;
    const blob = await spill(refusal.record);
    const stub = { key: message.key, value: null, headers: { ...ours(message), [names.spilledTo]: blob } };
    return sizeOf(stub) <= deadLetters.maxMessageBytes ? stub : { ...stub, key: null };
  }

  return {
    async write(refusals) {
      const letters: OutgoingMessage[] = [];
      for (const refusal of refusals) letters.push(await fitted(refusal));
      await writer.write(deadLetters, letters);
    },
  };
}

/** The original headers may be what made it too large; they are in the spilled blob with the rest. */
const ours = (message: OutgoingMessage): RecordHeaders =>
  Object.fromEntries(Object.entries(message.headers ?? {}).filter(([name]) => ourNames.has(name)));
