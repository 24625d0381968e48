import { groupIdOf, type LaneContract } from '@assay/shared/contracts/lanes';
import type { LaneStatus } from '../status.ts';

/** What Kafka says of one partition of a lane's topic. */
export interface PartitionOffsets {
  readonly partition: number;
  readonly low: number;
  readonly end: number;
  /** Null where the group has not committed yet. */
  readonly committed: number | null;
}

/** A row of lineage.lanes, numbers as numbers. */
export interface LedgerCounts {
  readonly lane: string;
  readonly partition: number;
  readonly incarnation: number;
  readonly next_offset: number;
  /** Of the last message booked. */
  readonly last_timestamp: number | null;
  readonly received: number;
  readonly accepted: number;
  readonly duplicate: number;
  readonly skipped: number;
  readonly dead_lettered: number;
  readonly gaps: number;
  readonly expired: number;
}

/** Partition → when it was last seen without lag. */
export type CaughtUp = ReadonlyMap<string, number>;

export interface LaneView {
  readonly contract: LaneContract;
  readonly offsets: readonly PartitionOffsets[];
  readonly ledger: readonly LedgerCounts[];
  readonly deadLetters: number;
}

const lagOf = ({ low, end, committed }: PartitionOffsets): number => Math.max(0, end - (committed ?? low));

export function laneStatus(
  { contract, offsets, ledger, deadLetters }: LaneView,
  seen: CaughtUp,
  now: number,
): LaneStatus {
  const lane = groupIdOf(contract);
  const rows = ledger.filter((row) => row.lane === lane);
  const newest = newestByPartition(rows);
  const partitions = offsets.map((one) => ({
    partition: one.partition,
    group_offset: one.committed,
    ledger_offset: newest.get(one.partition)?.next_offset ?? null,
    end: one.end,
    lag: lagOf(one),
  }));
  return {
    lane,
    service: contract.service,
    topic: contract.topic.name,
    lag: partitions.reduce((sum, { lag }) => sum + lag, 0),
    oldest_seconds: oldestSeconds(lane, offsets, newest, seen, now),
    partitions,
    ledger: sumOf(rows),
    dead_letters: { topic: contract.deadLetters.name, held: deadLetters },
  };
}

/** What is to be remembered for the next look: the partitions that have no lag now, and the older sightings of the rest. */
export function caughtUp(views: readonly LaneView[], seen: CaughtUp, now: number): CaughtUp {
  const next = new Map(seen);
  for (const { contract, offsets } of views)
    for (const one of offsets) if (lagOf(one) === 0) next.set(keyOf(groupIdOf(contract), one.partition), now);
  return next;
}

/**
 * An upper bound. An unread message is younger than the last one booked before it, and, when we have seen the partition
 * without lag, younger than that sighting: after a quiet night the first of these alone would call every message old.
 */
function oldestSeconds(
  lane: string,
  offsets: readonly PartitionOffsets[],
  newest: ReadonlyMap<number, LedgerCounts>,
  seen: CaughtUp,
  now: number,
): number | null {
  const ages = offsets.flatMap((one) => {
    if (lagOf(one) === 0) return [];
    const since = [newest.get(one.partition)?.last_timestamp, seen.get(keyOf(lane, one.partition))];
    const known = since.filter((time) => time !== undefined && time !== null);
    return known.length === 0 ? [] : [Math.max(0, now - Math.max(...known)) / 1000];
  });
  return ages.length === 0 ? null : Math.max(...ages);
}

const keyOf = (lane: string, partition: number): string => `${lane} ${partition}`;

function newestByPartition(rows: readonly LedgerCounts[]): ReadonlyMap<number, LedgerCounts> {
  const newest = new Map<number, LedgerCounts>();
  for (const row of rows)
    if (row.incarnation >= (newest.get(row.partition)?.incarnation ?? 0)) newest.set(row.partition, row);
  return newest;
}

function sumOf(rows: readonly LedgerCounts[]): LaneStatus['ledger'] {
  const sum = (name: keyof LaneStatus['ledger']) => rows.reduce((total, row) => total + row[name], 0);
  return {
    received: sum('received'),
    accepted: sum('accepted'),
    duplicate: sum('duplicate'),
    skipped: sum('skipped'),
    dead_lettered: sum('dead_lettered'),
    gaps: sum('gaps'),
    expired: sum('expired'),
  };
}
