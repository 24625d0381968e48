import type { Word } from './words.ts';

/** A word and what the tokenizer made of it. */
export interface Piece extends Word {
  readonly ids: readonly number[];
}

/** As many words as the model reads at once. */
export type Window = readonly Piece[];

export const tokensOf = (window: Window): number[] => window.flatMap(({ ids }) => ids);

/**
 * Windows of at most `budget` tokens that cover every word. Each but the first repeats the last words of the one before,
 * at most `overlap` tokens of them, so that what one window cuts in two stands whole in the other. Made one by one: a text
 * of any length costs the memory of one window.
 */
export function* windowsOf(pieces: Iterable<Piece>, budget: number, overlap: number): Generator<Window> {
  let window: Piece[] = [];
  let tokens = 0;
  let isNew = false;
  for (const piece of pieces) {
    const ids = piece.ids.slice(0, budget);
    if (ids.length === 0) continue;
    if (tokens + ids.length > budget) {
      if (isNew) yield window;
      window = lastPieces(window, Math.min(overlap, budget - ids.length));
      tokens = tokensOf(window).length;
      isNew = false;
    }
    window.push({ ...piece, ids });
    tokens += ids.length;
    isNew = true;
  }
  if (isNew) yield window;
}

function lastPieces(window: readonly Piece[], tokens: number): Piece[] {
  let first = window.length;
  let left = tokens;
  while (first > 0 && (window[first - 1] as Piece).ids.length <= left) left -= (window[--first] as Piece).ids.length;
  return window.slice(first);
}
