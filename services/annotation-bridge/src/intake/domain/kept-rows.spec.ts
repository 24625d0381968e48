import { describe, expect, it } from 'vitest';
import { keptRecord, KeptRows } from './kept-rows.ts';

const record = (digest: string, generation = 1, key = 'k') => ({ row: 7, generation, key, digest });

describe('a row of the next content', () => {
  it.each([
    ['is kept as it was sent', record('a', 2), [record('a')], 1, record('a')],
    ['is sent when it says something else', record('b', 2), [record('a')], 1, null],
    ['is sent when it is about another document', record('a', 2, 'other'), [record('a')], 1, null],
    ['is sent when it is new', record('a', 2), [], 1, null],
    [
      'is kept when a content that was given up has kept it, too',
      record('a', 3),
      [record('a'), record('a')],
      2,
      record('a'),
    ],
    [
      'is sent when a content that was given up may have said something else',
      record('a', 3),
      [record('a'), record('b', 2)],
      2,
      null,
    ],
    [
      'is sent when a content that was given up may have said it again',
      record('a', 3),
      [record('a'), record('a', 2)],
      2,
      null,
    ],
    ['is sent when a content that was given up may have taken it back', record('a', 3), [record('a')], 2, null],
    ['is sent when nothing was sent whole before', record('a', 2), [], 0, null],
  ])('%s', (_name, row, before, contents, kept) => {
    expect(keptRecord(row, before, contents)).toEqual(kept);
  });
});

describe('the rows that are kept', () => {
  it('are those that were added, whatever their number', () => {
    const rows = new KeptRows();
    const added = [1, 7, 8, 9, 5_000_000, 12_345, 8 * 1024, 8 * 1024 - 1];
    for (const row of added) rows.add(row);
    expect(rows.count).toBe(added.length);
    expect(added.every((row) => rows.has(row))).toBe(true);
    expect([0, 2, 6, 10, 4_999_999, 5_000_001, 60_000_000].some((row) => rows.has(row))).toBe(false);
  });
});
