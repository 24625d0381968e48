import { describe, expect, it } from 'vitest';
import { waitFor } from './wait-for.ts';

const never = new AbortController().signal;

describe('waitFor', () => {
  it('looks until it is done and reports each look', async () => {
    const reported: unknown[] = [];
    let looks = 0;
    await waitFor(async () => ({ isDone: ++looks === 3, done: looks }), {
      report: (progress) => reported.push(progress),
      abort: never,
    });
    expect(reported).toEqual([{ done: 1 }, { done: 2 }, { done: 3 }]);
  });

  it('gives up when nothing moves, and says where it stood', async () => {
    const standing = waitFor(async () => ({ isDone: false, done: 7, of: 9 }), {
      report: () => {},
      abort: never,
      standstillMs: 1,
    });
    await expect(standing).rejects.toThrow(/nothing has moved .*"done":7/);
  });

  it('does not give up while anything moves', async () => {
    let looks = 0;
    await waitFor(async () => ({ isDone: ++looks === 4, done: looks }), {
      report: () => {},
      abort: never,
      standstillMs: 1,
    });
    expect(looks).toBe(4);
  });

  it('ends at once when it is told to stop', async () => {
    const stop = new AbortController();
    const waiting = waitFor(async () => ({ isDone: false }), { report: () => stop.abort(), abort: stop.signal });
    await expect(waiting).rejects.toThrow('aborted');
  });
});
