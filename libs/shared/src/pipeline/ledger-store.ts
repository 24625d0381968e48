import type { Advance, LedgerRow } from './ledger.ts';
import type { Durability, Written } from './lane.ts';

export interface LedgerKey {
  readonly lane: string;
  readonly topic: string;
  readonly partition: number;
}

export interface Effects<Tx> {
  readonly durability: Durability;
  apply(tx: Tx): Promise<Written>;
  /** Awaited inside the transaction, last thing before its commit. Tests end the process here. */
  beforeCommit(): Promise<void>;
}

export type Booking = { readonly kind: 'booked'; readonly duplicate: number } | { readonly kind: 'missed' };

/**
 * Where the ledger is kept. Postgres is the one implementation (postgres/offset-ledger.ts); the specs have one in memory. Both
 * pass ledger-store.contract.ts.
 */
export interface LedgerStore<Tx> {
  /** The row of the newest incarnation. */
  read(key: LedgerKey): Promise<LedgerRow | null>;
  /** Starts an incarnation, or finds that somebody did; answers the row that stands then. */
  open(key: LedgerKey, incarnation: number, clusterId: string, firstOffset: bigint): Promise<LedgerRow>;
  /** The move and the effects in one transaction. `missed`: the row was not at `move.from`, and nothing was done. */
  book(key: LedgerKey, incarnation: number, move: Advance, effects: Effects<Tx> | null): Promise<Booking>;
}
