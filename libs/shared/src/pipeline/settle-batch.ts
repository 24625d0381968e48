import { advanceOver, type Advance } from './ledger.ts';
import type { Booking, LedgerKey, LedgerStore } from './ledger-store.ts';
import type { Item, Lane } from './lane.ts';
import type { CrashPoint } from './lane-listener.ts';
import type { SourceRecord } from './record.ts';
import type { Exit } from './step.ts';
import { markOf } from './partition-progress.ts';
import type { DeadLetterWriter, Refusal } from './dead-letter-writer.ts';

/** The messages of one partition that are settled together, and the offsets they stand for. */
export interface Batch {
  readonly key: LedgerKey;
  readonly incarnation: number;
  readonly from: bigint;
  readonly to: bigint;
  readonly records: readonly SourceRecord[];
}

export interface Sorted<T> {
  readonly items: readonly Item<T>[];
  readonly exits: readonly { readonly record: SourceRecord; readonly exit: Exit }[];
}

/** Runs every message through the steps. Pure: what it returns is all that happened. */
export function sortOut<T>(
  { chain }: Pick<Lane<T, never, never>, 'chain'>,
  records: readonly SourceRecord[],
): Sorted<T> {
  const items: Item<T>[] = [];
  const exits: { record: SourceRecord; exit: Exit }[] = [];
  for (const record of records) {
    const result = chain.run(record);
    if ('exit' in result) exits.push({ record, exit: result.exit });
    else items.push({ record, value: result.value });
  }
  return { items, exits };
}

/** The ledger's move, counting every item as accepted; the store takes the duplicates out once the insert has told. */
export function moveFor<T>({ from, to, records }: Batch, { exits }: Sorted<T>): Advance {
  const skipped = exits.filter(({ exit }) => exit.outcome.kind === 'skipped').length;
  const tally = { received: records.length, duplicate: 0, skipped, deadLettered: exits.length - skipped };
  const last = records.at(-1);
  return advanceOver(from, to, tally, last === undefined ? null : markOf(last));
}

export interface Settling<T, P, Tx> {
  readonly lane: Lane<T, P, Tx>;
  readonly ledger: LedgerStore<Tx>;
  readonly deadLetters: DeadLetterWriter;
  /** Each effect is tried again on its own, so that a dead letter is not written again because Postgres is down. */
  readonly retried: <R>(work: () => Promise<R>) => Promise<R>;
  readonly at: (point: CrashPoint) => Promise<void>;
}

/**
 * The risky region: dead letters → outside effects → one transaction of effects and ledger. The order is the guarantee.
 * A crash after any line leaves the ledger where it was and the batch is delivered again: dead letters repeat with the
 * same source offset, outside effects find their first try, and only the transaction counts.
 */
export async function settleBatch<T, P, Tx>(
  parts: Settling<T, P, Tx>,
  batch: Batch,
  sorted: Sorted<T>,
): Promise<Booking> {
  const { lane, ledger, deadLetters, retried, at } = parts;
  const refusals = sorted.exits.flatMap(({ record, exit }): Refusal[] =>
    exit.outcome.kind === 'deadLettered' ? [{ record, step: exit.step, outcome: exit.outcome }] : [],
  );
  for (const refusal of refusals) await retried(() => deadLetters.write([refusal]));
  await at('deadLettersWritten');
  const move = moveFor(batch, sorted);
  if (sorted.items.length === 0) return retried(() => ledger.book(batch.key, batch.incarnation, move, null));

  const prepared = await retried(() => lane.write.prepare(sorted.items));
  await at('effectsPrepared');
  return retried(() =>
    ledger.book(batch.key, batch.incarnation, move, {
      durability: lane.write.durability,
      apply: (tx) => lane.write.apply(tx, prepared),
      beforeCommit: () => at('transactionOpen'),
    }),
  );
}
