import { describe, expect, it } from 'vitest';
import { segmentDueInMs } from './segments.ts';

const limits = { lines: 10, bytes: 1000, ageMs: 500 };

describe('segmentDueInMs', () => {
  it.each([
    ['nothing waits, however long', { lines: 0, bytes: 0, ageMs: 10_000 }, null],
    ['a young and small one', { lines: 9, bytes: 999, ageMs: 499 }, 1],
    ['a new one', { lines: 1, bytes: 10, ageMs: 0 }, 500],
    ['enough lines', { lines: 10, bytes: 20, ageMs: 0 }, 0],
    ['enough bytes', { lines: 1, bytes: 1000, ageMs: 0 }, 0],
    ['old enough', { lines: 1, bytes: 10, ageMs: 500 }, 0],
    ['more than old enough', { lines: 1, bytes: 10, ageMs: 700 }, 0],
  ])('%s', (_name, waiting, due) => {
    expect(segmentDueInMs(waiting, limits)).toBe(due);
  });
});
