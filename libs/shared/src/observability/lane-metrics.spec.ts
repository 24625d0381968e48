import { Registry } from 'prom-client';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { metrics } from '../contracts/metrics.ts';
import type { LaneListener, PartitionStatus } from '../pipeline/lane-listener.ts';
import { createLaneMetrics, oldestAgeSeconds, registerLaneStatus } from './lane-metrics.ts';

const lane = 'assay.ingest.tickets';
const status = (given: Partial<PartitionStatus> = {}): PartitionStatus => ({
  partition: 0,
  next: 10n,
  high: 10n,
  oldestTimestamp: null,
  ...given,
});

describe('the metrics of a lane', () => {
  let registry: Registry;
  let listener: LaneListener;
  beforeEach(() => {
    registry = new Registry();
    listener = createLaneMetrics(registry, 'ingest');
  });

  async function values(name: string): Promise<Record<string, number>> {
    const { values: found } = await registry.getSingleMetric(name)!.get();
    return Object.fromEntries(
      found.map(({ labels, value }) => {
        const { service, lane: of, ...rest } = labels as Record<string, string>;
        expect({ service, of }).toEqual({ service: 'ingest', of: lane });
        return [Object.values(rest).join('/'), value];
      }),
    );
  }

  it('count every message of a batch once, by where and how it left', async () => {
    const exits = [
      { step: 'decodeTicket', outcome: 'deadLettered' as const, code: 'DECODE_FAILED', count: 2 },
      { step: 'readEvent', outcome: 'skipped' as const, code: 'heartbeat', count: 3 },
    ];
    const batch = { lane, partition: 0, received: 16, accepted: 10, duplicate: 1, exits, seconds: 0.2 };
    listener.batchSettled!(batch);
    listener.batchSettled!(batch);
    expect(await values(metrics.messages.name)).toEqual({
      'write/accepted/': 20,
      'write/duplicate/': 2,
      'decodeTicket/deadLettered/DECODE_FAILED': 4,
      'readEvent/skipped/heartbeat': 6,
    });
  });

  it('time batches', async () => {
    listener.batchSettled!({ lane, partition: 0, received: 0, accepted: 0, duplicate: 0, exits: [], seconds: 0.2 });
    const text = await registry.metrics();
    expect(text).toContain(`pipeline_batch_seconds_sum{service="ingest",lane="${lane}"} 0.2`);
    expect(text).toContain(`pipeline_batch_seconds_count{service="ingest",lane="${lane}"} 1`);
  });

  it('count waits by error code, and losses', async () => {
    listener.retrying!(lane, 'DEPENDENCY_UNAVAILABLE');
    listener.retrying!(lane, 'DEPENDENCY_UNAVAILABLE');
    listener.retrying!(lane, 'WRITE_CONFLICT');
    listener.expired!(lane, 7);
    expect(await values(metrics.retries.name)).toEqual({ DEPENDENCY_UNAVAILABLE: 2, WRITE_CONFLICT: 1 });
    expect(await values(metrics.expired.name)).toEqual({ '': 7 });
  });

  it('show the lag of the partitions this instance owns now, and of no other', async () => {
    let owned = [status({ partition: 0, next: 4n, high: 10n }), status({ partition: 1 })];
    registerLaneStatus(registry, 'ingest', [{ name: lane, status: () => owned }]);
    expect(await values(metrics.lag.name)).toEqual({ 0: 6, 1: 0 });
    owned = [status({ partition: 1, next: 9n })];
    expect(await values(metrics.lag.name)).toEqual({ 1: 1 });
  });

  it('never show a negative lag, when the ledger moved past what the broker last said', async () => {
    registerLaneStatus(registry, 'ingest', [{ name: lane, status: () => [status({ next: 12n })] }]);
    expect(await values(metrics.lag.name)).toEqual({ 0: 0 });
  });

  it('show the age of the oldest message at the moment somebody asks', async () => {
    vi.useFakeTimers({ now: 100_000 });
    registerLaneStatus(registry, 'ingest', [{ name: lane, status: () => [status({ oldestTimestamp: 70_000 })] }]);
    expect(await values(metrics.oldest.name)).toEqual({ '': 30 });
    vi.setSystemTime(101_000);
    expect(await values(metrics.oldest.name)).toEqual({ '': 31 });
    vi.useRealTimers();
  });
});

describe('the age of the oldest unsettled message', () => {
  it.each([
    ['nothing is owned', [], 0],
    ['everything is settled', [status(), status()], 0],
    ['one partition is behind', [status(), status({ oldestTimestamp: 1_000 })], 9],
    ['several are', [status({ oldestTimestamp: 5_000 }), status({ oldestTimestamp: 2_000 })], 8],
    ['a producer’s clock is ahead', [status({ oldestTimestamp: 50_000 })], 0],
  ])('when %s', (_when, given, expected) => {
    expect(oldestAgeSeconds(given, 10_000)).toBe(expected);
  });
});

describe('the names of metrics', () => {
  it.each(Object.values(metrics))('$name follows the rules', ({ name, help, labels }) => {
    expect(name).toMatch(/^pipeline_[a-z]+(_[a-z]+)*_(total|seconds|messages|bytes|status)$/);
    expect(help).toMatch(/^[A-Z].*\.$/);
    // The replication slot is of no lane.
    const first = name.startsWith('pipeline_slot_') ? ['service'] : ['service', 'lane'];
    expect(labels.slice(0, first.length)).toEqual(first);
  });
});
