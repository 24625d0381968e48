const firstDelayMs = 500;
const longestDelayMs = 30_000;
/** Who lived this long is well, and its next end starts the count anew. */
const steadyMs = 60_000;

export interface Restarts {
  /** Ends in a row, each soon after its start. */
  readonly count: number;
  readonly delayMs: number;
}

export const noRestarts: Restarts = { count: 0, delayMs: 0 };

/** Doubling waits, so that a service that cannot start leaves the machine usable. */
export function nextRestart(before: Restarts, livedMs: number): Restarts {
  const count = livedMs >= steadyMs ? 1 : before.count + 1;
  return { count, delayMs: Math.min(longestDelayMs, firstDelayMs * 2 ** (count - 1)) };
}
