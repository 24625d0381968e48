import { rank } from '../entity.ts';
import { isHex, isWord } from '../scan/char-class.ts';
import type { Findings } from '../scan/findings.ts';
import type { Gap } from '../scan/gap.ts';

/** A hardware address whose first separator is at `mark`: six pairs with `:` or `-`, or three fours with `.`. */
export function findMac(gap: Gap, mark: number, findings: Findings): number {
  const separator = gap.at(mark);
  const [groups, size] = separator === 46 ? [3, 4] : [6, 2];
  const start = mark - size;
  let i = start;
  let hasLetter = false;
  for (let group = 0; group < groups; group++) {
    if (group > 0 && gap.at(i++) !== separator) return 0;
    for (let digit = 0; digit < size; digit++) {
      const code = gap.at(i++);
      if (!isHex(code)) return 0;
      hasLetter ||= code > 57;
    }
  }
  // Three fours of plain digits are more often an amount or a number in groups.
  const isOther = (separator === 46 && !hasLetter) || isWord(gap.at(start - 1)) || isWord(gap.at(i));
  const goesOn = gap.at(start - 1) === separator || (gap.at(i) === separator && isHex(gap.at(i + 1)));
  if (isOther || goesOn) {
    findings.block();
    return 0;
  }
  findings.add(start, i, 'MAC_ADDRESS', rank.MAC_ADDRESS);
  return i;
}
