import { setTimeout as sleep } from 'node:timers/promises';
import type { StageProgress } from './stage-runner.ts';

export interface Look extends StageProgress {
  readonly isDone: boolean;
}

export interface Waiting {
  readonly report: (progress: StageProgress) => void;
  readonly abort: AbortSignal;
  /** How long the numbers may stand still before we say so and give up. */
  readonly standstillMs?: number;
}

const POLL_MS = 150;
/** Longer than a service takes to be started again, or Kafka to notice that a consumer is gone. */
const DEFAULT_STANDSTILL_MS = 180_000;

/** Looks until it is done. It gives up only when nothing moves, however long the whole takes. */
export async function waitFor(look: () => Promise<Look>, waiting: Waiting): Promise<void> {
  const { report, abort, standstillMs = DEFAULT_STANDSTILL_MS } = waiting;
  let last = '';
  let movedAt = performance.now();
  for (;;) {
    abort.throwIfAborted();
    const { isDone, ...progress } = await look();
    report(progress);
    if (isDone) return;
    const seen = JSON.stringify(progress);
    if (seen !== last) [last, movedAt] = [seen, performance.now()];
    if (performance.now() - movedAt > standstillMs)
      throw new Error(
        `nothing has moved for ${Math.round(standstillMs / 1000)} s (${seen}). The logs of the services tell why.`,
      );
    await sleep(POLL_MS, undefined, { signal: abort });
  }
}
