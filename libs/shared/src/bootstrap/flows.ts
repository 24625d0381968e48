import type { Provider, Type } from '@nestjs/common';
import type { ApiPart } from '../http/openapi.ts';
import type { Bell } from '../pipeline/bell.ts';
import type { Spill } from '../pipeline/dead-letter-writer.ts';
import type { Lane } from '../pipeline/lane.ts';
import type { PartitionStatus } from '../pipeline/lane-listener.ts';
import type { Transaction } from '../postgres/statement.ts';
import type { Startable } from './lane-strategy.ts';
import { createLane, type LaneOptions, type Platform } from './platform.ts';
import type { More } from './worker.ts';

/**
 * Everything that moves data in a service is one of three: a lane reads a topic, a worker looks for work nobody sends, a door is
 * what others call over HTTP. `flows.ts` of a service lists them in the order data takes.
 */
export type Flow = LaneFlow | WorkerFlow | DoorFlow;

export interface LaneFlow {
  readonly kind: 'lane';
  readonly open: (platform: Platform, options: Omit<LaneOptions, 'spill'>) => OpenLane;
}

/** A lane that can be started, and tells how far each of its partitions is. */
export interface OpenLane extends Startable {
  status(): readonly PartitionStatus[];
}

export interface WorkerFlow {
  readonly kind: 'worker';
  readonly name: string;
  readonly pauses: WorkerPauses;
  readonly round: (stopping: AbortSignal) => Promise<More>;
  /** What ends a pause; nothing by default. */
  readonly wokenBy?: readonly Bell[];
}

export interface WorkerPauses {
  /** Between two rounds that found nothing to do. */
  readonly everyMs: number;
  /** Before the first round; none by default. */
  readonly firstAfterMs?: number;
}

export interface DoorFlow {
  readonly kind: 'door';
  readonly controller: Type;
  readonly providers: readonly Provider[];
  readonly api: ApiPart;
}

/** Messages of a topic through steps into one write; `spill` keeps those that no dead-letter topic takes. */
export const laneFlow = <T, P>(lane: Lane<T, P, Transaction>, spill: Spill): LaneFlow => ({
  kind: 'lane',
  open: (platform, options) => createLane(platform, lane, { ...options, spill }),
});

/**
 * Rounds that never overlap; a number stands for the pause between two that found nothing to do. A worker that is woken by a
 * bell may pause for long: its own looks are only there for what no bell told.
 */
export const workerFlow = (
  name: string,
  pauses: number | WorkerPauses,
  round: WorkerFlow['round'],
  ...wokenBy: readonly Bell[]
): WorkerFlow => ({
  kind: 'worker',
  name,
  pauses: typeof pauses === 'number' ? { everyMs: pauses } : pauses,
  round,
  wokenBy,
});

export const doorFlow = (controller: Type, providers: readonly Provider[], api: ApiPart): DoorFlow => ({
  kind: 'door',
  controller,
  providers,
  api,
});
