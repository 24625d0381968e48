import { groupIdOf, lanes } from '@assay/shared/contracts/lanes';
import { describe, expect, it } from 'vitest';
import { caughtUp, laneStatus, type LaneView, type LedgerCounts, type PartitionOffsets } from './lane-lag.ts';

const contract = lanes.tickets;
const lane = groupIdOf(contract);
const NOW = 1_000_000;

const offsets = (partition: number, given: Partial<PartitionOffsets> = {}): PartitionOffsets => ({
  partition,
  low: 0,
  end: 100,
  committed: 100,
  ...given,
});

const ledger = (partition: number, given: Partial<LedgerCounts> = {}): LedgerCounts => ({
  lane,
  partition,
  incarnation: 1,
  next_offset: 100,
  last_timestamp: NOW - 60_000,
  received: 100,
  accepted: 90,
  duplicate: 4,
  skipped: 3,
  dead_lettered: 3,
  gaps: 0,
  expired: 0,
  ...given,
});

const view = (parts: Partial<LaneView>): LaneView => ({ contract, offsets: [], ledger: [], deadLetters: 0, ...parts });
const statusOf = (parts: Partial<LaneView>, seen = new Map<string, number>()) => laneStatus(view(parts), seen, NOW);

describe('lag', () => {
  it.each([
    ['nothing left', { committed: 100 }, 0],
    ['some left', { committed: 70 }, 30],
    ['never committed: all that is in the log', { committed: null, low: 40 }, 60],
    ['a group ahead of a replaced topic', { committed: 500 }, 0],
  ])('%s', (_name, given, lag) => {
    expect(statusOf({ offsets: [offsets(0, given)] }).lag).toBe(lag);
  });

  it('is summed over the partitions and told for each, beside where the ledger stands', () => {
    const status = statusOf({
      offsets: [offsets(0, { committed: 90 }), offsets(1, { committed: null })],
      ledger: [ledger(0, { next_offset: 95 })],
    });

    expect(status.lag).toBe(110);
    expect(status.partitions).toEqual([
      { partition: 0, group_offset: 90, ledger_offset: 95, end: 100, lag: 10 },
      { partition: 1, group_offset: null, ledger_offset: null, end: 100, lag: 100 },
    ]);
  });
});

describe('the sums of the ledger', () => {
  it('take in every partition and every incarnation of this lane, and no other lane', () => {
    const rows = [ledger(0), ledger(0, { incarnation: 2, next_offset: 7 }), ledger(1), ledger(0, { lane: 'other' })];

    const status = statusOf({ ledger: rows, offsets: [offsets(0)], deadLetters: 9 });

    expect(status.ledger).toMatchObject({ received: 300, accepted: 270, dead_lettered: 9 });
    expect(status.dead_letters).toEqual({ topic: 'ingest.dlq', held: 9 });
    expect(status.partitions[0]!.ledger_offset).toBe(7);
  });
});

describe('the age of the oldest message', () => {
  const behind = [offsets(0, { committed: 50 }), offsets(1)];

  it('is nothing without lag', () => {
    expect(statusOf({ offsets: [offsets(0)], ledger: [ledger(0)] }).oldest_seconds).toBeNull();
  });

  it('is at most that of the last message booked', () => {
    expect(statusOf({ offsets: behind, ledger: [ledger(0), ledger(1)] }).oldest_seconds).toBe(60);
  });

  it('is at most the time since the partition was seen without lag', () => {
    const seen = caughtUp([view({ offsets: [offsets(0), offsets(1)] })], new Map(), NOW - 5_000);

    expect(statusOf({ offsets: behind, ledger: [ledger(0)] }, new Map(seen)).oldest_seconds).toBe(5);
  });

  it('is not known of a partition nobody ever read', () => {
    expect(statusOf({ offsets: behind }).oldest_seconds).toBeNull();
  });

  it('forgets no sighting of a partition that falls behind', () => {
    const first = caughtUp([view({ offsets: [offsets(0)] })], new Map(), 1);
    const second = caughtUp([view({ offsets: [offsets(0, { committed: 5 })] })], first, 2);

    expect([...second.values()]).toEqual([1]);
  });
});
