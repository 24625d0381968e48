import type { LogBounds } from './log-position.ts';
import type { SourceRecord } from './record.ts';

/**
 * What a lane reads from: a log in partitions, of which this instance is given some, and gives them back. Whether the source is
 * polled or calls by itself is its own affair. Its position, and what its group has committed, are hints; the ledger decides where
 * to read, and a lane that sees anything else seeks.
 */
export interface PartitionedSource {
  /** Connects, joins, and calls the reader from then on. */
  start(reader: SourceReader): Promise<void>;
  /** Lets the fetches in hand come to their end, then gives the partitions back. */
  stop(): Promise<void>;
  /** The lane failed: deliver nothing more. Waits for nothing. */
  halt(): void;
  /** The next fetch of the partition starts there, and one that waits to be taken is out of date. */
  seek(partition: number, offset: bigint): void;
  /** Tells the group how far the ledger is, outside of any fetch. */
  commit(partition: number, next: bigint): Promise<void>;
  /** Keeps our place in the group while the lane waits for something. */
  keepAlive(): Promise<void>;
  /** What the log holds now. A PipelineError when nobody can tell. */
  bounds(partition: number): Promise<LogBounds>;
}

/** What a source calls. */
export interface SourceReader {
  /** A new generation of the group, with these partitions: what was known of any partition may be another owner's by now. */
  assigned(partitions: readonly number[]): void;
  /** The next messages of a partition; it gets no others before this resolves. Rejects with `Interrupted`, and nothing else. */
  receive(handover: Handover): Promise<void>;
  /** Offsets [first, last] of a partition hold no message for us. Nobody waits for what the lane does with it. */
  pass(partition: number, first: bigint, last: bigint): void;
  /** The source gave up. */
  fail(error: unknown): void;
}

/** Offsets [first, last] of a partition, those that hold no message for us included, and the messages among them. */
export interface Fetched {
  /** Where the source asked to start; null when it does not say. */
  readonly fetchedOffset: bigint | null;
  readonly first: bigint;
  readonly last: bigint;
  readonly records: readonly SourceRecord[];
}

/** A fetch in hand, and what may be done with it. */
export interface Handover {
  readonly partition: number;
  readonly fetched: Fetched;
  /** Where the log ended when this was read. */
  readonly high: bigint;
  /** False when it is out of date: sought elsewhere meanwhile, or stopping. Keeps our place when it is not. */
  isCurrent(): Promise<boolean>;
  /** It is booked: the source goes on behind it. */
  booked(): void;
  /** Tells the group how far the ledger is. Lag tools look there; we do not. */
  commit(next: bigint): Promise<void>;
}

/**
 * The source lost the partition, or the group, in the middle of something: a rebalance, mostly. Nothing is wrong with the lane or
 * the message. What was under way is dropped and the source, which finds its own error in `cause`, knows how to go on.
 */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';

  constructor(cause: Error) {
    super(cause.message, { cause });
  }
}
