import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wordsOf } from './words.ts';

const wordsIn = (text: string): string[] => Array.from(wordsOf(text), ({ start, end }) => text.slice(start, end));

describe('wordsOf', () => {
  it.each([
    ["Anne-Marie O'Brien,", ['Anne', '-', 'Marie', 'O', "'", 'Brien', ',']],
    ['€5 foo_bar a+b', ['€5', 'foo', '_', 'bar', 'a', '+', 'b']],
    ['name王小明ok', ['name', '王', '小', '明', 'ok']],
    ['😀 Zoë\n\tЖук', ['😀', 'Zoë', 'Жук']],
    [' \n ', []],
  ])('cuts %j as BERT does', (text, words) => {
    expect(wordsIn(text)).toEqual(words);
  });

  it('ends a word after 100 characters, never inside one', () => {
    const [first, second] = wordsIn('𝒶'.repeat(150));
    expect([first?.length, second?.length]).toEqual([200, 100]);
  });

  it('covers all but blanks, in order, once', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        let at = 0;
        for (const { start, end } of wordsOf(text)) {
          expect(text.slice(at, start).trim()).toBe('');
          expect(end).toBeGreaterThan(start);
          at = end;
        }
        expect(text.slice(at).trim()).toBe('');
      }),
    );
  });
});
