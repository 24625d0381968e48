import { rank } from '../entity.ts';
import { isAlphanumeric } from '../scan/char-class.ts';
import { passesModulo11 } from './check-digits.ts';
import type { NumberCase } from './number-case.ts';
import { DASH, SPACE } from './number-chain.ts';

/** A UK NHS number: ten digits modulo 11, written 3-3-4, or bare where the words or an otherwise empty field say so. */
export function findNhs(number: NumberCase): number {
  const { chain, gap } = number;
  const isGrouped = chain.hasSizes([3, 3, 4]) && chain.isUniform(3) && (chain.separator(1) & (SPACE | DASH)) !== 0;
  const groups = isGrouped ? 3 : 1;
  if (chain.total(groups) !== 10 || !passesModulo11(chain) || chain.number(0, 10) === 0) return 0;
  const start = chain.start(0);
  const end = chain.end(groups - 1);
  if (isAlphanumeric(gap.at(start - 1)) || isAlphanumeric(gap.at(end))) return 0;
  const context = number.context();
  const isNamed = context.favours('nhs', 'phone', 'label');
  const isAlone = gap.isWholeText && start === gap.lo && end === gap.hi && !context.favours('identifier');
  const isSpaced = isGrouped && chain.separator(1) === SPACE;
  const isElse = context.favours('phone') || context.isNear('identifier', 2) || context.isNear('label', 3);
  if (!isNamed && !isAlone && !(isSpaced && !isElse)) {
    number.findings.block();
    return 0;
  }
  number.findings.add(start, end, 'UK_NHS', rank.UK_NHS);
  return end;
}
