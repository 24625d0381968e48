import { rank } from '../entity.ts';
import { isAlpha, isDigit, isHex, isWord } from '../scan/char-class.ts';
import type { Gap } from '../scan/gap.ts';
import { passesEan13, passesLuhn } from './check-digits.ts';
import { isCardIssuer } from './card-issuers.ts';
import type { NumberCase } from './number-case.ts';
import { BAR, COMMA, NEWLINE, QUOTE } from './number-chain.ts';

const MIN_DIGITS = 12;
const MAX_DIGITS = 19;

/** A payment card: an issuer's prefix and length, Luhn, and groups as people write them. A failed Luhn is left alone. */
export function findCard(number: NumberCase): number {
  const { chain } = number;
  for (let groups = chain.count; groups > 0; groups--) {
    const total = chain.total(groups);
    if (total < MIN_DIGITS) return 0;
    if (total > MAX_DIGITS) continue;
    if (!passesLuhn(chain, total) || !isGroupedLikeCard(number, groups)) continue;
    const end = chain.end(groups - 1);
    if (!isCard(number, groups, total) || !isSetOff(number.gap, chain.start(0), end, groups)) {
      number.findings.block();
      continue;
    }
    number.findings.add(chain.start(0), end, 'CREDIT_CARD', rank.CREDIT_CARD);
    return end;
  }
  return 0;
}

function isCard(number: NumberCase, groups: number, total: number): boolean {
  const { chain } = number;
  const isIssued = isCardIssuer(chain, total);
  if (isIssued && total > 13 && total < 17) return true;
  const context = number.context();
  if (isIssued && (total > 16 || groups > 1) && total !== 12) return !context.favours('label', 'card', 'phone');
  const isNamed = context.favours('card', 'label', 'phone') && !context.isNear('label', 2);
  if (total === 13)
    return (
      isIssued &&
      (isNamed || (!passesEan13(chain) && !context.favours('label', 'card') && !context.favours('phone', 'card')))
    );
  return isNamed && (isIssued || total > 12) && chain.digit(0) !== 0;
}

/** Sizes of groups on the card itself and in forms. */
const usualSizes = new Set([
  '4444',
  '464',
  '465',
  '44443',
  '4441',
  '88',
  '4448',
  '448',
  '484',
  '844',
  '6442',
  '456',
  '474',
  '6413',
]);

function isGroupedLikeCard(number: NumberCase, groups: number): boolean {
  const { chain } = number;
  if (groups === 1) return true;
  if (chain.size(0) < 3) return isDictated(number, groups);
  let sizes = '';
  for (let group = 0; group < groups; group++) {
    sizes += chain.size(group);
    if (group > 0 && !isCardSeparator(chain.separator(group), chain.separatorWidth(group))) return false;
  }
  if (usualSizes.has(sizes)) return true;
  return groups < 8 && number.context().favours('card', 'identifier', 'label');
}

/** One by one or in pairs: only if nothing goes before or follows in the same manner. */
function isDictated({ chain, gap, findings }: NumberCase, groups: number): boolean {
  const size = chain.size(0);
  if (groups !== chain.count || !chain.isUniform(groups) || isDigit(gap.at(chain.start(0) - 2))) {
    findings.block();
    return false;
  }
  for (let group = 1; group < groups - 1; group++) if (chain.size(group) !== size) return false;
  return chain.size(groups - 1) <= size;
}

/** A quote mark belongs to a wrapped line, a comma only to a list of groups. */
const isCardSeparator = (bits: number, width: number): boolean =>
  ((bits & QUOTE) === 0 || (bits & NEWLINE) !== 0) &&
  ((bits & COMMA) === 0 || width <= 2) &&
  ((bits & BAR) === 0 || width === 1);

/** Words may be glued to a card number, digits and hashes may not. */
function isSetOff(gap: Gap, start: number, end: number, groups: number): boolean {
  if (groups === 1 && gap.at(start - 1) === 46 && isDigit(gap.at(start - 2))) return false;
  if (groups === 1 && gap.at(end) === 46 && isDigit(gap.at(end + 1))) return false;
  return isPlainWordBefore(gap, start) && isPlainWordAfter(gap, end);
}

const GLUE_REACH = 24;

function isPlainWordBefore(gap: Gap, start: number): boolean {
  let i = start - 1;
  let isWordLike = false;
  for (; i > start - GLUE_REACH && isWord(gap.at(i)); i--) {
    if (isDigit(gap.at(i))) return false;
    if (!isHex(gap.at(i))) isWordLike = true;
  }
  return i === start - 1 || (isWordLike && !(isAlpha(gap.at(start - 1)) && i === start - 2));
}

function isPlainWordAfter(gap: Gap, end: number): boolean {
  let i = end;
  let isWordLike = false;
  for (; i < end + GLUE_REACH && isWord(gap.at(i)); i++) {
    if (isDigit(gap.at(i))) return false;
    if (!isHex(gap.at(i))) isWordLike = true;
  }
  return i === end || isWordLike;
}
