import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PIECE_MAX_LENGTH, piecesOf } from './text-pieces.ts';

const piecesIn = (text: string) => [...piecesOf(text)];

describe('the pieces of a text', () => {
  it('are the text itself when it is short', () => {
    expect(piecesIn('Ask Jane')).toEqual([{ start: 0, text: 'Ask Jane' }]);
  });

  it.each([
    ['behind a line', 'line of words\n', '\n'],
    ['behind a word where there is no line', 'word ', ' '],
  ])('end %s', (_where, unit, last) => {
    const pieces = piecesIn(unit.repeat(PIECE_MAX_LENGTH));
    expect(pieces.length).toBeGreaterThan(2);
    for (const { text } of pieces) expect(text.at(-1)).toBe(last);
  });

  it('are the whole of any text, in order, none too long, and none with half a letter', () => {
    const long = fc
      .array(fc.constantFrom('x'.repeat(700), '😀'.repeat(333), ' ', '\n', 'Jane'), { maxLength: 40 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(long, (text) => {
        const pieces = piecesIn(text);
        expect(pieces.map((piece) => piece.text).join('')).toBe(text);
        for (const { start, text: piece } of pieces) {
          expect(text.slice(start, start + piece.length)).toBe(piece);
          expect(piece.length).toBeLessThanOrEqual(PIECE_MAX_LENGTH);
          expect(piece.isWellFormed()).toBe(true);
        }
      }),
    );
  });
});
