import { describe, expect, it } from 'vitest';
import { type FetchedRecord, markAborted } from './aborted-records.ts';

const ABORT_MARKER = Buffer.from([0, 0, 0, 0]);
const COMMIT_MARKER = Buffer.from([0, 0, 0, 1]);

/** `a` and `b` are records of transactional producers, `A` and `B` end theirs by abort, `!a` by commit; `.` is no transaction. */
function logOf(picture: string, from = 0): FetchedRecord[] {
  return picture.split(' ').map((sign, index) => {
    const isMarker = sign.startsWith('!') || sign !== sign.toLowerCase();
    const key = isMarker ? (sign.startsWith('!') ? COMMIT_MARKER : ABORT_MARKER) : Buffer.from(sign);
    const batchContext = { producerId: sign.replace('!', '').toLowerCase(), inTransaction: sign !== '.' };
    return { offset: String(from + index), key, isControlRecord: isMarker, batchContext };
  });
}

const delivered = (records: FetchedRecord[]) =>
  records.flatMap(({ isControlRecord, key }) => (isControlRecord ? [] : [key!.toString()])).join(' ');

const aborted = (...list: [producerId: string, firstOffset: number][]) =>
  list.map(([producerId, firstOffset]) => ({ producerId, firstOffset: String(firstOffset) }));

describe('markAborted', () => {
  it.each([
    ['one that aborted', 'a a A .', aborted(['a', 0]), '.'],
    ['one that aborted, then committed', 'a A a !a', aborted(['a', 0]), 'a'],
    ['one that committed beside one that aborted', 'a b a B !a', aborted(['b', 1]), 'a a'],
    ['the later one ended first, so the broker lists it first', 'a b B A .', aborted(['b', 1], ['a', 0]), '.'],
    ['two that began at the same time and took turns', 'a b a b A B .', aborted(['a', 0], ['b', 1]), '.'],
    ['a plain record of a producer that is aborting elsewhere', 'a . A', aborted(['a', 0]), '.'],
  ])('%s', (_, picture, list, expected) => {
    const records = logOf(picture);
    markAborted(records, list);
    expect(delivered(records)).toBe(expected);
  });

  it('a fetch that starts after several transactions began', () => {
    const records = logOf('c b a A B C .', 100);
    markAborted(records, aborted(['a', 10], ['b', 20], ['c', 30]));
    expect(delivered(records)).toBe('.');
  });

  it('a record whose key looks like a marker ends nothing', () => {
    const records = logOf('a a A');
    const looksLikeMarker = { ...records[0]!, key: ABORT_MARKER, isControlRecord: false };
    const log = [looksLikeMarker, records[1]!, records[2]!];
    markAborted(log, aborted(['a', 0]));
    expect(delivered(log)).toBe('');
  });
});
