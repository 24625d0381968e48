import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { metrics } from '../contracts/metrics.ts';
import type { LaneListener, PartitionStatus } from '../pipeline/lane-listener.ts';

const BATCH_BUCKETS = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60];

/** Turns what a lane tells into metrics. Counters are bumped once a batch, not once a message. */
export function createLaneMetrics(registry: Registry, service: string): LaneListener {
  const settings = ({ name, help, labels }: { name: string; help: string; labels: readonly string[] }) => ({
    name,
    help,
    labelNames: [...labels],
    registers: [registry],
  });
  const messages = new Counter(settings(metrics.messages));
  const seconds = new Histogram({ ...settings(metrics.batchSeconds), buckets: BATCH_BUCKETS });
  const retries = new Counter(settings(metrics.retries));
  const expired = new Counter(settings(metrics.expired));
  return {
    batchSettled({ lane, accepted, duplicate, exits, seconds: took }) {
      const labels = { service, lane };
      if (accepted > 0) messages.inc({ ...labels, step: 'write', outcome: 'accepted', code: '' }, accepted);
      if (duplicate > 0) messages.inc({ ...labels, step: 'write', outcome: 'duplicate', code: '' }, duplicate);
      for (const { step, outcome, code, count } of exits) messages.inc({ ...labels, step, outcome, code }, count);
      seconds.observe(labels, took);
    },
    retrying: (lane, code) => retries.inc({ service, lane, code }),
    expired: (lane, count) => expired.inc({ service, lane }, count),
  };
}

interface ObservedLane {
  readonly name: string;
  status(): readonly PartitionStatus[];
}

/** Lag and age are read when Prometheus asks. */
export function registerLaneStatus(registry: Registry, service: string, lanes: readonly ObservedLane[]): void {
  const { lag, oldest } = metrics;
  registry.registerMetric(
    new Gauge({
      name: lag.name,
      help: lag.help,
      labelNames: [...lag.labels],
      registers: [],
      collect() {
        this.reset(); // partitions that another instance owns now must not keep their last value
        for (const lane of lanes)
          for (const { partition, next, high } of lane.status())
            this.set({ service, lane: lane.name, partition }, Math.max(0, Number(high - next)));
      },
    }),
  );
  registry.registerMetric(
    new Gauge({
      name: oldest.name,
      help: oldest.help,
      labelNames: [...oldest.labels],
      registers: [],
      collect() {
        for (const lane of lanes) this.set({ service, lane: lane.name }, oldestAgeSeconds(lane.status(), Date.now()));
      },
    }),
  );
}

/** Age of the oldest message any partition still has to settle. */
export function oldestAgeSeconds(status: readonly PartitionStatus[], now: number): number {
  const timestamps = status.flatMap(({ oldestTimestamp }) => (oldestTimestamp === null ? [] : [oldestTimestamp]));
  return timestamps.length === 0 ? 0 : Math.max(0, (now - Math.min(...timestamps)) / 1000);
}
