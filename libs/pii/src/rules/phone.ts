import { rank } from '../entity.ts';
import { isAlpha, isAlphanumeric, isBlank, isDigit, isWord } from '../scan/char-class.ts';
import { CURRENCY_SIGN } from '../scan/fold.ts';
import type { Gap } from '../scan/gap.ts';
import { callingCodeLength } from './calling-codes.ts';
import { topicsAfter, type Context } from './context.ts';
import type { NumberCase } from './number-case.ts';
import { PAREN, SPACE, type NumberChain } from './number-chain.ts';
import { isDateLike, isDictated, isStrongPhoneShape, phoneGroups } from './phone-shape.ts';
import { topicBit } from './vocabulary.ts';

/** Phone numbers: international ones by their prefix, national ones by shape or by the words around them. */
export function findPhone(number: NumberCase): number {
  if (number.chain.total(number.chain.count) < 6) return 0;
  return findInternational(number) || findNational(number);
}

/** The longest national number behind some calling codes; twelve digits for all the others. */
const nationalDigits: Readonly<Record<number, number>> = {
  1: 10,
  7: 10,
  20: 10,
  27: 9,
  30: 10,
  31: 9,
  32: 9,
  33: 9,
  34: 9,
  36: 9,
  39: 11,
  40: 9,
  41: 9,
  43: 13,
  44: 10,
  45: 8,
  46: 10,
  47: 8,
  48: 9,
  49: 13,
  52: 11,
  54: 11,
  55: 11,
  61: 9,
  63: 10,
  81: 10,
  86: 11,
  90: 10,
  91: 10,
  351: 9,
  353: 9,
  354: 9,
  358: 11,
  385: 9,
  386: 8,
  420: 9,
  421: 9,
  852: 8,
  886: 10,
  971: 9,
  972: 9,
};

function findInternational(number: NumberCase): number {
  const { chain, gap } = number;
  const plus = isMessengerLink(gap, chain.start(0)) ? chain.start(0) : plusBefore(gap, chain.start(0));
  const skipped = plus >= 0 ? 0 : 2;
  if (plus < 0 && !startsWithDoubleZero(number)) return 0;
  if (chain.total(chain.count) < skipped + 7) return 0;
  const codeLength = callingCodeLength(chain, skipped);
  if (codeLength === 0) return 0;
  const trunk = hasTrunkZero(chain) ? 1 : 0;
  const longest = nationalDigits[chain.number(skipped, codeLength)] ?? 12;
  const groups = phoneGroups(chain, Math.min(skipped + codeLength + longest + trunk, skipped + 16));
  if (groups === 0 || chain.total(groups) - skipped - codeLength < 6) return 0;
  if (plus < 0 && !isDoubleZeroPlausible(number, groups)) return 0;
  return take(number, plus >= 0 ? plus : chain.start(0), groups);
}

/** Where the `+` of `+44`, `+ 44`, `+(44)` or `(+44)` stands (or the bracket before it); -1 if there is none. */
function plusBefore(gap: Gap, start: number): number {
  let i = start - 1;
  if (gap.at(i) === 40 || gap.at(i) === 32) i--;
  if (gap.at(i) !== 43 || isDigit(gap.at(i - 1))) return -1;
  return gap.at(i - 1) === 40 && i === start - 1 ? i - 1 : i;
}

const startsWithDoubleZero = ({ chain, gap }: NumberCase): boolean =>
  chain.digit(0) === 0 &&
  chain.total(chain.count) > 9 &&
  chain.digit(1) === 0 &&
  chain.digit(2) !== 0 &&
  chain.size(0) > 1 &&
  !isInsideName(gap, chain.start(0));

const isDoubleZeroPlausible = (number: NumberCase, groups: number): boolean =>
  !isDoubtful(number, false) &&
  number.chain.total(groups) > (groups > 2 ? 9 : 10) &&
  (groups > 2 || isCalled(number.context()) || groups === 1) &&
  !isLabelled(number);

/** `(0)` behind the calling code is said, but not dialled. */
const hasTrunkZero = (chain: NumberChain): boolean =>
  chain.count > 1 &&
  (chain.separator(1) & PAREN) !== 0 &&
  chain.digit(chain.total(1)) === 0 &&
  (chain.size(1) === 1 || (chain.count > 2 && (chain.separator(2) & PAREN) !== 0));

function findNational(number: NumberCase): number {
  const { chain, gap } = number;
  const isBracketed = gap.at(chain.start(0) - 1) === 40 && chain.count > 1 && (chain.separator(1) & PAREN) !== 0;
  const start = isBracketed ? chain.start(0) - 1 : chain.start(0);
  if (isDictated(chain) && !isInsideName(gap, start) && isCalled(number.context()))
    return take(number, start, chain.count);
  const most = phoneGroups(chain, 13);
  if (most === 0 || chain.total(most) < 6 || isDateLike(chain, most)) return 0;
  if (isInsideName(gap, start) || isNumbered(gap, start)) {
    noteWeak(number, start, phoneGroups(chain, 12));
    return 0;
  }
  for (let groups = most; groups > 0; groups--) {
    if (isStrongPhoneShape(chain, groups, isBracketed) && !isLabelled(number) && !isDoubtful(number, isBracketed)) {
      const end = take(number, start, groups);
      if (end > 0) return end;
    }
  }
  const groups = phoneGroups(chain, 12);
  if (groups > 0 && isCalledFor(number, groups)) return take(number, start, groups);
  noteWeak(number, start, groups);
  return 0;
}

/** Blanks between the groups, or a leading zero: other numbers have those too, in the middle of a row or behind a name. */
function isDoubtful(number: NumberCase, isBracketed: boolean): boolean {
  const { chain } = number;
  if (isBracketed || (chain.separator(1) !== SPACE && chain.digit(0) !== 0)) return false;
  const context = number.context();
  if (followsNumber(number) && !isCalled(context)) return true;
  return context.isNear('identifier', 2) && context.favours('identifier', 'phone');
}

const followsNumber = ({ chain, gap }: NumberCase): boolean =>
  isBlank(gap.at(chain.start(0) - 1)) && isDigit(gap.at(chain.start(0) - 2)) && gap.at(chain.start(0) - 1) !== 10;

/** Seven to twelve digits that nothing vouches for, unless the same number is found elsewhere in the ticket. */
function noteWeak({ chain, gap, findings }: NumberCase, start: number, groups: number): void {
  if (groups === 0 || chain.total(groups) < 7) return findings.block();
  const end = chain.end(groups - 1);
  if (isWord(gap.at(end))) findings.block();
  else findings.addWeak(start, end, 'PHONE_NUMBER', rank.PHONE_NUMBER);
}

/** Whether the words around vouch for a number whose shape alone says nothing. */
function isCalledFor(number: NumberCase, groups: number): boolean {
  const { chain, gap } = number;
  const total = chain.total(groups);
  const end = chain.end(groups - 1);
  if (isCurrencyAfter(gap, end)) return false;
  const context = number.context();
  const isNamedAfter = (topicsAfter(gap, end) & topicBit('phone')) !== 0 && !isLabelled(number);
  if (total === 6) return groups === 3 && chain.size(0) === 2 && isCalled(context) && context.isNear('phone', 4);
  if (isCalled(context) || isNamedAfter) return true;
  if (total !== 10 && total !== 11) return false;
  const isDialled = total === 11 ? chain.digit(0) === 0 && chain.digit(1) !== 0 : chain.digit(0) > 1;
  const isAlone = gap.isWholeText && chain.start(0) === gap.lo && end === gap.hi && isDialled && chain.size(0) > 1;
  if (isAlone) return !context.favours('identifier') && !context.favours('label');
  return isNumberOfSomebody(context);
}

const isCalled = (context: Context): boolean =>
  context.favours('phone', 'identifier', 'label', 'card', 'ssn', 'itin', 'nhs');

/** "my number is …", unless it is the number of an order, an account, a card. */
function isNumberOfSomebody(context: Context): boolean {
  const distance = context.distance('generic') + 3;
  return (
    context.isNear('generic', 4) &&
    !(['identifier', 'label', 'card', 'ssn', 'itin', 'nhs', 'version'] as const).some((topic) =>
      context.isNear(topic, distance),
    )
  );
}

const isLabelled = (number: NumberCase): boolean =>
  number.context().isNear('label', 5) && number.context().favours('label', 'phone');

function take(number: NumberCase, start: number, groups: number): number {
  const { chain, gap, findings } = number;
  const end = endOfExtension(gap, chain.end(groups - 1));
  if (!endsWell(gap, end)) {
    findings.block();
    return 0;
  }
  findings.add(start, end, 'PHONE_NUMBER', rank.PHONE_NUMBER);
  return end;
}

/** Behind the number stands no letter, no clock's colon, and no `-A` (unless the word says which phone it is). */
function endsWell(gap: Gap, end: number): boolean {
  const after = gap.at(end);
  if (isWord(after)) return false;
  const next = gap.at(end + 1);
  if (after === 58) return !isDigit(next);
  return !(after === 45 && isAlpha(next)) || (topicsAfter(gap, end) & topicBit('phone')) !== 0;
}

/** Part of a word, an identifier, a path or a decimal fraction. */
function isInsideName(gap: Gap, start: number): boolean {
  const before = gap.at(start - 1);
  if (isWord(before)) return true;
  if (before === 47) return isAlphanumeric(gap.at(start - 2)) && !isMessengerLink(gap, start);
  return (before === 45 || before === 46 || before === 95) && isAlphanumeric(gap.at(start - 2));
}

const isMessengerLink = (gap: Gap, start: number): boolean => gap.hasWord(start - 6, 'wa.me/');

/** `#123…`, `$123…`: counted, not dialled. */
function isNumbered(gap: Gap, start: number): boolean {
  const before = gap.at(start - 1);
  return before === 35 || isCurrency(before) || (before === 32 && isCurrency(gap.at(start - 2)));
}

const isCurrency = (code: number): boolean => code === 36 || code === CURRENCY_SIGN;

const isCurrencyAfter = (gap: Gap, end: number): boolean =>
  isCurrency(gap.at(end)) || gap.at(end) === 37 || (gap.at(end) === 32 && isCurrency(gap.at(end + 1)));

/** The end of ` ext. 99`, `x99`. */
function endOfExtension(gap: Gap, end: number): number {
  let i = end;
  while (i < end + 2 && gap.at(i) === 32) i++;
  if (gap.at(i) === 44 && gap.at(i + 1) === 32) i += 2;
  if (gap.hasWord(i, 'extension')) i += 9;
  else if (gap.hasWord(i, 'ext')) i += 3;
  else if (gap.hasWord(i, 'x')) i += 1;
  else return end;
  if (gap.at(i) === 46 || gap.at(i) === 58) i++;
  if (isBlank(gap.at(i))) i++;
  const first = i;
  while (i < first + 6 && isDigit(gap.at(i))) i++;
  return i === first || isWord(gap.at(i)) ? end : i;
}
