import { callingCodeLength } from './calling-codes.ts';
import { DASH, DOT, PAREN, SLASH, SPACE, type NumberChain } from './number-chain.ts';

/** How many groups from the first on are separated as in phone numbers, within `maxDigits` digits. */
export function phoneGroups(chain: NumberChain, maxDigits: number): number {
  if (chain.count === 0 || chain.total(1) > maxDigits) return 0;
  let groups = 1;
  while (groups < chain.count && chain.total(groups + 1) <= maxDigits && isPhoneGroup(chain, groups)) groups++;
  return groups;
}

/** Single digits stand only at the front: a calling code, a trunk zero, the 1 of Paris. */
const isPhoneGroup = (chain: NumberChain, group: number): boolean =>
  isPhoneSeparator(chain, group) && (chain.size(group) > 1 || group < 3);

/** Digit by digit, as dictated: `5 5 5 0 1 3 2`. */
export const isDictated = (chain: NumberChain): boolean => {
  if (chain.count < 7 || chain.count > 12 || chain.total(chain.count) !== chain.count) return false;
  return chain.isUniform(chain.count) && isPhoneSeparator(chain, 1);
};

function isPhoneSeparator(chain: NumberChain, group: number): boolean {
  const bits = chain.separator(group);
  const width = chain.separatorWidth(group);
  if ((bits & ~(SPACE | DASH | DOT | PAREN | SLASH)) !== 0 || width > 3) return false;
  return width === 1 || (bits & (PAREN | SPACE)) !== 0;
}

/** Shapes so particular to phone numbers that no word has to vouch for them. */
export function isStrongPhoneShape(chain: NumberChain, groups: number, isAreaBracketed: boolean): boolean {
  const total = chain.total(groups);
  if (isAreaBracketed) return isBracketedArea(chain, groups, total);
  if (groups === 3 && isThreeThreeFour(chain, 0)) return true;
  if (groups === 4 && chain.size(0) <= 3 && isThreeThreeFour(chain, 1)) return isPrefixedNorthAmerican(chain);
  if (chain.digit(0) === 0 && chain.digit(1) !== 0) return isTrunkZero(chain, groups, total);
  return groups === 4 && chain.hasSizes([3, 3, 2, 2]) && chain.isUniform(4) && chain.digit(0) > 1;
}

/** `(11) 98456-5666`, `(0211) 123456`. */
const isBracketedArea = (chain: NumberChain, groups: number, total: number): boolean =>
  groups > 1 &&
  chain.size(0) > 1 &&
  chain.size(0) <= (chain.digit(0) === 0 ? 5 : 3) &&
  chain.separatorWidth(1) <= 2 &&
  total >= 8 &&
  total <= 12;

/** `415-555-0132`; with blanks only if the North American plan allows the number. */
function isThreeThreeFour(chain: NumberChain, first: number): boolean {
  if (chain.size(first) !== 3 || chain.size(first + 1) !== 3 || chain.size(first + 2) !== 4) return false;
  const one = chain.separator(first + 1);
  const two = chain.separator(first + 2);
  if (chain.separatorWidth(first + 2) !== 1) return false;
  if ((one & PAREN) !== 0) return (two & (DASH | SPACE | DOT)) !== 0;
  if (chain.separatorWidth(first + 1) !== 1) return false;
  if (one === two && (one === DASH || one === DOT)) return true;
  const offset = chain.total(first);
  const isAllowed = chain.digit(offset) > 1 && chain.digit(offset + 3) > 1;
  return (one & (SPACE | DOT | DASH | SLASH)) !== 0 && (two & (SPACE | DASH | DOT)) !== 0 && isAllowed;
}

function isPrefixedNorthAmerican(chain: NumberChain): boolean {
  if (chain.separatorWidth(1) > 2) return false;
  if (chain.size(0) === 1 && chain.digit(0) !== 1) return false;
  return callingCodeLength(chain, 0) === chain.size(0) && (chain.separator(1) !== SPACE || chain.digit(0) === 1);
}

/** A national number with its trunk zero: `0490 75 40 81`, `06-24312407`, `03.93.92.16.85`, `030/1234567`. */
function isTrunkZero(chain: NumberChain, groups: number, total: number): boolean {
  if (groups < 2 || total < 9 || total > 11) return false;
  if (chain.size(0) === 1 ? groups < 4 : chain.size(0) > 5) return false;
  if (chain.size(groups - 1) < 2 || (groups === 2 && chain.size(1) < 5)) return false;
  for (let group = 1; group < groups; group++) {
    if (chain.separatorWidth(group) !== 1 || (group > 1 && chain.separator(group) === SLASH)) return false;
    if (group > 2 && chain.separator(group) !== chain.separator(2)) return false;
  }
  return !(groups === 4 && chain.separator(1) === DOT && [0, 1, 2, 3].every((group) => chain.size(group) <= 3));
}

/** Whether the digits begin with a date, or are nothing but years. */
export function isDateLike(chain: NumberChain, groups: number): boolean {
  if (groups === 1) return chain.total(1) === 8 && isYear(chain.number(0, 4)) && isMonthAndDay(chain, 4, 6, 2, 2);
  const bits = chain.separator(1);
  if (bits !== DASH && bits !== SLASH && bits !== DOT) return false;
  if (chain.size(0) === 4 && chain.size(1) === 4) return isYear(chain.number(0, 4)) && isYear(chain.number(4, 4));
  if (chain.count < 3 || chain.separator(2) !== bits) return false;
  const [one, two, three] = [chain.size(0), chain.size(1), chain.size(2)];
  if (one === 4 && two <= 2 && three <= 2) {
    return isYear(chain.number(0, 4)) && isMonthAndDay(chain, 4, 4 + two, two, three);
  }
  if (one > 2 || two > 2 || (three !== 4 && three !== 2)) return false;
  if (three === 2 && chain.count > 3 && chain.separator(3) === bits) return false;
  return isMonthAndDay(chain, 0, one, one, two) && (three === 2 || isYear(chain.number(one + two, 4)));
}

const isYear = (year: number): boolean => year >= 1900 && year < 2100;

function isMonthAndDay(chain: NumberChain, first: number, second: number, width: number, otherWidth: number): boolean {
  const one = chain.number(first, width);
  const two = chain.number(second, otherWidth);
  return one > 0 && two > 0 && Math.max(one, two) <= 31 && Math.min(one, two) <= 12;
}
