import { describe, expect, it } from 'vitest';
import { isSegmentDue } from './segments.ts';

const limits = { lines: 10, bytes: 1000, ageMs: 500 };

describe('isSegmentDue', () => {
  it.each([
    ['nothing waits, however long', { lines: 0, bytes: 0, ageMs: 10_000 }, false],
    ['a young and small one', { lines: 9, bytes: 999, ageMs: 499 }, false],
    ['enough lines', { lines: 10, bytes: 20, ageMs: 0 }, true],
    ['enough bytes', { lines: 1, bytes: 1000, ageMs: 0 }, true],
    ['old enough', { lines: 1, bytes: 10, ageMs: 500 }, true],
  ])('%s', (_name, waiting, due) => {
    expect(isSegmentDue(waiting, limits)).toBe(due);
  });
});
