import { rank } from '../entity.ts';
import { isAlphanumeric, isDigit, isAlpha, isWord, lower } from '../scan/char-class.ts';
import type { Findings } from '../scan/findings.ts';
import type { Gap } from '../scan/gap.ts';
import { ibanLength } from './iban-countries.ts';

const MAX_SEPARATOR = 3;

/** An IBAN whose check digits begin at `at`: two letters before them, the country's length, modulo 97. */
export function findIban(gap: Gap, at: number, findings: Findings): number {
  const start = at - 2;
  if (!isAlpha(gap.at(start)) || !isAlpha(gap.at(start + 1)) || !isDigit(gap.at(at + 1))) return 0;
  const length = ibanLength(lower(gap.at(start)), lower(gap.at(start + 1)));
  if (length === 0) return 0;
  const end = endOfAccount(gap, start, length);
  if (end === 0) return 0;
  const isGlued = isWord(gap.at(start - 1)) && !(gap.hasWord(start - 4, 'iban') && !isWord(gap.at(start - 5)));
  if (isGlued || isWord(gap.at(end)) || remainder97(gap, start, end) !== 1) {
    findings.block();
    return 0;
  }
  findings.add(start, end, 'IBAN_CODE', rank.IBAN_CODE);
  return end;
}

/** The end of `length` letters and digits with at most a few blanks, dashes or dots between them; 0 if they run out. */
function endOfAccount(gap: Gap, start: number, length: number): number {
  let i = start;
  for (let count = 0; count < length; count++) {
    const first = i;
    while (i < first + MAX_SEPARATOR && count > 0 && isSeparator(gap.at(i))) i++;
    if (!isAlphanumeric(gap.at(i))) return 0;
    i++;
  }
  return i;
}

const isSeparator = (code: number): boolean =>
  code === 32 || code === 45 || code === 46 || code === 10 || code === 13 || code === 9 || code === 95;

function remainder97(gap: Gap, start: number, end: number): number {
  let remainder = 0;
  let head = 0;
  let seen = 0;
  for (let i = start; i < end; i++) {
    const code = gap.at(i);
    if (!isAlphanumeric(code)) continue;
    const value = isDigit(code) ? code - 48 : lower(code) - 87;
    if (seen++ < 4) head = head * (value > 9 ? 100 : 10) + value;
    else remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  // The first four are moved to the end: two letters are four digits, the check digits two more.
  return (remainder * 1_000_000 + head) % 97;
}
