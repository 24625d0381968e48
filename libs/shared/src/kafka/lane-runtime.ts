import type { ConsumerEndBatchProcessEvent, EachBatchPayload } from 'kafkajs';
import { groupIdOf } from '../contracts/lanes.ts';
import type { PipelineError } from '../errors/pipeline-error.ts';
import type { Lane } from '../pipeline/lane.ts';
import type { Gap, LaneListener, PartitionStatus } from '../pipeline/lane-listener.ts';
import type { LedgerStore } from '../pipeline/ledger-store.ts';
import { Abandoned, type Backoff, withBackoff } from '../pipeline/backoff.ts';
import { deliveryOf, summaryOf } from './batch-views.ts';
import { ConsumerRevival } from './consumer-revival.ts';
import { isKafkaJsError } from './kafka-errors.ts';
import { readLogBounds } from './log-bounds.ts';
import { type Delivery, PartitionProgress } from '../pipeline/partition-progress.ts';
import type { DeadLetterWriter } from '../pipeline/dead-letter-writer.ts';
import type { Log } from '../pipeline/log.ts';
import type { LaneAdmin, LaneConsumer } from './ports.ts';
import { settleBatch, sortOut } from '../pipeline/settle-batch.ts';

export interface LaneParts<Tx> {
  readonly consumer: LaneConsumer;
  readonly admin: LaneAdmin;
  readonly ledger: LedgerStore<Tx>;
  readonly deadLetters: DeadLetterWriter;
  readonly log: Log;
}

export interface LaneSettings {
  readonly backoff: Backoff;
  /** Partitions worked on at the same time. */
  readonly concurrency: number;
  readonly listeners: readonly LaneListener[];
  /** How often the ledger and the log are compared with what the lane knows, even when nothing is delivered. */
  readonly lookAgainMs: number;
  /** The lane cannot go on. Called once; the process is expected to end. */
  readonly onFatal: (error: unknown) => void;
}

interface Taken {
  readonly booked: boolean;
  /** Where the ledger stands, for the group to know; null when that has yet to be found out. */
  readonly next: bigint | null;
}

/** Until a batch brings kafkajs's own. Nothing is lost by it: without a batch in hand kafkajs keeps our place itself. */
const NO_HEARTBEAT = async (): Promise<void> => {};

/** A delivery that holds no offset at all: admitting it only finds out where to read. */
const NOTHING: Delivery = { fetchedOffset: null, first: 1n, last: 0n, records: [] };

/**
 * Runs one lane over kafkajs: the only place that reads, commits, produces or logs for it.
 *
 * Per delivery: admit (does it continue the ledger?) → steps → dead letters → effects and ledger in one transaction → the
 * group's commit, which is only there so that lag tools see us. Deliveries of one partition follow one another, also
 * those without messages, which kafkajs shows only as an event.
 *
 * Failures are three-way. Retriable: wait and try again, then give up loudly. The content's fault: a step has made it a dead
 * letter already. Anything else: `onFatal`, because guessing loses data. kafkajs's own errors (a rebalance seen by a
 * heartbeat or a commit) go back to kafkajs, which joins the group again; our errors never do, because it would retry a
 * poison message forever.
 */
export class LaneRuntime<T, P, Tx> {
  private readonly lane: Lane<T, P, Tx>;
  private readonly parts: LaneParts<Tx>;
  private readonly settings: LaneSettings;
  private readonly stopping = new AbortController();
  private readonly turns = new Map<number, Promise<void>>();
  private progress = new Map<number, PartitionProgress>();
  private readonly statuses = new Map<number, PartitionStatus>();
  private failed = false;
  private heartbeat = NO_HEARTBEAT;
  private lookingAgain: NodeJS.Timeout | undefined;

  constructor(lane: Lane<T, P, Tx>, parts: LaneParts<Tx>, settings: LaneSettings) {
    this.lane = lane;
    this.parts = parts;
    this.settings = settings;
  }

  get name(): string {
    return groupIdOf(this.lane.contract);
  }

  status(): readonly PartitionStatus[] {
    return [...this.statuses.values()];
  }

  async start(): Promise<void> {
    const { consumer, log } = this.parts;
    const { topic } = this.lane.contract;
    const { backoff } = this.settings;
    const [run, fail] = [() => this.run(), (error: unknown) => this.fail(error)];
    const revival = new ConsumerRevival({ lane: this.name, run, backoff, stopping: this.stopping.signal, log, fail });
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      // A new generation: what we knew of any partition may be another owner's by now.
      this.progress = new Map();
      this.statuses.clear();
      this.heartbeat = NO_HEARTBEAT;
      revival.joined();
      const assignment = payload.memberAssignment[topic.name] ?? [];
      log.info({ lane: this.name, assignment }, 'Partitions assigned.');
      // Not left to the first delivery: where the group is ahead of the ledger there may be none (Postgres lost its last
      // commits in a crash, or was restored), and what lies between would wait for the next message.
      for (const partition of assignment) this.takeUnasked(partition, NOTHING);
    });
    consumer.on(consumer.events.CRASH, (event) => revival.crashed(event));
    consumer.on(consumer.events.END_BATCH_PROCESS, (event) => this.onEndBatch(event));
    await consumer.connect();
    await consumer.subscribe({ topic: topic.name, fromBeginning: true });
    await this.run();
    this.lookingAgain = setInterval(() => this.lookAgain(), this.settings.lookAgainMs).unref();
  }

  private run(): Promise<void> {
    return this.parts.consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: this.settings.concurrency,
      eachBatch: (payload) => this.onBatch(payload),
    });
  }

  /** Lets the batch in hand finish, or drops it when it is only waiting to be tried again; then leaves the group. */
  async stop(): Promise<void> {
    this.stopping.abort();
    clearInterval(this.lookingAgain);
    await this.parts.consumer.disconnect();
    await Promise.allSettled(this.turns.values());
  }

  private async onBatch(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    const { topic, partition } = batch;
    const last = batch.messages.at(-1)!.offset;
    this.heartbeat = () => payload.heartbeat();
    await this.inTurn(partition, async () => {
      if (payload.isStale() || !payload.isRunning()) return;
      await payload.heartbeat();
      const delivery = deliveryOf(batch);
      this.observe(partition, delivery, BigInt(batch.highWatermark));
      const { next, booked } = await this.take(partition, delivery);
      if (booked) payload.resolveOffset(last);
      this.observeSettled(partition, next, delivery);
      if (next === null) return;
      // This form of commit throws what the broker said, which is how kafkajs learns that it must join again.
      await payload.commitOffsetsIfNecessary({
        topics: [{ topic, partitions: [{ partition, offset: String(next) }] }],
      });
      await this.at('groupCommitted');
    });
  }

  /** kafkajs shows batches of markers and aborted records to no handler, only in this event; without it lag would stay. */
  private onEndBatch({ payload }: ConsumerEndBatchProcessEvent): void {
    const { partition, batchSize, firstOffset, lastOffset } = payload;
    if (batchSize > 0 || firstOffset === null) return;
    this.takeUnasked(partition, { ...NOTHING, first: BigInt(firstOffset), last: BigInt(lastOffset) });
  }

  /**
   * Some things happen without a delivery: Postgres loses its last commits in a crash though the group was told of them, or
   * retention takes all there was. Who waits for the next message to notice may wait for ever.
   */
  lookAgain(): void {
    for (const [partition, progress] of this.progress)
      this.takeUnasked(partition, NOTHING, async () => !(await progress.stillStands()));
  }

  /** Takes what no handler was called for. kafkajs does not wait for it; the next batch of the partition does. */
  private takeUnasked(partition: number, delivery: Delivery, isNeeded = async () => true): void {
    const topic = this.lane.contract.topic.name;
    const generation = this.progress;
    // kafkajs would commit under the generation of that moment, in which the partition may be another's: a step back.
    const isOver = () => this.stopping.signal.aborted || this.progress !== generation;
    void this.inTurn(partition, async () => {
      if (isOver() || !(await isNeeded()) || isOver()) return;
      const { next } = await this.take(partition, delivery);
      if (next === null || isOver()) return;
      await this.parts.consumer.commitOffsets([{ topic, partition, offset: String(next) }]);
    }).catch((error: unknown) => {
      // Only a commit by this turn can fail here; the next batch commits a higher offset.
      this.parts.log.debug({ lane: this.name, partition, error: String(error) }, 'The group offset was not committed.');
    });
  }

  /** One delivery after the other for each partition, and the three-way answer to what goes wrong in it. */
  private async inTurn(partition: number, work: () => Promise<void>): Promise<void> {
    const turn = (this.turns.get(partition) ?? Promise.resolve()).then(async () => {
      if (this.failed) return;
      try {
        await work();
      } catch (error) {
        if (error instanceof Abandoned) return;
        if (isKafkaJsError(error)) throw error;
        this.fail(error);
      }
    });
    this.turns.set(
      partition,
      turn.catch(() => {}), // the caller of this turn gets the error; the next turn must not
    );
    await turn;
  }

  /** Books the delivery, or drops it and sends the consumer to where the ledger stands. */
  private async take(partition: number, delivery: Delivery): Promise<Taken> {
    const progress = this.progressOf(partition);
    const retried = <R>(work: () => Promise<R>) => this.retried(work);
    const admission = await retried(() => progress.admit(delivery));
    if (admission.kind === 'seek') {
      this.seek(partition, admission.offset);
      // A crash between the two commits leaves the group behind the ledger, perhaps with nothing new to ever catch up on.
      return { booked: false, next: admission.settled ? admission.offset : null };
    }

    const started = performance.now();
    const { from, incarnation } = admission;
    const to = delivery.last + 1n;
    const records = delivery.records.filter(({ offset }) => offset >= from);
    const sorted = sortOut(this.lane, records);
    const { ledger, deadLetters } = this.parts;
    const settling = { lane: this.lane, ledger, deadLetters, retried, at: (gap: Gap) => this.at(gap) };
    const portion = { key: this.keyOf(partition), incarnation, from, to, records };
    const booking = await settleBatch(settling, portion, sorted);
    if (booking.kind === 'missed') {
      // Another instance owns the partition now, or our last commit took effect after all: the ledger tells which.
      progress.lost();
      this.seek(partition, from);
      return { booked: false, next: null };
    }
    progress.moved(to);
    await this.at('transactionCommitted');
    const seconds = (performance.now() - started) / 1000;
    this.tell((listener) => listener.batchSettled?.(summaryOf(this.name, portion, sorted, booking.duplicate, seconds)));
    return { booked: true, next: to };
  }

  private seek(partition: number, offset: bigint): void {
    this.parts.consumer.seek({ topic: this.lane.contract.topic.name, partition, offset: String(offset) });
  }

  private retried<R>(work: () => Promise<R>): Promise<R> {
    const onRetry = async (error: PipelineError, attempt: number, delayMs: number) => {
      this.tell((listener) => listener.retrying?.(this.name, error.code));
      const { code, dependency } = error;
      const fields = { lane: this.name, code, dependency, attempt, delayMs, error: error.message };
      // At 1, 2, 4, 8 … tries: an outage is told at once and then less and less often, in every partition.
      const level = (attempt & (attempt - 1)) === 0 ? 'warn' : 'debug';
      this.parts.log[level](fields, 'The lane waits and tries again.');
      await this.heartbeat();
    };
    return withBackoff(work, { backoff: this.settings.backoff, stopping: this.stopping.signal, onRetry });
  }

  private progressOf(partition: number): PartitionProgress {
    const known = this.progress.get(partition);
    if (known !== undefined) return known;
    const fresh = new PartitionProgress({
      key: this.keyOf(partition),
      ledger: this.parts.ledger,
      bounds: () => readLogBounds(this.parts.admin, this.lane.contract.topic.name, partition),
      onExpired: (count) => this.tell((listener) => listener.expired?.(this.name, count)),
      log: this.parts.log,
    });
    this.progress.set(partition, fresh);
    return fresh;
  }

  private fail(error: unknown): void {
    if (this.failed) return;
    this.failed = true;
    void this.parts.consumer.stop(); // not awaited: it waits for the batch that is failing right now
    this.settings.onFatal(error);
  }

  private keyOf(partition: number) {
    return { lane: this.name, topic: this.lane.contract.topic.name, partition };
  }

  private async at(gap: Gap): Promise<void> {
    for (const listener of this.settings.listeners) await listener.at?.(gap);
  }

  private tell(tell: (listener: LaneListener) => void): void {
    for (const listener of this.settings.listeners) tell(listener);
  }

  private observe(partition: number, { first, records }: Delivery, high: bigint): void {
    this.statuses.set(partition, { partition, next: first, high, oldestTimestamp: records[0]?.timestamp ?? null });
  }

  private observeSettled(partition: number, next: bigint | null, { records }: Delivery): void {
    const status = this.statuses.get(partition);
    if (status === undefined) return;
    // A delivery that was dropped says nothing of what waits: it may be the last booked record, read once more.
    if (next === null) return void this.statuses.delete(partition);
    // What is still in the log is younger than what we just settled, so its age is at most this.
    const oldestTimestamp = next < status.high ? (records.at(-1)?.timestamp ?? null) : null;
    this.statuses.set(partition, { ...status, next, oldestTimestamp });
  }
}
