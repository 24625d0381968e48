import { groupIdOf } from '../contracts/lanes.ts';
import type { PipelineError } from '../errors/pipeline-error.ts';
import { Abandoned, type Backoff, withBackoff } from './backoff.ts';
import { summaryOf } from './batch-summary.ts';
import type { DeadLetterWriter } from './dead-letter-writer.ts';
import type { Lane } from './lane.ts';
import type { CrashPoint, LaneListener, PartitionStatus } from './lane-listener.ts';
import type { LedgerStore } from './ledger-store.ts';
import type { Log } from './log.ts';
import { PartitionProgress } from './partition-progress.ts';
import { type Fetched, type Handover, Interrupted, type PartitionedSource } from './partitioned-source.ts';
import { settleBatch, sortOut } from './settle-batch.ts';

export interface LaneParts<Tx> {
  readonly source: PartitionedSource;
  readonly ledger: LedgerStore<Tx>;
  readonly deadLetters: DeadLetterWriter;
  readonly log: Log;
}

export interface LaneSettings {
  readonly backoff: Backoff;
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

/** A fetch that holds no offset at all: admitting it only finds out where to read. */
const NOTHING: Fetched = { fetchedOffset: null, first: 1n, last: 0n, records: [] };

/**
 * Runs one lane over a source: the only place that reads, commits, writes or logs for it.
 *
 * Per fetch: admit (does it continue the ledger?) → steps → dead letters → effects and ledger in one transaction → the
 * group's commit, which is only there so that lag tools see us. Fetches of one partition follow one another, also
 * those without messages, which nobody waits for.
 *
 * Failures are three-way. Retriable: wait and try again, then give up loudly. The content's fault: a step has made it a dead
 * letter already. Anything else: `onFatal`, because guessing loses data. `Interrupted` (a rebalance seen by a heartbeat or a
 * commit) goes back to the source, which joins the group again; our errors never do, because a driver would retry a poison
 * message for ever.
 */
export class LaneRuntime<T, P, Tx> {
  readonly #lane: Lane<T, P, Tx>;
  readonly #parts: LaneParts<Tx>;
  readonly #settings: LaneSettings;
  readonly #stopping = new AbortController();
  readonly #turns = new Map<number, Promise<void>>();
  #progress = new Map<number, PartitionProgress>();
  readonly #statuses = new Map<number, PartitionStatus>();
  #failed = false;
  #lookingAgain: NodeJS.Timeout | undefined;

  constructor(lane: Lane<T, P, Tx>, parts: LaneParts<Tx>, settings: LaneSettings) {
    this.#lane = lane;
    this.#parts = parts;
    this.#settings = settings;
  }

  get name(): string {
    return groupIdOf(this.#lane.contract);
  }

  status(): readonly PartitionStatus[] {
    return [...this.#statuses.values()];
  }

  async start(): Promise<void> {
    await this.#parts.source.start({
      assigned: (partitions) => this.#onAssigned(partitions),
      receive: (handover) => this.#onHandover(handover),
      pass: (partition, first, last) => this.#takeUnasked(partition, { ...NOTHING, first, last }),
      fail: (error) => this.#fail(error),
    });
    this.#lookingAgain = setInterval(() => this.lookAgain(), this.#settings.lookAgainMs).unref();
  }

  /** Lets the batch in hand finish, or drops it when it is only waiting to be tried again; then leaves the group. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    clearInterval(this.#lookingAgain);
    await this.#parts.source.stop();
    await Promise.allSettled(this.#turns.values());
  }

  #onAssigned(partitions: readonly number[]): void {
    // A new generation: what we knew of any partition may be another owner's by now.
    this.#progress = new Map();
    this.#statuses.clear();
    this.#parts.log.info({ lane: this.name, assignment: partitions }, 'Partitions assigned.');
    // Not left to the first fetch: where the group is ahead of the ledger there may be none (Postgres lost its last
    // commits in a crash, or was restored), and what lies between would wait for the next message.
    for (const partition of partitions) this.#takeUnasked(partition, NOTHING);
  }

  async #onHandover(handover: Handover): Promise<void> {
    const { partition, fetched, high } = handover;
    await this.#inTurn(partition, async () => {
      if (!(await handover.isCurrent())) return;
      this.#observe(partition, fetched, high);
      const { next, booked } = await this.#take(partition, fetched);
      if (booked) handover.booked();
      this.#observeBooked(partition, next, fetched);
      if (next === null) return;
      await handover.commit(next);
      await this.#at('groupCommitted');
    });
  }

  /**
   * Some things happen without a fetch: Postgres loses its last commits in a crash though the group was told of them, or
   * retention takes all there was. Who waits for the next message to notice may wait for ever.
   */
  lookAgain(): void {
    for (const [partition, progress] of this.#progress)
      this.#takeUnasked(partition, NOTHING, async () => !(await progress.stillStands()));
  }

  /** Takes what nobody handed over. The source does not wait for it; the next fetch of the partition does. */
  #takeUnasked(partition: number, fetched: Fetched, isNeeded = async () => true): void {
    const generation = this.#progress;
    // The source would commit under the generation of that moment, in which the partition may be another's: a step back.
    const isOver = () => this.#stopping.signal.aborted || this.#progress !== generation;
    void this.#inTurn(partition, async () => {
      if (isOver() || !(await isNeeded()) || isOver()) return;
      const { next } = await this.#take(partition, fetched);
      if (next === null || isOver()) return;
      await this.#parts.source.commit(partition, next);
    }).catch((error: unknown) => {
      // Only a commit by this turn can fail here; the next batch commits a higher offset.
      this.#parts.log.debug(
        { lane: this.name, partition, error: String(error) },
        'The group offset was not committed.',
      );
    });
  }

  /** One fetch after the other for each partition, and the three-way answer to what goes wrong in it. */
  async #inTurn(partition: number, work: () => Promise<void>): Promise<void> {
    const turn = (this.#turns.get(partition) ?? Promise.resolve()).then(async () => {
      if (this.#failed) return;
      try {
        await work();
      } catch (error) {
        if (error instanceof Abandoned) return;
        if (error instanceof Interrupted) throw error;
        this.#fail(error);
      }
    });
    this.#turns.set(
      partition,
      turn.catch(() => {}), // the caller of this turn gets the error; the next turn must not
    );
    await turn;
  }

  /** Books the fetch, or drops it and sends the source to where the ledger stands. */
  async #take(partition: number, fetched: Fetched): Promise<Taken> {
    const progress = this.#progressOf(partition);
    const retried = <R>(work: () => Promise<R>) => this.#retried(work);
    const admission = await retried(() => progress.admit(fetched));
    if (admission.kind === 'seek') {
      this.#parts.source.seek(partition, admission.offset);
      // A crash between the two commits leaves the group behind the ledger, perhaps with nothing new to ever catch up on.
      return { booked: false, next: admission.booked ? admission.offset : null };
    }

    const started = performance.now();
    const { from, incarnation } = admission;
    const to = fetched.last + 1n;
    const records = fetched.records.filter(({ offset }) => offset >= from);
    const sorted = sortOut(this.#lane, records);
    const { source, ledger, deadLetters } = this.#parts;
    const keepAlive = () => source.keepAlive();
    const at = (point: CrashPoint) => this.#at(point);
    const settling = { lane: this.#lane, ledger, deadLetters, retried, keepAlive, at };
    const batch = { key: this.#keyOf(partition), incarnation, from, to, records };
    const settled = await settleBatch(settling, batch, sorted);
    if (settled.kind === 'missed') {
      // Another instance owns the partition now, or our last commit took effect after all: the ledger tells which.
      progress.lost();
      this.#parts.source.seek(partition, from);
      return { booked: false, next: null };
    }
    progress.moved(to);
    await this.#at('transactionCommitted');
    const seconds = (performance.now() - started) / 1000;
    this.#tell((listener) =>
      listener.batchSettled?.(summaryOf(this.name, batch, settled.sorted, settled.duplicate, seconds)),
    );
    return { booked: true, next: to };
  }

  #retried<R>(work: () => Promise<R>): Promise<R> {
    const onRetry = async (error: PipelineError, attempt: number, delayMs: number) => {
      this.#tell((listener) => listener.retrying?.(this.name, error.code));
      const { code, dependency } = error;
      const fields = { lane: this.name, code, dependency, attempt, delayMs, error: error.message };
      // At 1, 2, 4, 8 … tries: an outage is told at once and then less and less often, in every partition.
      const level = (attempt & (attempt - 1)) === 0 ? 'warn' : 'debug';
      this.#parts.log[level](fields, 'The lane waits and tries again.');
      await this.#parts.source.keepAlive();
    };
    return withBackoff(work, { backoff: this.#settings.backoff, stopping: this.#stopping.signal, onRetry });
  }

  #progressOf(partition: number): PartitionProgress {
    const known = this.#progress.get(partition);
    if (known !== undefined) return known;
    const fresh = new PartitionProgress({
      key: this.#keyOf(partition),
      ledger: this.#parts.ledger,
      bounds: () => this.#parts.source.bounds(partition),
      onExpired: (count) => this.#tell((listener) => listener.expired?.(this.name, count)),
      log: this.#parts.log,
    });
    this.#progress.set(partition, fresh);
    return fresh;
  }

  #fail(error: unknown): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#parts.source.halt();
    this.#settings.onFatal(error);
  }

  #keyOf(partition: number) {
    return { lane: this.name, topic: this.#lane.contract.topic.name, partition };
  }

  async #at(point: CrashPoint): Promise<void> {
    for (const listener of this.#settings.listeners) await listener.at?.(point);
  }

  #tell(tell: (listener: LaneListener) => void): void {
    for (const listener of this.#settings.listeners) tell(listener);
  }

  #observe(partition: number, { first, records }: Fetched, high: bigint): void {
    this.#statuses.set(partition, { partition, next: first, high, oldestTimestamp: records[0]?.timestamp ?? null });
  }

  #observeBooked(partition: number, next: bigint | null, { records }: Fetched): void {
    const status = this.#statuses.get(partition);
    if (status === undefined) return;
    // A fetch that was dropped says nothing of what waits: it may be the last booked record, read once more.
    if (next === null) return void this.#statuses.delete(partition);
    // What is still in the log is younger than what we just booked, so its age is at most this.
    const oldestTimestamp = next < status.high ? (records.at(-1)?.timestamp ?? null) : null;
    this.#statuses.set(partition, { ...status, next, oldestTimestamp });
  }
}
