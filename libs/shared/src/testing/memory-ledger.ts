import { addCounts, applyAdvance, type LedgerRow, NO_COUNTS } from '../pipeline/ledger.ts';
import type { Booking, LedgerKey, LedgerStore } from '../pipeline/ledger-store.ts';

/** A transaction in memory: it inserts keys, which is all a write needs to show its duplicates. */
export interface MemoryTransaction {
  /** Answers whether the key was new. */
  insert(key: string): Promise<boolean>;
}

/** A ledger in memory that passes the same contract suite as the one in Postgres. */
export class MemoryLedger implements LedgerStore<MemoryTransaction> {
  /** Keys in the order in which their transactions committed. */
  readonly effects: string[] = [];
  readonly #rows = new Map<string, LedgerRow[]>();
  readonly #locks = new Map<string, Promise<unknown>>();
  readonly #failures: { readonly error: Error; readonly afterCommit: boolean }[] = [];

  /** The next bookings fail: before they do anything, or after they took effect, as when the answer gets lost. */
  failNext(error: Error, { times = 1, afterCommit = false } = {}): void {
    for (let i = 0; i < times; i++) this.#failures.push({ error, afterCommit });
  }

  /** All incarnations, oldest first. */
  history(key: LedgerKey): readonly LedgerRow[] {
    return this.#rows.get(nameOf(key)) ?? [];
  }

  /** Answers how to bring back the rows and effects of this moment: what a crash of Postgres does to its last commits. */
  remember(): () => void {
    const [rows, effects] = [new Map(this.#rows), [...this.effects]];
    return () => {
      this.#rows.clear();
      for (const [name, row] of rows) this.#rows.set(name, row);
      this.effects.splice(0, Infinity, ...effects);
    };
  }

  async read(key: LedgerKey): Promise<LedgerRow | null> {
    return this.history(key).at(-1) ?? null;
  }

  async open(key: LedgerKey, incarnation: number, clusterId: string, firstOffset: bigint): Promise<LedgerRow> {
    const rows = this.history(key);
    if (!rows.some((row) => row.incarnation === incarnation)) {
      const row = { incarnation, clusterId, firstOffset, nextOffset: firstOffset, lastRecord: null, counts: NO_COUNTS };
      this.#rows.set(
        nameOf(key),
        [...rows, row].toSorted((a, b) => a.incarnation - b.incarnation),
      );
    }
    return (await this.read(key))!;
  }

  /** One booking of a row at a time, as the row lock of Postgres has it. */
  book(...[key, ...rest]: Parameters<LedgerStore<MemoryTransaction>['book']>): Promise<Booking> {
    const turn = (this.#locks.get(nameOf(key)) ?? Promise.resolve()).then(() => this.#bookAlone(key, ...rest));
    this.#locks.set(
      nameOf(key),
      turn.catch(() => {}), // its caller gets the error; the next booking must not
    );
    return turn;
  }

  async #bookAlone(
    ...[key, incarnation, move, effects]: Parameters<LedgerStore<MemoryTransaction>['book']>
  ): Promise<Booking> {
    const failure = this.#failures.shift();
    if (failure !== undefined && !failure.afterCommit) throw failure.error;
    const row = this.history(key).find((one) => one.incarnation === incarnation);
    const moved = row === undefined ? null : applyAdvance(row, move);
    if (moved === null) return { kind: 'missed' };

    const { tx, staged } = this.#transaction();
    const duplicate = effects === null ? 0 : (await effects.apply(tx)).duplicate;
    await effects?.beforeCommit();
    const corrected = addCounts(moved.counts, { ...NO_COUNTS, accepted: -duplicate, duplicate });
    this.#rows.set(
      nameOf(key),
      this.history(key).map((one) => (one.incarnation === incarnation ? { ...moved, counts: corrected } : one)),
    );
    this.effects.push(...staged);
    if (failure !== undefined) throw failure.error;
    return { kind: 'booked', duplicate };
  }

  #transaction(): { tx: MemoryTransaction; staged: string[] } {
    const staged: string[] = [];
    const insert = async (key: string) => {
      if (this.effects.includes(key) || staged.includes(key)) return false;
      staged.push(key);
      return true;
    };
    return { tx: { insert }, staged };
  }
}

const nameOf = ({ lane, topic, partition }: LedgerKey): string => `${lane}/${topic}/${partition}`;
