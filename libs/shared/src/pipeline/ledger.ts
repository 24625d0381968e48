/**
 * The offset ledger: for each lane and partition, how far it got and what became of every offset on the way.
 * It lives in Postgres beside the effects and moves in their transaction, so the two can never disagree. Two equations
 * hold after every move:
 *
 *   next − first = received + gaps + expired
 *   received     = accepted + duplicate + skipped + deadLettered
 *
 * A `gap` is an offset that holds no message for us (transaction markers, aborted records). `expired` is one that
 * retention deleted before we read it: a loss, booked and raised.
 */
export interface LedgerRow {
  /** Counts up when the topic was replaced by another one of the same name. */
  readonly incarnation: number;
  readonly clusterId: string;
  readonly firstOffset: bigint;
  readonly nextOffset: bigint;
  readonly lastRecord: RecordMark | null;
  readonly counts: Counts;
}

/** The last message booked. If the log holds another one at that offset, it is not the log we read before. */
export interface RecordMark {
  readonly offset: bigint;
  readonly keyHash: string;
  readonly timestamp: number;
}

export interface Counts {
  readonly received: number;
  readonly accepted: number;
  readonly duplicate: number;
  readonly skipped: number;
  readonly deadLettered: number;
  readonly gaps: number;
  readonly expired: number;
}

export const NO_COUNTS: Counts = {
  received: 0,
  accepted: 0,
  duplicate: 0,
  skipped: 0,
  deadLettered: 0,
  gaps: 0,
  expired: 0,
};

/** One move of the ledger: a compare-and-set from `from` to `to`. */
export interface Advance {
  readonly from: bigint;
  readonly to: bigint;
  readonly lastRecord: RecordMark | null;
  readonly counts: Counts;
}

/** What became of the messages of a batch; those that are nowhere else were accepted. */
export interface Tally {
  readonly received: number;
  readonly duplicate: number;
  readonly skipped: number;
  readonly deadLettered: number;
}

/** What of a batch belongs on the ledger: everything in [from, to) that was not received is a gap. */
export function advanceOver(from: bigint, to: bigint, tally: Tally, lastRecord: RecordMark | null): Advance {
  const { received, duplicate, skipped, deadLettered } = tally;
  const gaps = Number(to - from) - received;
  const accepted = received - duplicate - skipped - deadLettered;
  if (gaps < 0 || accepted < 0) throw new RangeError(`ledger: ${received} received in [${from}, ${to}) cannot add up`);
  return { from, to, lastRecord, counts: { received, accepted, duplicate, skipped, deadLettered, gaps, expired: 0 } };
}

/** Retention took [from, to) before we read it. */
export const advanceOverExpired = (from: bigint, to: bigint): Advance => ({
  from,
  to,
  lastRecord: null,
  counts: { ...NO_COUNTS, expired: Number(to - from) },
});

/** The row after the move, or null when the row is not where the mover thought: another owner was there. */
export function applyAdvance(row: LedgerRow, move: Advance): LedgerRow | null {
  if (row.nextOffset !== move.from) return null;
  return {
    ...row,
    nextOffset: move.to,
    lastRecord: move.lastRecord ?? row.lastRecord,
    counts: addCounts(row.counts, move.counts),
  };
}

export const addCounts = (a: Counts, b: Counts): Counts => ({
  received: a.received + b.received,
  accepted: a.accepted + b.accepted,
  duplicate: a.duplicate + b.duplicate,
  skipped: a.skipped + b.skipped,
  deadLettered: a.deadLettered + b.deadLettered,
  gaps: a.gaps + b.gaps,
  expired: a.expired + b.expired,
});

/** Sentences for every equation the row breaks; none when the account adds up. */
export function faultsOf({ firstOffset, nextOffset, counts: c }: LedgerRow): readonly string[] {
  const faults: string[] = [];
  const span = Number(nextOffset - firstOffset);
  if (span !== c.received + c.gaps + c.expired)
    faults.push(`next − first is ${span}, but received + gaps + expired is ${c.received + c.gaps + c.expired}`);
  const told = c.accepted + c.duplicate + c.skipped + c.deadLettered;
  if (c.received !== told)
    faults.push(`received is ${c.received}, but accepted + duplicate + skipped + dead-lettered is ${told}`);
  return faults;
}
