import { rank } from '../entity.ts';
import { isDigit, isLetter, isWord } from '../scan/char-class.ts';
import type { Gap } from '../scan/gap.ts';
import type { NumberCase } from './number-case.ts';
import { DOT } from './number-chain.ts';

/** Four octets, with a prefix length if one follows; version and chapter numbers are left alone. */
export function findIpv4(number: NumberCase): number {
  const { chain, gap } = number;
  if (chain.count < 4) return 0;
  for (let group = 0; group < 4; group++) {
    if (chain.size(group) > 3 || chain.number(firstDigit(number, group), chain.size(group)) > 255) return 0;
    if (group > 0 && (chain.separator(group) !== DOT || chain.separatorWidth(group) !== 1)) return 0;
  }
  const start = chain.start(0);
  const end = chain.end(3);
  if (!isIpv4SetOff(gap, start, end) || isVersion(number) || isProduct(number)) {
    number.findings.block();
    return 0;
  }
  const withPrefix = endOfPrefixLength(gap, end, 32);
  number.findings.add(start, withPrefix, 'IP_ADDRESS', rank.IP_ADDRESS);
  return withPrefix;
}

const firstDigit = (number: NumberCase, group: number): number => number.chain.total(group);

function isIpv4SetOff(gap: Gap, start: number, end: number): boolean {
  const before = gap.at(start - 1);
  if (isWord(before) || (before === 46 && isDigit(gap.at(start - 2)))) return false;
  const after = gap.at(end);
  return !isWord(after) && !(after === 46 && isDigit(gap.at(end + 1)));
}

function isVersion(number: NumberCase): boolean {
  const context = number.context();
  return context.isNear('version', 3) && context.favours('version', 'ip');
}

/** `Chrome/120.0.0.0`: a name, a slash and a number that ends in zeros. */
function isProduct({ chain, gap }: NumberCase): boolean {
  const slash = chain.start(0) - 1;
  if (gap.at(slash) !== 47 || !isLetter(gap.at(slash - 1))) return false;
  const rest = chain.total(1);
  return chain.total(4) === rest + 3 && chain.number(rest, 3) === 0;
}

/** The end of `/24` behind an address, if it is a length the family knows. */
export function endOfPrefixLength(gap: Gap, end: number, longest: number): number {
  if (gap.at(end) !== 47) return end;
  let i = end + 1;
  let value = 0;
  for (; i < end + 5 && isDigit(gap.at(i)); i++) value = value * 10 + gap.at(i) - 48;
  return i > end + 1 && value <= longest && !isWord(gap.at(i)) ? i : end;
}
