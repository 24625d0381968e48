import { rank } from '../entity.ts';
import { isAlphanumeric, isDigit } from '../scan/char-class.ts';
import type { NumberCase } from './number-case.ts';
import { DASH, DOT, SPACE, type NumberChain } from './number-chain.ts';

/** US social security and taxpayer numbers: nine digits, 3-2-4 or, where the words say so, in any groups. */
export function findUsTaxNumber(number: NumberCase): number {
  const { chain, gap } = number;
  const groups = groupsOfNine(chain);
  if (groups === 0) return 0;
  const type = taxNumberType(chain);
  if (type === undefined) return 0;
  const start = chain.start(0);
  const end = chain.end(groups - 1);
  if (isAlphanumeric(gap.at(start - 1)) || isAlphanumeric(gap.at(end)) || !isWrittenLikeOne(number, groups)) {
    number.findings.block();
    return 0;
  }
  number.findings.add(start, end, type, rank.US_SSN);
  return end;
}

function groupsOfNine(chain: NumberChain): number {
  for (let groups = 1; groups <= Math.min(3, chain.count); groups++) if (chain.total(groups) === 9) return groups;
  return 0;
}

function taxNumberType(chain: NumberChain): 'US_SSN' | 'US_ITIN' | undefined {
  const area = chain.number(0, 3);
  const group = chain.number(3, 2);
  if (area === 0 || area === 666 || group === 0 || chain.number(5, 4) === 0) return undefined;
  if (area < 900) return 'US_SSN';
  const isItin = (group >= 50 && group <= 65) || (group >= 70 && group <= 88) || group === 90 || group === 91;
  return isItin || group === 92 || (group >= 94 && group <= 99) ? 'US_ITIN' : undefined;
}

function isWrittenLikeOne(number: NumberCase, groups: number): boolean {
  const { chain, gap } = number;
  const context = number.context();
  const isNamed = context.favours('ssn', 'label') || context.favours('itin', 'label', 'phone');
  if (isNamed && context.distance('ssn') > 4 && context.distance('itin') > 4) return false;
  if (groups !== 3 || !chain.hasSizes([3, 2, 4]) || !chain.isUniform(3)) return isNamed;
  const bits = chain.separator(1);
  if (bits !== DASH && bits !== DOT && bits !== SPACE) return isNamed;
  const goesOn = chain.count > 3 && chain.separator(3) === bits && bits !== SPACE;
  const before = gap.at(chain.start(0) - 1);
  const isInside = (before === 45 || before === 46) && isAlphanumeric(gap.at(chain.start(0) - 2));
  if (goesOn || isInside || (gap.at(chain.end(2)) === 45 && isDigit(gap.at(chain.end(2) + 1)))) return false;
  if (isNamed) return true;
  if (bits === DASH) return !context.isNear('label', 2);
  return !context.favours('phone') && !context.isNear('label', 3) && !context.isNear('identifier', 2);
}
