import type { ErrorCode } from '../../errors/codes.ts';
import { PipelineError } from '../../errors/pipeline-error.ts';
import { groupIdOf, lanes } from '../../contracts/lanes.ts';
import type { Backoff } from '../../pipeline/backoff.ts';
import { LaneRuntime } from '../../pipeline/lane-runtime.ts';
import { KafkaSource } from '../kafka-source.ts';
import type { DeadLetterWriter, Refusal } from '../../pipeline/dead-letter-writer.ts';
import { faultsOf, type LedgerRow } from '../../pipeline/ledger.ts';
import { type Item, lane } from '../../pipeline/lane.ts';
import type { BatchSummary, CrashPoint } from '../../pipeline/lane-listener.ts';
import { accepted, deadLettered, type Outcome, skipped } from '../../pipeline/outcome.ts';
import type { SourceRecord } from '../../pipeline/record.ts';
import { steps } from '../../pipeline/step.ts';
import { FakeBroker } from './fake-broker.ts';
import type { FakeConsumer } from './fake-consumer.ts';
import { MemoryLedger, type MemoryTransaction } from '../../testing/memory-ledger.ts';

export const contract = lanes.tickets;

/** The lane of the guide: a word is a message, and the word says what happens to it. */
function readWord({ value }: SourceRecord): Outcome<string> {
  const word = value?.toString() ?? null;
  if (word === null) return deadLettered('DECODE_FAILED', 'the message has no value');
  if (word.startsWith('heartbeat')) return skipped('heartbeat');
  if (word.startsWith('poison')) return deadLettered('CONTRACT_VIOLATED', 'word: is poison');
  if (word.startsWith('bug')) throw new TypeError('a bug in a step');
  return accepted(word);
}

interface Line {
  readonly level: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Dead letters as they were written; `failNext` makes the topic unwritable for as many writes. */
class LetterBox implements DeadLetterWriter {
  readonly letters: Refusal[] = [];
  readonly #failures: Error[] = [];

  failNext(error: Error, times = 1): void {
    for (let i = 0; i < times; i++) this.#failures.push(error);
  }

  async write(refusals: readonly Refusal[]): Promise<void> {
    const failure = this.#failures.shift();
    if (failure !== undefined) throw failure;
    this.letters.push(...refusals);
  }
}

/** Everything around a lane, in memory. One bed may run several instances of the lane against the same broker and ledger. */
export class LaneBed {
  readonly broker: FakeBroker;
  readonly ledger = new MemoryLedger();
  readonly letterBox = new LetterBox();
  readonly fatal: unknown[] = [];
  readonly retries: ErrorCode[] = [];
  readonly expired: number[] = [];
  /** Crash points, in the order in which they were passed. */
  readonly passed: CrashPoint[] = [];
  readonly summaries: BatchSummary[] = [];
  readonly lines: Line[] = [];
  /** Called between the steps and the transaction; a chapter may hold a batch here, or fail it. */
  beforeEffects: (words: readonly string[]) => Promise<void> = async () => {};
  /** Called inside the transaction. */
  insideTransaction: (words: readonly string[]) => Promise<void> = async () => {};
  /** The lane ends the first time it passes this crash point. */
  endAt: CrashPoint | null = null;
  readonly #whenRetried: (() => void)[] = [];

  constructor({ partitions = 1 } = {}) {
    this.broker = new FakeBroker(contract.topic.name, partitions);
  }

  /** Starts one instance of the lane. */
  async start({ batchSize = 100, backoff = {} as Partial<Backoff>, concurrency = 1 } = {}): Promise<Instance> {
    const consumer = this.broker.consumer({ batchSize });
    const log = this.#log();
    const waits = { firstDelayMs: 1, maxDelayMs: 2, giveUpAfterMs: 60_000, ...backoff };
    const source = new KafkaSource(
      { contract, consumer, admin: this.broker.admin, log },
      { backoff: waits, concurrency },
    );
    const parts = { source, ledger: this.ledger, deadLetters: this.letterBox, log };
    const runtime = new LaneRuntime(this.#lane(), parts, {
      backoff: waits,
      lookAgainMs: 600_000, // a chapter looks again when it wants to
      listeners: [this.#listener()],
      onFatal: (error) => this.fatal.push(error),
    });
    await runtime.start();
    return { runtime, consumer, stop: () => runtime.stop() };
  }

  /** Runs one instance until it has nothing left to do, then stops it. */
  async drain(options?: Parameters<LaneBed['start']>[0]): Promise<void> {
    const instance = await this.start(options);
    await this.broker.quiet();
    await instance.stop();
  }

  /** What the ledger holds for a partition, with plain numbers: offsets of a spec are small. */
  async account(partition = 0): Promise<Account | null> {
    const row = await this.ledger.read(keyOf(partition));
    if (row === null) return null;
    const faults = this.history(partition).flatMap(faultsOf);
    if (faults.length > 0)
      throw new Error(`the account of partition ${partition} does not add up: ${faults.join('; ')}`);
    const { incarnation, firstOffset, nextOffset, counts } = row;
    return { incarnation, first: Number(firstOffset), next: Number(nextOffset), ...counts };
  }

  /** The rows of a partition, one for each log that bore the topic's name. */
  history(partition = 0): readonly LedgerRow[] {
    return this.ledger.history(keyOf(partition));
  }

  /** The group's committed offset of a partition: what lag tools see. */
  committed(partition = 0): number | null {
    const offset = this.broker.committed.get(partition);
    return offset === undefined ? null : Number(offset);
  }

  /** Resolves at the next wait of a lane. */
  nextRetry(): Promise<void> {
    return new Promise((resolve) => this.#whenRetried.push(resolve));
  }

  /** Stops the next batch between its steps and its transaction. */
  holdNextBatch(): Held {
    const entered = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    this.beforeEffects = async () => {
      this.beforeEffects = async () => {};
      entered.resolve();
      await released.promise;
    };
    return { entered: entered.promise, release: () => released.resolve() };
  }

  logged(level: string): readonly string[] {
    return this.lines.filter((line) => line.level === level).map(({ message }) => message);
  }

  #lane() {
    return lane(contract, steps(readWord), {
      durability: 'synchronous',
      prepare: async (items: readonly Item<string>[]) => {
        const words = items.map(({ value }) => value);
        await this.beforeEffects(words);
        return words;
      },
      apply: async (tx: MemoryTransaction, words: readonly string[]) => {
        await this.insideTransaction(words);
        let duplicate = 0;
        for (const word of words) if (!(await tx.insert(word))) duplicate++;
        return { duplicate };
      },
    });
  }

  #listener() {
    return {
      batchSettled: (summary: BatchSummary) => void this.summaries.push(summary),
      retrying: (_lane: string, code: ErrorCode) => {
        this.retries.push(code);
        for (const resolve of this.#whenRetried.splice(0)) resolve();
      },
      expired: (_lane: string, count: number) => void this.expired.push(count),
      at: (point: CrashPoint) => {
        this.passed.push(point);
        if (point !== this.endAt) return;
        this.endAt = null;
        throw new Error(`ended at ${point}`);
      },
    };
  }

  #log() {
    const at = (level: string) => (fields: object, message: string) =>
      void this.lines.push({ level, message, fields: fields as Line['fields'] });
    return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  }
}

const keyOf = (partition: number) => ({ lane: groupIdOf(contract), topic: contract.topic.name, partition });

export interface Instance {
  readonly runtime: LaneRuntime<string, readonly string[], MemoryTransaction>;
  readonly consumer: FakeConsumer;
  readonly stop: () => Promise<void>;
}

export interface Held {
  /** Resolves when the batch stands still. */
  readonly entered: Promise<void>;
  readonly release: () => void;
}

export interface Account {
  readonly incarnation: number;
  readonly first: number;
  readonly next: number;
  readonly received: number;
  readonly accepted: number;
  readonly duplicate: number;
  readonly skipped: number;
  readonly deadLettered: number;
  readonly gaps: number;
  readonly expired: number;
}

/** An outage as an adapter reports it. */
export const outage = (dependency: 'postgres' | 'kafka' | 'blob' = 'postgres'): PipelineError =>
  new PipelineError('DEPENDENCY_UNAVAILABLE', `reaching ${dependency}: connection refused`, { dependency });
