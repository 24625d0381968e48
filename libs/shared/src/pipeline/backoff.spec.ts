import { describe, expect, it } from 'vitest';
import { PipelineError } from '../errors/pipeline-error.ts';
import { Abandoned, type Backoff, delayBefore, withBackoff } from './backoff.ts';

const backoff: Backoff = { firstDelayMs: 1, maxDelayMs: 2, giveUpAfterMs: 1_000 };
const outage = () => new PipelineError('DEPENDENCY_UNAVAILABLE', 'testing', { dependency: 'blob' });

/** Fails `times` times before it answers. */
function failing(times: number, error: () => Error = outage) {
  const work = { tries: 0, run: async () => (++work.tries <= times ? Promise.reject(error()) : 'done') };
  return work;
}

const waiting = (overrides: Partial<Backoff> = {}, stop = new AbortController()) => ({
  backoff: { ...backoff, ...overrides },
  stopping: stop.signal,
  onRetry: async () => {},
});

describe('withBackoff', () => {
  it('tries again while the failure may pass', async () => {
    const work = failing(3);
    expect(await withBackoff(work.run, waiting())).toBe('done');
    expect(work.tries).toBe(4);
  });

  it('lets any other error through at once', async () => {
    const work = failing(1, () => new TypeError('a bug'));
    await expect(withBackoff(work.run, waiting())).rejects.toThrow('a bug');
    expect(work.tries).toBe(1);
  });

  it('gives up with the last failure', async () => {
    await expect(withBackoff(failing(1).run, waiting({ giveUpAfterMs: 0 }))).rejects.toThrow('testing');
  });

  it('does the work once even when the lane is stopping, so that a batch in hand is finished', async () => {
    const stop = new AbortController();
    stop.abort();
    expect(await withBackoff(failing(0).run, waiting({}, stop))).toBe('done');
  });

  it('abandons work that fails when the lane is stopping', async () => {
    const stop = new AbortController();
    stop.abort();
    const work = failing(1);
    await expect(withBackoff(work.run, waiting({}, stop))).rejects.toThrow(Abandoned);
    expect(work.tries).toBe(1);
  });

  it('wakes from its wait when the lane stops', async () => {
    const stop = new AbortController();
    const parts = { ...waiting({ firstDelayMs: 60_000, maxDelayMs: 60_000 }, stop), onRetry: async () => stop.abort() };
    await expect(withBackoff(failing(1).run, parts)).rejects.toThrow(Abandoned);
  });
});

describe('delayBefore', () => {
  it.each([
    [1, 0, 50],
    [1, 1, 100],
    [3, 1, 400],
    [9, 1, 1_000],
    [9, 0, 500],
  ])('attempt %i with chance %d waits %i ms', (attempt, chance, expected) => {
    expect(delayBefore(attempt, { firstDelayMs: 100, maxDelayMs: 1_000, giveUpAfterMs: 0 }, chance)).toBe(expected);
  });
});
