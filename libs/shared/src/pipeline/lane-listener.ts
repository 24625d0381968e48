import type { ErrorCode } from '../errors/codes.ts';

/** The places between two effects of a batch. A crash at any of them must leave nothing lost and nothing twice. */
export type CrashPoint =
  | 'deadLettersWritten'
  | 'effectsPrepared'
  | 'transactionOpen'
  | 'transactionCommitted'
  | 'groupCommitted';

export const crashPoints: readonly CrashPoint[] = [
  'deadLettersWritten',
  'effectsPrepared',
  'transactionOpen',
  'transactionCommitted',
  'groupCommitted',
];

/** How far a partition is, for /metrics and the console. */
export interface PartitionStatus {
  readonly partition: number;
  readonly next: bigint;
  readonly high: bigint;
  /** Timestamp of the oldest message not yet settled, as far as this instance has seen; null when it has settled all. */
  readonly oldestTimestamp: number | null;
}

export interface BatchSummary {
  readonly lane: string;
  readonly partition: number;
  readonly received: number;
  readonly accepted: number;
  readonly duplicate: number;
  /** How many messages left at which step, and how. */
  readonly exits: readonly { step: string; outcome: 'skipped' | 'deadLettered'; code: string; count: number }[];
  readonly seconds: number;
}

/** What a lane tells whoever wants to know: metrics, and tests that stop it at a crash point. */
export interface LaneListener {
  batchSettled?(summary: BatchSummary): void;
  retrying?(lane: string, code: ErrorCode): void;
  expired?(lane: string, count: number): void;
  at?(point: CrashPoint): void | Promise<void>;
}
