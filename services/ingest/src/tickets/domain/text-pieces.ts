export interface Piece {
  readonly start: number;
  readonly text: string;
}

/**
 * What the deep pass is asked about at once. Its deadline is for one piece: without pieces a text that is long enough would
 * be late at every try and hold its lane for ever.
 */
export const PIECE_MAX_LENGTH = 2_000;

/** A piece ends behind a line if it can, or behind a word: a name that is cut in two may be missed. */
export function* piecesOf(text: string): Generator<Piece> {
  let start = 0;
  while (text.length - start > PIECE_MAX_LENGTH) {
    const end = start + lengthOfPiece(text.slice(start, start + PIECE_MAX_LENGTH));
    yield { start, text: text.slice(start, end) };
    start = end;
  }
  yield { start, text: text.slice(start) };
}

function lengthOfPiece(most: string): number {
  const half = most.length / 2;
  const behindLine = most.lastIndexOf('\n') + 1;
  if (behindLine > half) return behindLine;
  const behindWord = most.lastIndexOf(' ') + 1;
  if (behindWord > half) return behindWord;
  return most.isWellFormed() ? most.length : most.length - 1;
}
