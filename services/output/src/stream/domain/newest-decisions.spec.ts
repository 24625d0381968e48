import { describe, expect, it } from 'vitest';
import { newestDecisions, type Versioned } from './newest-decisions.ts';

type Told = [docId: string, version: number, life?: number];
const of = (...told: Told[]): Versioned[] => told.map(([doc_id, version, life = 1]) => ({ doc_id, life, version }));

describe('newestDecisions', () => {
  const cases: [string, Versioned[], Told[], Versioned[], number][] = [
    ['a first decision', of(['a', 1]), [], of(['a', 1]), 0],
    ['one that is applied already', of(['a', 1]), [['a', 1]], [], 1],
    ['one older than the applied', of(['a', 1]), [['a', 2]], [], 1],
    ['the newest of a batch', of(['a', 1], ['a', 2]), [], of(['a', 2]), 0],
    ['a snapshot that goes backwards', of(['a', 3], ['a', 1], ['a', 2]), [], of(['a', 3]), 2],
    ['a repeat in one batch', of(['a', 1], ['a', 1]), [], of(['a', 1]), 1],
    ['one of a newer life, whatever its version', of(['a', 1, 2]), [['a', 9]], of(['a', 1, 2]), 0],
    ['none of an older life, whatever its version', of(['a', 9]), [['a', 1, 2]], [], 1],
    ['the newest life of a batch', of(['a', 2, 2], ['a', 7], ['a', 1, 2]), [], of(['a', 2, 2]), 2],
    ['documents in order of their ids', of(['b', 1], ['a', 1], ['c', 1]), [['c', 4]], of(['a', 1], ['b', 1]), 1],
  ];

  it.each(cases)('takes %s', (_name, batch, applied, newest, duplicate) => {
    expect(newestDecisions(batch, new Map(of(...applied).map((place) => [place.doc_id, place])))).toEqual({
      newest,
      duplicate,
    });
  });
});
