import kafkajs, { type ConsumerRunConfig, type EachBatchHandler, type EachBatchPayload } from 'kafkajs';
import { isKafkaJsError } from '../kafka-errors.ts';
import type { LaneConsumer } from '../ports.ts';
import type { FakeBroker } from './fake-broker.ts';
import type { FetchedBatch } from './fake-log.ts';

type Listener = (event: { payload: unknown }) => void;

const { events } = new kafkajs.Kafka({ brokers: ['nowhere:9092'] }).consumer({ groupId: 'only for its event names' });

/**
 * A consumer that behaves as kafkajs 2.2.4 does with autoCommit and eachBatchAutoResolve off. What the lane runtime relies on:
 *
 * - a fetch brings one batch for each partition; the next fetch waits for all of them (fetcher.js, workerQueue.js)
 * - the position is what was resolved last, else what the group committed, else the beginning (offsetManager)
 * - a seek takes effect at the next fetch, outlives a rebalance, and makes batches in hand stale (consumerGroup.js)
 * - batches of markers and aborted records reach no handler: resolved, END_BATCH_PROCESS, heartbeat (runner.js)
 * - a rebalance is an error of heartbeat or commit; thrown back to kafkajs, it joins again and forgets its positions
 */
export class FakeConsumer implements LaneConsumer {
  readonly events = events;
  isRunning = false;
  /** It waits for something to happen, or it has ended. */
  isParked = true;
  readonly #broker: FakeBroker;
  readonly #batchSize: number;
  readonly #listeners = new Map<string, Listener[]>();
  readonly #seeks = new Map<number, bigint>();
  #positions = new Map<number, bigint>();
  #generation = 0;
  #mustJoin = true;
  #concurrency = 1;
  #eachBatch: EachBatchHandler = async () => {};
  #loop: Promise<void> = Promise.resolve();
  #whenParked = Promise.withResolvers<void>();

  constructor(broker: FakeBroker, batchSize: number) {
    this.#broker = broker;
    this.#batchSize = batchSize;
    this.#whenParked.resolve();
  }

  async connect(): Promise<void> {
    this.#broker.requireReachable();
  }

  async subscribe(): Promise<void> {}

  on = ((name: string, listener: Listener) => {
    this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), listener]);
    return () => {};
  }) as LaneConsumer['on'];

  async run({ eachBatch, partitionsConsumedConcurrently = 1 }: ConsumerRunConfig = {}): Promise<void> {
    this.#eachBatch = eachBatch!;
    this.#concurrency = partitionsConsumedConcurrently;
    this.isRunning = true;
    this.#unpark();
    this.#loop = this.#consume();
  }

  seek({ partition, offset }: { partition: number; offset: string }): void {
    this.#seeks.set(partition, BigInt(offset));
    this.#broker.touch();
  }

  async commitOffsets(offsets: readonly { partition: number; offset: string }[]): Promise<void> {
    if (!this.isRunning) return;
    for (const { partition, offset } of offsets) this.#broker.commit(this, this.#generation, partition, BigInt(offset));
  }

  /** Waits for the batches in hand, then leaves the group. */
  async stop(): Promise<void> {
    if (!this.isRunning) return;
    this.isRunning = false;
    this.#broker.touch();
    await this.#loop;
    this.#broker.leave(this);
  }

  async disconnect(): Promise<void> {
    await this.stop();
  }

  /** The session timed out: the group goes on without this consumer, which does not know it yet. */
  timeOut(): void {
    this.#broker.leave(this);
  }

  /** kafkajs gave up. Without `restart` it stays dead, and only this event says so. */
  crash(error: Error, restart: boolean): void {
    if (!restart) this.isRunning = false;
    this.#emit(events.CRASH, { error, restart, groupId: 'group' });
    this.#broker.touch();
  }

  async parked(): Promise<void> {
    await this.#whenParked.promise;
  }

  #emit(name: string, payload: unknown): void {
    for (const listener of this.#listeners.get(name) ?? []) listener({ payload });
  }

  #join(): void {
    this.#generation = this.#broker.join(this);
    this.#mustJoin = false;
    this.#positions = new Map();
    const memberAssignment = { [this.#broker.topic]: this.#broker.assignmentOf(this) };
    this.#emit(events.GROUP_JOIN, { memberAssignment });
  }

  async #consume(): Promise<void> {
    while (this.isRunning) {
      const state = this.#broker.state;
      try {
        if (this.#mustJoin) this.#join();
        const batches = this.#fetch();
        if (batches.length > 0) await this.#handleAll(batches);
        else {
          this.#broker.heartbeat(this, this.#generation);
          await this.#park(state);
        }
      } catch (error) {
        await this.#recover(error as Error & { type?: string }, state);
      }
    }
    this.isParked = true;
    this.#whenParked.resolve();
  }

  async #recover(error: Error & { type?: string }, state: number): Promise<void> {
    const { type = '' } = error;
    if (['REBALANCE_IN_PROGRESS', 'ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID'].includes(type)) this.#mustJoin = true;
    else if (error instanceof kafkajs.KafkaJSConnectionError) await this.#park(state);
    else if (!isKafkaJsError(error)) this.crash(error, false);
  }

  async #park(state: number): Promise<void> {
    this.isParked = true;
    this.#whenParked.resolve();
    await this.#broker.changeSince(state);
    this.#unpark();
  }

  #unpark(): void {
    this.isParked = false;
    this.#whenParked = Promise.withResolvers();
  }

  #fetch(): FetchedBatch[] {
    this.#broker.requireReachable();
    return this.#broker.assignmentOf(this).flatMap((partition) => {
      const seek = this.#seeks.get(partition);
      this.#seeks.delete(partition);
      if (seek !== undefined) this.#positions.set(partition, seek);
      const log = this.#broker.logs[partition]!;
      const from = this.#positions.get(partition) ?? this.#broker.committed.get(partition) ?? log.low;
      this.#positions.set(partition, from);
      try {
        const batch = log.fetch(from, this.#batchSize);
        return batch === null ? [] : [batch];
      } catch (error) {
        if (!(error instanceof kafkajs.KafkaJSOffsetOutOfRange)) throw error;
        // kafkajs commits "earliest" and reads from there, whatever anybody has booked.
        this.#broker.committed.delete(partition);
        this.#positions.delete(partition);
        this.#broker.touch();
        return [];
      }
    });
  }

  async #handleAll(batches: FetchedBatch[]): Promise<void> {
    const failures: unknown[] = [];
    const work = async () => {
      for (let batch = batches.shift(); batch !== undefined; batch = batches.shift())
        await this.#handle(batch).catch((error: unknown) => failures.push(error));
    };
    await Promise.all(Array.from({ length: this.#concurrency }, work));
    if (failures.length > 0) throw failures[0];
  }

  async #handle(batch: FetchedBatch): Promise<void> {
    if (!this.isRunning) return;
    const { topic, partition } = batch;
    if (batch.isEmptyDueToFiltering()) this.#resolve(partition, batch.lastOffset());
    else await this.#eachBatch(this.#payloadOf(batch));
    this.#emit(events.END_BATCH_PROCESS, {
      topic,
      partition,
      batchSize: batch.messages.length,
      firstOffset: batch.firstOffset(),
      lastOffset: batch.lastOffset(),
    });
    this.#broker.heartbeat(this, this.#generation);
  }

  #payloadOf(batch: FetchedBatch): EachBatchPayload {
    const { partition } = batch;
    const last = batch.messages.at(-1)?.offset;
    return {
      batch,
      // The last message stands for what follows it in the batch: markers are nobody's business.
      resolveOffset: (offset) => this.#resolve(partition, offset === last ? batch.lastOffset() : offset),
      heartbeat: async () => this.#broker.heartbeat(this, this.#generation),
      commitOffsetsIfNecessary: async (offsets) => {
        for (const { partitions } of offsets?.topics ?? [])
          for (const { partition: p, offset } of partitions)
            this.#broker.commit(this, this.#generation, p, BigInt(offset));
      },
      isRunning: () => this.isRunning,
      isStale: () => this.#seeks.has(partition),
      pause: () => () => {},
      uncommittedOffsets: () => ({ topics: [] }),
    };
  }

  #resolve(partition: number, offset: string): void {
    this.#positions.set(partition, BigInt(offset) + 1n);
  }
}
