import { setTimeout as sleep } from 'node:timers/promises';
import { isRetriable, type PipelineError } from '../errors/pipeline-error.ts';

export interface Backoff {
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
  /** After this long the lane gives up and the process ends; its supervisor starts it again. */
  readonly giveUpAfterMs: number;
}

/** The work was dropped because the lane is stopping. Nothing was committed, so nothing is lost. */
export class Abandoned extends Error {}

export interface Waiting {
  readonly backoff: Backoff;
  readonly stopping: AbortSignal;
  /** Called before each wait; the lane reports the failure and keeps its place in the group here. */
  readonly onRetry: (error: PipelineError, attempt: number, delayMs: number) => Promise<void>;
}

/** Half of the delay is fixed and half is chance, so that instances that failed together do not come back together. */
export function delayBefore(attempt: number, { firstDelayMs, maxDelayMs }: Backoff, chance: number): number {
  const full = Math.min(maxDelayMs, firstDelayMs * 2 ** (attempt - 1));
  return Math.round(full / 2 + (full / 2) * chance);
}

/**
 * Does the work, again and again while it fails in a way that may pass. Any other error goes straight through. A stop ends
 * the waiting, never the work: a batch in hand still gets its one try, so that a healthy stop drops nothing half done.
 */
export async function withBackoff<T>(work: () => Promise<T>, { backoff, stopping, onRetry }: Waiting): Promise<T> {
  const started = performance.now();
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!isRetriable(error) || performance.now() - started >= backoff.giveUpAfterMs) throw error;
      const delayMs = delayBefore(attempt, backoff, Math.random());
      await onRetry(error, attempt, delayMs);
      await interruptibleSleep(delayMs, stopping);
    }
  }
}

/** Rejects with Abandoned when the lane stops meanwhile. */
export async function interruptibleSleep(ms: number, stopping: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal: stopping });
  } catch (error) {
    if (stopping.aborted) throw new Abandoned('the lane is stopping', { cause: error });
    throw error;
  }
}
