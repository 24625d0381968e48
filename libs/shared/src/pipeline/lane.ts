import type { LaneContract } from '../contracts/lanes.ts';
import type { SourceRecord } from './record.ts';
import type { Chain } from './step.ts';

/** A value at the end of the steps, with the record it came from. */
export interface Item<T> {
  readonly record: SourceRecord;
  readonly value: T;
}

/** What a write did. Items that were there already are duplicates; the rest were accepted. */
export interface Written {
  readonly duplicate: number;
}

/**
 * `replayable` commits without waiting for the disk (in Postgres about twice the rate for small batches): allowed only when
 * every outside effect may happen again, because after a crash of the database the ledger and the effects roll back together
 * and the log delivers the batch once more.
 */
export type Durability = 'replayable' | 'synchronous';

/** `Tx` is the transaction in which the ledger moves, whoever keeps it. */
export interface Write<T, P, Tx> {
  /**
   * Outside effects that must be done before the transaction opens, such as bronze blobs. They may happen again
   * after a crash, so a repeat must be harmless. One that takes longer than seconds calls `keepAlive` on its way, or the
   * group gives the partition to another instance.
   */
  prepare(items: readonly Item<T>[], keepAlive: () => Promise<void>): Promise<P>;
  apply(tx: Tx, prepared: P): Promise<Written>;
  readonly durability: Durability;
}

export interface Lane<T, P, Tx> {
  readonly contract: LaneContract;
  readonly chain: Chain<SourceRecord, T>;
  readonly write: Write<T, P, Tx>;
}

/** What a service does with a topic, as one value: where from, which steps, what is written. */
export const lane = <T, P, Tx>(
  contract: LaneContract,
  chain: Chain<SourceRecord, T>,
  write: Write<T, P, Tx>,
): Lane<T, P, Tx> => ({ contract, chain, write });
