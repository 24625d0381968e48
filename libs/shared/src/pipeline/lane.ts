import type { LaneContract } from '../contracts/lanes.ts';
import type { SourceRecord } from './record.ts';
import type { Chain } from './step.ts';

/** A value at the end of the steps, with the record it came from. */
export interface Item<T> {
  readonly record: SourceRecord;
  readonly value: T;
}

/** The part of a Postgres client a write may use. It runs inside the transaction that moves the offset. */
export interface Transaction {
  query<Row = unknown>(statement: Statement, values: readonly unknown[]): Promise<readonly Row[]>;
}

/** SQL with a name, so that Postgres parses and plans it once per connection. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** What a write did. Items that were there already are duplicates; the rest were accepted. */
export interface Written {
  readonly duplicate: number;
}

export interface Write<T, P> {
  /**
   * Outside effects that must be settled before the transaction opens, such as bronze blobs. They may happen again
   * after a crash, so a repeat must be harmless.
   */
  prepare(items: readonly Item<T>[]): Promise<P>;
  apply(tx: Transaction, prepared: P): Promise<Written>;
  /**
   * `replayable` commits without waiting for the disk (about twice the rate for small batches): allowed only when every
   * outside effect may happen again, because after a crash of Postgres the ledger and the effects roll back together
   * and Kafka delivers the batch once more.
   */
  readonly durability: 'replayable' | 'synchronous';
}

export interface Lane<T, P> {
  readonly contract: LaneContract;
  readonly chain: Chain<SourceRecord, T>;
  readonly write: Write<T, P>;
}

/** What a service does with a topic, as one value: where from, which steps, what is written. */
export const lane = <T, P>(contract: LaneContract, chain: Chain<SourceRecord, T>, write: Write<T, P>): Lane<T, P> => ({
  contract,
  chain,
  write,
});
