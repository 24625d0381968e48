import { isContentCaused } from '../errors/pipeline-error.ts';
import { advanceOver, type Advance } from './ledger.ts';
import type { LedgerKey, LedgerStore } from './ledger-store.ts';
import type { Item, Lane } from './lane.ts';
import type { CrashPoint } from './lane-listener.ts';
import type { SourceRecord } from './record.ts';
import type { Exit } from './step.ts';
import { markOf } from './partition-progress.ts';
import type { DeadLetterWriter, Refusal } from './dead-letter-writer.ts';
import { deadLettered } from './outcome.ts';
import { exitOfPackedBatch } from './packed-batch.ts';

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
    const packed = exitOfPackedBatch(record);
    const result = packed === null ? chain.run(record) : { exit: packed };
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
  /** A batch of letters alone may take longer than the group waits for a sign of life. */
  readonly keepAlive: () => Promise<void>;
  readonly at: (point: CrashPoint) => Promise<void>;
}

/** `sorted` is what became of the messages in the end: the write may have refused some that the steps let pass. */
export type Settled<T> =
  | { readonly kind: 'booked'; readonly duplicate: number; readonly sorted: Sorted<T> }
  | { readonly kind: 'missed' };

/**
 * The risky region: dead letters → outside effects → one transaction of effects and ledger. The order is the guarantee.
 * A crash after any line leaves the ledger where it was and the batch is delivered again: dead letters repeat with the
 * same source offset, outside effects find their first try, and only the transaction counts.
 */
export async function settleBatch<T, P, Tx>(
  parts: Settling<T, P, Tx>,
  batch: Batch,
  sorted: Sorted<T>,
): Promise<Settled<T>> {
  const refusals = sorted.exits.flatMap(({ record, exit }): Refusal[] =>
    exit.outcome.kind === 'deadLettered' ? [{ record, step: exit.step, outcome: exit.outcome }] : [],
  );
  await writeLetters(parts, refusals);
  await parts.at('deadLettersWritten');
  return book(parts, batch, sorted);
}

/** As many as are written again when one of them fails. */
const LETTERS_AT_ONCE = 100;

async function writeLetters<T, P, Tx>(
  { deadLetters, retried, keepAlive }: Settling<T, P, Tx>,
  refusals: readonly Refusal[],
): Promise<void> {
  for (let at = 0; at < refusals.length; at += LETTERS_AT_ONCE) {
    if (at > 0) await keepAlive();
    const some = refusals.slice(at, at + LETTERS_AT_ONCE);
    await retried(() => deadLetters.write(some));
  }
}

async function book<T, P, Tx>(parts: Settling<T, P, Tx>, batch: Batch, sorted: Sorted<T>): Promise<Settled<T>> {
  const { lane, ledger, retried, at } = parts;
  const move = moveFor(batch, sorted);
  const booked = async (effects: Parameters<typeof ledger.book>[3]): Promise<Settled<T>> => {
    const booking = await retried(() => ledger.book(batch.key, batch.incarnation, move, effects));
    return booking.kind === 'missed' ? booking : { ...booking, sorted };
  };
  if (sorted.items.length === 0) return booked(null);
  let refusal: unknown;
  const tried = async <R>(work: Promise<R>): Promise<R> => {
    try {
      return await work;
    } catch (error) {
      refusal = error;
      throw error;
    }
  };
  try {
    const prepared = await retried(() => tried(lane.write.prepare(sorted.items, parts.keepAlive)));
    await at('effectsPrepared');
    return await booked({
      durability: lane.write.durability,
      apply: (tx) => tried(lane.write.apply(tx, prepared)),
      beforeCommit: () => at('transactionOpen'),
    });
  } catch (error) {
    // What the ledger's own statements raise is never a message's fault.
    if (error !== refusal || !isContentCaused(error)) throw error;
    const [item, next] = sorted.items;
    if (next !== undefined) return bookHalves(parts, batch, sorted);
    const outcome = deadLettered(error.code, `the write refused it: ${error.message}`);
    const exit = { record: item!.record, exit: { step: WRITE, outcome } };
    await retried(() => parts.deadLetters.write([{ record: item!.record, ...exit.exit }]));
    return book(parts, batch, { items: [], exits: [...sorted.exits, exit] });
  }
}

/** Where a message leaves that no step refused, but its write. */
const WRITE = 'write';

/**
 * The last resort, for what the steps do not foresee: one message in the batch cannot be stored, and the error does not say
 * which. Each half is a batch of its own, as if it had been fetched alone, until the one stands by itself and becomes a
 * dead letter; a crash in between leaves the ledger at the end of a half. Without it the same batch comes after every start.
 */
async function bookHalves<T, P, Tx>(parts: Settling<T, P, Tx>, batch: Batch, sorted: Sorted<T>): Promise<Settled<T>> {
  const cut = sorted.items[Math.ceil(sorted.items.length / 2)]!.record.offset;
  const first = await book(parts, ...halfOf(batch, sorted, batch.from, cut));
  if (first.kind === 'missed') return first;
  await parts.keepAlive();
  const second = await book(parts, ...halfOf(batch, sorted, cut, batch.to));
  if (second.kind === 'missed') return second;
  const items = [...first.sorted.items, ...second.sorted.items];
  const exits = [...first.sorted.exits, ...second.sorted.exits];
  return { kind: 'booked', duplicate: first.duplicate + second.duplicate, sorted: { items, exits } };
}

function halfOf<T>(batch: Batch, { items, exits }: Sorted<T>, from: bigint, to: bigint): [Batch, Sorted<T>] {
  const isIn = ({ offset }: SourceRecord) => offset >= from && offset < to;
  return [
    { ...batch, from, to, records: batch.records.filter(isIn) },
    { items: items.filter(({ record }) => isIn(record)), exits: exits.filter(({ record }) => isIn(record)) },
  ];
}
