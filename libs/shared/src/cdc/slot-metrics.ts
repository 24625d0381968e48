import { Gauge, type Registry } from 'prom-client';
import { metrics } from '../contracts/metrics.ts';
import { type ReplicationSlot, slotStatuses } from './replication-slot.ts';

/** Shows the slot as it was when somebody last looked; what nobody could look at is not shown. */
export function createSlotMetrics(registry: Registry, service: string) {
  const gauge = ({ name, help, labels }: { name: string; help: string; labels: readonly string[] }) =>
    new Gauge({ name, help, labelNames: [...labels], registers: [registry] });
  const retained = gauge(metrics.slotRetained);
  const status = gauge(metrics.slotStatus);
  return {
    seen(slot: ReplicationSlot | null): void {
      retained.set({ service }, slot?.retainedBytes ?? 0);
      const found = slot?.status ?? 'missing';
      for (const one of ['missing', ...slotStatuses]) status.set({ service, status: one }, one === found ? 1 : 0);
    },
    unknown(): void {
      retained.reset();
      status.reset();
    },
  };
}
