import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringsOf, withStrings } from './json-strings.ts';

describe('stringsOf', () => {
  it('gives keys, strings and long numbers with the field they stand in', () => {
    const found = [...stringsOf({ phone: 4155550132, tags: ['a', 7, null, true] }, 'notes')];
    expect(found.map(({ text, name }) => [text, name])).toEqual([
      ['phone', 'keys of notes'],
      ['4155550132', 'notes.phone'],
      ['tags', 'keys of notes'],
      ['a', 'notes.tags'],
    ]);
  });

  it('takes no word from a key that may hold a value itself', () => {
    const [, value] = stringsOf({ 'call 415 555 0132': 'x' }, 'notes');
    expect(value?.name).toBe('notes');
  });
});

describe('withStrings', () => {
  it('gives back any JSON value whose strings stay as they were', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const texts = Array.from(stringsOf(value, 'x'), ({ text }) => text);
        let next = 0;
        expect(withStrings(value, () => texts[next++] as string)).toEqual(value);
        expect(next).toBe(texts.length);
      }),
    );
  });

  it('makes a string of a number that was replaced', () => {
    expect(withStrings({ a: 4155550132, b: [12345678] }, () => 'x')).toEqual({ x: ['x'] });
  });
});
