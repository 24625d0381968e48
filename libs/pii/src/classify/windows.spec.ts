import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tokensOf, windowsOf, type Piece } from './windows.ts';

const pieceOf = (index: number, tokens: number): Piece => ({
  start: index,
  end: index + 1,
  ids: Array.from({ length: tokens }, (_, i) => 1000 * index + i),
});

describe('windowsOf', () => {
  it('repeats the last words of a window in the next', () => {
    const pieces = [2, 1, 1, 1, 3].map((tokens, i) => pieceOf(i, tokens));
    const windows = Array.from(windowsOf(pieces, 5, 2), (window) => window.map(({ start }) => start));
    expect(windows).toEqual([
      [0, 1, 2, 3],
      [2, 3, 4],
    ]);
  });

  it('makes one window at a time of a text of any length', () => {
    let made = 0;
    function* endless(): Generator<Piece> {
      for (;;) yield pieceOf(made++, 3);
    }
    const windows = windowsOf(endless(), 12, 3);
    for (let i = 0; i < 5; i++) expect(windows.next().done).toBe(false);
    expect(made).toBeLessThan(30);
  });

  it('covers every word that has a token, in order, within the budget', () => {
    const lengths = fc.array(fc.nat({ max: 9 }), { maxLength: 60 });
    fc.assert(
      fc.property(lengths, fc.integer({ min: 1, max: 12 }), fc.nat({ max: 14 }), (tokens, budget, overlap) => {
        const windows = [
          ...windowsOf(
            tokens.map((count, i) => pieceOf(i, count)),
            budget,
            overlap,
          ),
        ];
        for (const window of windows) {
          expect(window.length).toBeGreaterThan(0);
          expect(tokensOf(window).length).toBeLessThanOrEqual(budget);
        }
        const seen = windows.flatMap((window) => window.map(({ start }) => start));
        expect([...new Set(seen)]).toEqual(tokens.flatMap((count, i) => (count > 0 ? [i] : [])));
        // Each window has a word that none before it had: no work is done for nothing.
        const last = windows.map((window) => window.at(-1)?.start);
        expect(new Set(last).size).toBe(windows.length);
      }),
    );
  });
});
