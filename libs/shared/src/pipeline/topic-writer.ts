import type { TopicContract } from '../contracts/topics.ts';
import type { RecordHeaders } from './record.ts';

export interface OutgoingMessage {
  readonly key: Buffer | string | null;
  readonly value: Buffer | string | null;
  readonly headers?: RecordHeaders;
}

/** What a message holds, without the framing of its log. */
export function contentBytes({ key, value, headers = {} }: Partial<OutgoingMessage>): number {
  const bytes = (part: Buffer | string | null | undefined) => (part ? Buffer.byteLength(part) : 0);
  let size = bytes(key) + bytes(value);
  for (const [name, content] of Object.entries(headers))
    for (const part of Array.isArray(content) ? content : [content]) size += name.length + bytes(part) + 8;
  return size;
}

/**
 * Puts messages on a topic in the order given, and resolves when every replica has all of them. It rejects with a PipelineError
 * when that may not be so: some of them may be there then, and the caller sends all of them again. Keys are spread over all
 * partitions of the topic, or over the first `partitions` of them.
 */
export interface TopicWriter {
  write(topic: Pick<TopicContract, 'name'>, messages: readonly OutgoingMessage[], partitions?: number): Promise<void>;
}
