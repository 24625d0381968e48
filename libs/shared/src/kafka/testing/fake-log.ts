import { createRequire } from 'node:module';
import kafkajs, { type Batch, type IHeaders } from 'kafkajs';

/** kafkajs's own batch, so that offsets, markers and aborted records are filtered here by the code that does it for real. */
const KafkaJsBatch = createRequire(import.meta.url)('kafkajs/src/consumer/batch') as new (
  topic: string,
  fetchedOffset: string,
  data: PartitionData,
) => KafkaJsBatchMethods;

type KafkaJsBatchMethods = Batch & { isEmptyDueToFiltering(): boolean };
export type FetchedBatch = KafkaJsBatchMethods;

interface PartitionData {
  readonly partition: number;
  readonly highWatermark: string;
  readonly messages: readonly Entry[];
  readonly abortedTransactions: readonly { firstOffset: string; producerId: string }[];
}

interface Entry {
  readonly offset: string;
  readonly timestamp: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: IHeaders;
  readonly isControlRecord: boolean;
  readonly batchContext: { readonly producerId: string; readonly inTransaction: boolean };
}

export interface FakeMessage {
  readonly key?: string | null;
  readonly value: string | null;
  readonly headers?: IHeaders;
  readonly timestamp?: number;
}

const ABORT_MARKER = Buffer.from([0, 0, 0, 0]);
const COMMIT_MARKER = Buffer.from([0, 0, 0, 1]);
const FIRST_TIMESTAMP = Date.UTC(2026, 10, 21, 9, 30);

/** One partition of a topic: what is in it, and what a fetch of it answers. */
export class FakeLog {
  readonly topic: string;
  readonly partition: number;
  low = 0n;
  high = 0n;
  #entries: Entry[] = [];
  #transactions = 0;
  readonly #aborted: { firstOffset: string; lastOffset: string; producerId: string }[] = [];

  constructor(topic: string, partition: number) {
    this.topic = topic;
    this.partition = partition;
  }

  append(...messages: readonly (string | FakeMessage)[]): void {
    for (const message of messages) this.#add(message, { producerId: '-1', inTransaction: false });
  }

  /** What a transactional producer leaves: its messages, then a marker that takes an offset and is shown to nobody. */
  appendTransaction(end: 'commit' | 'abort', ...messages: readonly (string | FakeMessage)[]): void {
    const producerId = String(++this.#transactions);
    const firstOffset = String(this.high);
    for (const message of messages) this.#add(message, { producerId, inTransaction: true });
    if (end === 'abort') this.#aborted.push({ firstOffset, lastOffset: String(this.high), producerId });
    this.#addMarker(end === 'abort' ? ABORT_MARKER : COMMIT_MARKER, producerId);
  }

  /** Retention: everything before `offset` is gone. */
  expireBefore(offset: bigint): void {
    this.low = offset;
    this.#entries = this.#entries.filter((entry) => BigInt(entry.offset) >= offset);
  }

  /** What the broker answers to a fetch; null when there is nothing yet. */
  fetch(from: bigint, limit: number): FetchedBatch | null {
    if (from < this.low || from > this.high)
      throw new kafkajs.KafkaJSOffsetOutOfRange(protocolError('OFFSET_OUT_OF_RANGE', 1), {
        topic: this.topic,
        partition: this.partition,
      });
    const messages = this.#entries.filter(({ offset }) => BigInt(offset) >= from).slice(0, limit);
    if (messages.length === 0) return null;
    const last = BigInt(messages.at(-1)!.offset);
    return new KafkaJsBatch(this.topic, String(from), {
      partition: this.partition,
      highWatermark: String(this.high),
      messages,
      abortedTransactions: this.#aborted.filter(
        ({ firstOffset, lastOffset }) => BigInt(firstOffset) <= last && BigInt(lastOffset) >= from,
      ),
    });
  }

  #add(given: string | FakeMessage, batchContext: Entry['batchContext']): void {
    const { key, value, headers = {}, timestamp } = typeof given === 'string' ? { key: given, value: given } : given;
    this.#push({
      timestamp: String(timestamp ?? FIRST_TIMESTAMP + Number(this.high)),
      key: key === undefined || key === null ? null : Buffer.from(key),
      value: value === null ? null : Buffer.from(value),
      headers,
      isControlRecord: false,
      batchContext,
    });
  }

  #addMarker(key: Buffer, producerId: string): void {
    const batchContext = { producerId, inTransaction: true };
    this.#push({ timestamp: '0', key, value: Buffer.alloc(6), headers: {}, isControlRecord: true, batchContext });
  }

  #push(entry: Omit<Entry, 'offset'>): void {
    this.#entries.push({ ...entry, offset: String(this.high++) });
  }
}

/** An error as the broker's answer becomes one inside kafkajs. */
export const protocolError = (type: string, code: number): Error & { type: string; code: number } =>
  new kafkajs.KafkaJSProtocolError(
    Object.assign(new Error(`the broker says ${type}`), { type, code, retriable: false }),
  );
