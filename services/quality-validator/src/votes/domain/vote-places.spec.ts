import { describe, expect, it } from 'vitest';
import { type KnownPlace, placeKey, settlePlaces } from './vote-places.ts';

const place = (path: string, changes: Partial<KnownPlace> = {}): KnownPlace => ({
  path,
  row_number: 1,
  generation: 1,
  file_sha256: 'f',
  tool: 'file',
  tool_annotation_id: null,
  is_own: false,
  is_removed: false,
  ...changes,
});

/** What counts more or less, by path. */
function settle(known: readonly KnownPlace[], arrived: readonly KnownPlace[] = []) {
  const { own, deleted, added, booked } = settlePlaces(known, new Set(arrived.map(placeKey)));
  const sums = Map.groupBy(booked, ({ path }) => path);
  const sum = (path: string) =>
    (['duplicate_count', 'withdrawn_count'] as const).map((counter) =>
      (sums.get(path) ?? []).reduce((total, one) => total + one[counter], 0),
    );
  return {
    own: own?.path ?? null,
    deleted: deleted.map(({ path }) => path),
    added: added.map(({ path }) => path),
    booked: Object.fromEntries([...sums.keys()].map((path) => [path, sum(path)])),
  };
}

describe('where a vote stands', () => {
  it('stays when an equal row comes after it, which is a duplicate', () => {
    const later = place('b');
    expect(settle([place('a', { is_own: true }), later], [later])).toEqual({
      own: null,
      deleted: [],
      added: [],
      booked: { b: [1, 0] },
    });
  });

  it('moves to an equal row before it, and its own becomes the duplicate', () => {
    const earlier = place('a');
    expect(settle([place('b', { is_own: true }), earlier], [earlier])).toEqual({
      own: 'a',
      deleted: ['a'],
      added: ['b'],
      booked: { b: [1, 0] },
    });
  });

  it('moves on when its row is no longer in its file, and a duplicate is none any more', () => {
    expect(settle([place('a', { is_own: true, is_removed: true }), place('b'), place('c')])).toEqual({
      own: 'b',
      deleted: ['b'],
      added: [],
      booked: { c: [0, 0], a: [0, 1], b: [-1, 0] },
    });
  });

  it('stays where it was last when no row is left; it is withdrawn, and the others with it', () => {
    expect(settle([place('a', { is_own: true, is_removed: true }), place('b', { is_removed: true })])).toEqual({
      own: null,
      deleted: ['b'],
      added: [],
      booked: { b: [-1, 1] },
    });
  });

  it('comes back with a row that comes back', () => {
    const back = place('a', { generation: 3 });
    expect(settle([place('a', { is_own: true, is_removed: true }), back], [back])).toEqual({
      own: 'a',
      deleted: ['a'],
      added: [],
      booked: { a: [0, 1] },
    });
  });
});
