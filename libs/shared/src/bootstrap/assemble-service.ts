import type { HttpSettings } from '../config/fields.ts';
import type { ReadinessCheck } from '../http/readiness.ts';
import { registerLaneStatus } from '../observability/lane-metrics.ts';
import type { LaneListener } from '../pipeline/lane-listener.ts';
import type { Log } from '../pipeline/log.ts';
import type { Flow, WorkerFlow } from './flows.ts';
import type { Platform } from './platform.ts';
import type { ServiceParts } from './run-service.ts';
import { serviceModule } from './service-module.ts';
import { Worker } from './worker.ts';

export interface Assembly {
  readonly platform: Platform;
  readonly flows: readonly Flow[];
  /** Besides those of the platform. */
  readonly checks: readonly ReadinessCheck[];
  readonly http: HttpSettings;
  /** Tests end the process at a crash point of a batch through one of these. */
  readonly listeners?: readonly LaneListener[];
  readonly onFatal: (error: unknown) => void;
}

/** A service from its flows: lanes and workers ready to start, doors behind the guard, probes and metrics beside them. */
export function assembleService(assembly: Assembly): ServiceParts {
  const { platform, flows, checks, http, listeners = [], onFatal } = assembly;
  const { service, log, registry } = platform;
  const lanes = flows.flatMap((flow) => (flow.kind === 'lane' ? [flow.open(platform, { listeners, onFatal })] : []));
  const workers = flows.flatMap((flow) => (flow.kind === 'worker' ? [workerOf(flow, log, onFatal)] : []));
  const doors = flows.filter((flow) => flow.kind === 'door');
  if (lanes.length > 0) registerLaneStatus(registry, service, lanes);
  return {
    module: serviceModule({
      service,
      doors,
      checks: [...platform.checks, ...checks],
      registry,
      log,
    }),
    http,
    lanes,
    workers,
    close: platform.close,
  };
}

function workerOf({ name, pauses, round, wokenBy = [] }: WorkerFlow, log: Log, onFatal: Assembly['onFatal']): Worker {
  const worker = new Worker({ name, ...pauses, log, onFatal }, round);
  for (const bell of wokenBy) bell.onRing(() => worker.wake());
  return worker;
}
