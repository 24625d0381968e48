import { describe, expect, it } from 'vitest';
import { byteRangeOf, namesTag } from './byte-range.ts';

const part = (first: number, last: number) => ({ kind: 'part', first, last });
const whole = { kind: 'whole' };
const unsatisfiable = { kind: 'unsatisfiable' };

describe('byteRangeOf 10 bytes', () => {
  it.each([
    [undefined, whole],
    ['bytes=0-4', part(0, 4)],
    ['bytes=5-', part(5, 9)],
    ['bytes=-3', part(7, 9)],
    ['bytes=-30', part(0, 9)],
    ['bytes=8-100', part(8, 9)],
    ['bytes=9-9', part(9, 9)],
    ['bytes=10-', unsatisfiable],
    ['bytes=-0', unsatisfiable],
    ['bytes=4-2', whole],
    ['bytes=0-1,4-5', whole],
    ['bytes=-', whole],
    ['lines=1-2', whole],
    ['bytes=a-b', whole],
  ])('%s', (header, expected) => {
    expect(byteRangeOf(header, 10)).toEqual(expected);
  });

  it('has nothing to give of an empty file', () => {
    expect(byteRangeOf('bytes=0-', 0)).toEqual(unsatisfiable);
  });
});

describe('namesTag', () => {
  it.each([
    [undefined, false],
    ['"a"', true],
    ['W/"a"', true],
    ['"b", "a"', true],
    ['*', true],
    ['"b"', false],
    ['a', false],
  ])('%s', (header, expected) => {
    expect(namesTag(header, '"a"')).toBe(expected);
  });
});
