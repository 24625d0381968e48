import { describe, expect, it } from 'vitest';
import { newestDecisions, type Versioned } from './newest-decisions.ts';

const of = (...pairs: [string, number][]): Versioned[] => pairs.map(([doc_id, version]) => ({ doc_id, version }));

describe('newestDecisions', () => {
  const cases: [string, Versioned[], [string, number][], Versioned[], number][] = [
    ['a first decision', of(['a', 1]), [], of(['a', 1]), 0],
    ['one that is applied already', of(['a', 1]), [['a', 1]], [], 1],
    ['one older than the applied', of(['a', 1]), [['a', 2]], [], 1],
    ['the newest of a batch', of(['a', 1], ['a', 2]), [], of(['a', 2]), 0],
    ['a snapshot that goes backwards', of(['a', 3], ['a', 1], ['a', 2]), [], of(['a', 3]), 2],
    ['a repeat in one batch', of(['a', 1], ['a', 1]), [], of(['a', 1]), 1],
    ['documents in order of their ids', of(['b', 1], ['a', 1], ['c', 1]), [['c', 4]], of(['a', 1], ['b', 1]), 1],
  ];

  it.each(cases)('takes %s', (_name, batch, applied, newest, duplicate) => {
    expect(newestDecisions(batch, new Map(applied))).toEqual({ newest, duplicate });
  });
});
