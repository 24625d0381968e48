import { rank } from '../entity.ts';
import { isDigit, isWord, lower } from '../scan/char-class.ts';
import type { Findings } from '../scan/findings.ts';
import type { Gap } from '../scan/gap.ts';

const letters = (text: string): ReadonlySet<number> => new Set(Array.from(text, (char) => char.charCodeAt(0)));
const never = letters('dfiquv');
const notSecond = letters('dfiquvo');
const suffixes = letters('abcd');
const unused = new Set(['bg', 'gb', 'nk', 'kn', 'tn', 'nt', 'zz']);

/** A UK national insurance number: a prefix in use, six digits alone or in pairs, and a suffix A to D. */
export function findNino(gap: Gap, at: number, findings: Findings): number {
  // Two digits at least, in a row: told first, since most digits in tokens stand alone.
  if (!isDigit(gap.at(at + 1))) return 0;
  const second = gap.at(at - 1) === 32 || gap.at(at - 1) === 45 ? at - 2 : at - 1;
  const start = second - 1;
  const one = lower(gap.at(start));
  const two = lower(gap.at(second));
  if (isWord(gap.at(start - 1)) || !isPrefix(one, two)) return 0;
  let i = at;
  for (let digits = 0; digits < 6; digits++) {
    if (digits > 0 && digits % 2 === 0 && (gap.at(i) === 32 || gap.at(i) === 45)) i++;
    if (!isDigit(gap.at(i++))) return 0;
  }
  if (gap.at(i) === 32 || gap.at(i) === 45) i++;
  if (!suffixes.has(lower(gap.at(i))) || isWord(gap.at(i + 1))) return 0;
  findings.add(start, i + 1, 'UK_NINO', rank.UK_NINO);
  return i + 1;
}

function isPrefix(one: number, two: number): boolean {
  if (one < 97 || one > 122 || two < 97 || two > 122 || never.has(one) || notSecond.has(two)) return false;
  return !unused.has(String.fromCharCode(one, two));
}
