import type { ConsumerEndBatchProcessEvent, EachBatchPayload } from 'kafkajs';
import { groupIdOf, type LaneContract } from '../contracts/lanes.ts';
import { type Backoff, withBackoff } from '../pipeline/backoff.ts';
import type { Log } from '../pipeline/log.ts';
import type { LogBounds } from '../pipeline/log-position.ts';
import {
  type Handover,
  Interrupted,
  type PartitionedSource,
  type SourceReader,
} from '../pipeline/partitioned-source.ts';
import { answered } from './answered.ts';
import { ConsumerRevival } from './consumer-revival.ts';
import { fetchedOf } from './fetched-batch.ts';
import { isKafkaJsError } from './kafka-errors.ts';
import { readLogBounds } from './log-bounds.ts';
import type { LaneAdmin, LaneConsumer } from './ports.ts';

export interface KafkaSourceParts {
  readonly contract: LaneContract;
  readonly consumer: LaneConsumer;
  readonly admin: LaneAdmin;
  readonly log: Log;
}

export interface KafkaSourceSettings {
  /** How a consumer that kafkajs gave up is run again. */
  readonly backoff: Backoff;
  /** Partitions handed over at the same time. */
  readonly concurrency: number;
  readonly answeredWithinMs?: number;
}

/** Until a batch brings kafkajs's own. Nothing is lost by it: without a batch in hand kafkajs keeps our place itself. */
const NO_HEARTBEAT = async (): Promise<void> => {};

/**
 * A topic of Kafka, read by a consumer of kafkajs that resolves and commits nothing by itself. kafkajs shows batches of markers
 * and aborted records to no handler, only in an event. It tells of a rebalance by an error of a heartbeat or a commit: that
 * error, and no other, goes back to kafkajs, which then joins the group again.
 */
export class KafkaSource implements PartitionedSource {
  readonly #parts: KafkaSourceParts;
  readonly #settings: KafkaSourceSettings;
  readonly #stopping = new AbortController();
  #heartbeat = NO_HEARTBEAT;

  constructor(parts: KafkaSourceParts, settings: KafkaSourceSettings) {
    this.#parts = parts;
    this.#settings = settings;
  }

  async start(reader: SourceReader): Promise<void> {
    const { consumer, contract, log } = this.#parts;
    const topic = contract.topic.name;
    const run = () => this.#run(reader);
    const revival = new ConsumerRevival({
      lane: groupIdOf(contract),
      run,
      backoff: this.#settings.backoff,
      stopping: this.#stopping.signal,
      log,
      fail: (error) => reader.fail(error),
    });
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      this.#heartbeat = NO_HEARTBEAT;
      revival.joined();
      reader.assigned(payload.memberAssignment[topic] ?? []);
    });
    consumer.on(consumer.events.CRASH, (event) => revival.crashed(event));
    consumer.on(consumer.events.END_BATCH_PROCESS, (event) => passEmpty(reader, event));
    await this.#reached('connecting', () => consumer.connect());
    await this.#reached('subscribing', () => consumer.subscribe({ topic, fromBeginning: true }));
    await run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#parts.consumer.disconnect();
  }

  halt(): void {
    void this.#parts.consumer.stop(); // not awaited: it waits for the batch that is failing right now
  }

  seek(partition: number, offset: bigint): void {
    this.#parts.consumer.seek({ topic: this.#parts.contract.topic.name, partition, offset: String(offset) });
  }

  commit(partition: number, next: bigint): Promise<void> {
    const topic = this.#parts.contract.topic.name;
    return ofTheGroup(() => this.#parts.consumer.commitOffsets([{ topic, partition, offset: String(next) }]));
  }

  keepAlive(): Promise<void> {
    return ofTheGroup(this.#heartbeat);
  }

  bounds(partition: number): Promise<LogBounds> {
    const { admin, contract } = this.#parts;
    return readLogBounds(admin, contract.topic.name, partition, this.#settings.answeredWithinMs);
  }

  /** Waited for as for everything else, and said: kafkajs alone would try for minutes without a word. */
  #reached(doing: string, ask: () => Promise<void>): Promise<void> {
    const { contract, log } = this.#parts;
    const { backoff, answeredWithinMs } = this.#settings;
    const lane = groupIdOf(contract);
    return withBackoff(() => answered(`${doing} ${lane}`, ask, answeredWithinMs), {
      backoff,
      stopping: this.#stopping.signal,
      onRetry: async ({ message: error }, attempt) =>
        log.warn({ lane, dependency: 'kafka', attempt, error }, 'Kafka is out of reach; the lane starts later.'),
    });
  }

  #run(reader: SourceReader): Promise<void> {
    return this.#parts.consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: this.#settings.concurrency,
      eachBatch: async (payload) => {
        this.#heartbeat = () => payload.heartbeat();
        try {
          await reader.receive(handoverOf(payload));
        } catch (error) {
          throw error instanceof Interrupted ? error.cause : error;
        }
      },
    });
  }
}

function handoverOf(payload: EachBatchPayload): Handover {
  const { batch } = payload;
  const { topic, partition } = batch;
  const last = batch.messages.at(-1)!.offset;
  return {
    partition,
    fetched: fetchedOf(batch),
    high: BigInt(batch.highWatermark),
    async isCurrent() {
      if (payload.isStale() || !payload.isRunning()) return false;
      await ofTheGroup(() => payload.heartbeat());
      return true;
    },
    booked: () => payload.resolveOffset(last),
    commit: (next) =>
      ofTheGroup(() =>
        // This form of commit throws what the broker said, which is how kafkajs learns that it must join again.
        payload.commitOffsetsIfNecessary({ topics: [{ topic, partitions: [{ partition, offset: String(next) }] }] }),
      ),
  };
}

/** Without this the group would never hear of what holds no message, and lag would stay. */
function passEmpty(reader: SourceReader, { payload }: ConsumerEndBatchProcessEvent): void {
  const { partition, batchSize, firstOffset, lastOffset } = payload;
  if (batchSize > 0 || firstOffset === null) return;
  reader.pass(partition, BigInt(firstOffset), BigInt(lastOffset));
}

/** What kafkajs says of the group is for kafkajs; anything else is ours. */
async function ofTheGroup(ask: () => Promise<void>): Promise<void> {
  try {
    await ask();
  } catch (error) {
    throw isKafkaJsError(error) ? new Interrupted(error) : error;
  }
}
