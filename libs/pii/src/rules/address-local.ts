import { classOf, isAlphanumeric, isUnspaced, isWord, LOCAL_MARK, WORD } from '../scan/char-class.ts';
import type { Gap } from '../scan/gap.ts';

const MAX_LENGTH = 256;

/** The start of the local part that ends before `end`; `end` itself if there is none. */
export function startOfLocal(gap: Gap, end: number): number {
  if (gap.at(end - 1) === 34) return startOfQuoted(gap, end);
  let i = end;
  while (i > end - MAX_LENGTH && isLocal(gap.at(i - 1)) && !changesScript(gap, i)) i--;
  while (i < end && !isLeading(gap.at(i))) i++;
  return i;
}

const isLocal = (code: number): boolean => (classOf(code) & (WORD | LOCAL_MARK)) !== 0;

/** Quotes, bullets and dashes before an address are not part of it. */
const isLeading = (code: number): boolean => isWord(code) || code === 95;

const changesScript = (gap: Gap, i: number): boolean => isUnspaced(gap.at(i - 1)) && isAlphanumeric(gap.at(i));

function startOfQuoted(gap: Gap, end: number): number {
  for (let i = end - 2; i > end - 66; i--) {
    const code = gap.at(i);
    if (code === 34) return i === end - 2 ? end : i;
    if (code === 10 || code === 0 || code === 64) break;
  }
  return end;
}

const joiners = ['dot', 'underscore', 'dash', 'hyphen', 'minus', 'plus'];

/** A local part spelled in words, ending before `end`: `john`, `john dot doe`, `john underscore doe`. */
export function startOfSpelledLocal(gap: Gap, end: number): number {
  let start = startOfLocal(gap, end);
  for (let parts = 0; parts < 3 && start < end && gap.at(start - 1) === 32; parts++) {
    const joiner = startOfWord(gap, start - 1);
    if (gap.at(joiner - 1) !== 32 || !joiners.includes(gap.slice(joiner, start - 1).toLowerCase())) break;
    const first = startOfLocal(gap, joiner - 1);
    if (first === joiner - 1) break;
    start = first;
  }
  return start;
}

function startOfWord(gap: Gap, end: number): number {
  let i = end;
  while (i > end - 12 && isWord(gap.at(i - 1))) i--;
  return i;
}
