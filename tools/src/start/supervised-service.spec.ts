import { describe, expect, it } from 'vitest';
import { nextRestart, noRestarts, type Restarts } from './supervised-service.ts';

const delaysOf = (lives: readonly number[]): number[] => {
  let restarts: Restarts = noRestarts;
  return lives.map((livedMs) => (restarts = nextRestart(restarts, livedMs)).delayMs);
};

describe('nextRestart', () => {
  it('waits twice as long each time, half a minute at most', () => {
    expect(delaysOf(Array<number>(8).fill(100))).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
  });

  it('starts anew after a service that was well', () => {
    expect(delaysOf([100, 100, 60_000, 100])).toEqual([500, 1000, 500, 1000]);
  });
});
