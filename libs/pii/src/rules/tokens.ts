import { rank } from '../entity.ts';
import { isAlpha, isAlphanumeric, isDigit, isWord } from '../scan/char-class.ts';
import type { Findings } from '../scan/findings.ts';
import type { Gap } from '../scan/gap.ts';
import { base58Kind, isBech32, isEthereum } from './crypto-address.ts';
import { findIban } from './iban.ts';
import { findNino } from './nino.ts';

const LONGEST = 100;

/** What mixes letters and digits, found at the first digit of the token. Returns the end of what was taken, or 0. */
export function findToken(gap: Gap, at: number, findings: Findings): number {
  const before = gap.at(at - 1);
  if (isAlpha(before) || before === 32 || before === 45) {
    const end = findIban(gap, at, findings) || findNino(gap, at, findings);
    if (end > 0) return end;
  }
  return findAddress(gap, at, findings);
}

function findAddress(gap: Gap, at: number, findings: Findings): number {
  let start = at;
  while (start > at - LONGEST && isAlpha(gap.at(start - 1))) start--;
  if (isDigit(gap.at(start - 1))) return 0;
  let end = at;
  while (end < start + LONGEST && isAlphanumeric(gap.at(end))) end++;
  if (end - start < 26 || isWord(gap.at(end)) || isWord(gap.at(start - 1))) {
    if (end - start >= LONGEST) findings.block();
    return 0;
  }
  const token = gap.slice(start, end);
  if (isBech32(token) || isEthereum(token)) {
    findings.add(start, end, 'CRYPTO', rank.CRYPTO);
    return end;
  }
  const kind = base58Kind(token);
  if (kind === undefined) return 0;
  findings.add(start, end, kind === 'key' ? 'SECRET' : 'CRYPTO', rank.CRYPTO);
  return end;
}
