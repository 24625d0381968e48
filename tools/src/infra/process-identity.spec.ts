import { describe, expect, it } from 'vitest';
import { parseStat, startTimeInThisBoot } from './process-identity.ts';

const rest = 'S 1 4242 4242 0 -1 4194560 1 0 0 0 5 6 0 0 20 0 12 0 228037 1000 200';

describe('parseStat', () => {
  it.each([
    ['a plain name', `4242 (java) ${rest}`],
    ['a name with blanks and brackets', `4242 (a) b (c d)) ${rest}`],
  ])('reads state, parent and start time after %s', (_name, stat) => {
    expect(parseStat(stat)).toEqual({ state: 'S', parent: 1, startedAt: '228037' });
  });

  it('knows nothing of a process without a stat', () => {
    expect(parseStat('')).toBeUndefined();
  });
});

describe('startTimeInThisBoot', () => {
  it.each([
    ['Linux', '228037@71c1a1d0-ae73-4898-a230-e8bab4f89f59', '228037'],
    ['macOS', 'Sat_Nov_21_10:12:21_2026', 'Sat_Nov_21_10:12:21_2026'],
  ])('is one word without the boot on %s', (_name, startedAt, expected) => {
    expect(startTimeInThisBoot({ pid: 1, startedAt })).toBe(expected);
  });
});
