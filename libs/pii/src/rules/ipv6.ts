import { rank } from '../entity.ts';
import { isAlphanumeric, isDigit, isHex, isWord } from '../scan/char-class.ts';
import type { Findings } from '../scan/findings.ts';
import type { Gap } from '../scan/gap.ts';
import type { Context } from './context.ts';
import { endOfPrefixLength } from './ipv4.ts';

interface Parsed {
  end: number;
  groups: number;
  isCompressed: boolean;
  hasDigit: boolean;
  longestGroup: number;
  hasIpv4: boolean;
}

/** An IPv6 address whose first colon is at `colon`. */
export function findIpv6(gap: Gap, colon: number, findings: Findings, contextAt: (start: number) => Context): number {
  let start = colon;
  while (start > colon - 5 && isHex(gap.at(start - 1))) start--;
  const before = gap.at(start - 1);
  if (colon - start > 4 || before === 58 || (start === colon && gap.at(colon + 1) !== 58)) return 0;
  if (start < colon && gap.at(colon + 1) !== 58 && !isHex(gap.at(colon + 1))) return 0;
  const parsed = parse(gap, start);
  if (parsed === undefined) return 0;
  if (isWord(before) || before === 46 || !isSetOff(gap, parsed.end) || !isPlausible(gap, start, parsed, contextAt)) {
    findings.block();
    return 0;
  }
  const end = endOfPrefixLength(gap, endOfZone(gap, parsed.end), 128);
  findings.add(start, end, 'IP_ADDRESS', rank.IP_ADDRESS);
  return end;
}

function parse(gap: Gap, start: number): Parsed | undefined {
  const parsed: Parsed = {
    end: start,
    groups: 0,
    isCompressed: false,
    hasDigit: false,
    longestGroup: 0,
    hasIpv4: false,
  };
  let i = start;
  if (gap.at(i) === 58) {
    parsed.isCompressed = true;
    i += 2;
  }
  while (parsed.groups < 8 && isHex(gap.at(i))) {
    const first = i;
    while (i < first + 5 && isHex(gap.at(i))) if (isDigit(gap.at(i++))) parsed.hasDigit = true;
    if (gap.at(i) === 46 && readIpv4Tail(gap, first, parsed)) break;
    if (i - first > 4) return undefined;
    parsed.groups++;
    parsed.longestGroup = Math.max(parsed.longestGroup, i - first);
    parsed.end = i;
    if (gap.at(i) !== 58) break;
    if (gap.at(i + 1) === 58) {
      if (parsed.isCompressed) return undefined;
      parsed.isCompressed = true;
      parsed.end = i + 2;
      i += 2;
    } else i++;
  }
  if (parsed.groups === 0) return undefined;
  return parsed.isCompressed ? (parsed.groups < 8 ? parsed : undefined) : parsed.groups === 8 ? parsed : undefined;
}

/** The last 32 bits in the old notation: `::ffff:192.168.1.1`. */
function readIpv4Tail(gap: Gap, first: number, parsed: Parsed): boolean {
  let i = first;
  for (let octet = 0; octet < 4; octet++) {
    if (octet > 0 && gap.at(i++) !== 46) return false;
    const begin = i;
    let value = 0;
    for (; i < begin + 3 && isDigit(gap.at(i)); i++) value = value * 10 + gap.at(i) - 48;
    if (i === begin || value > 255) return false;
  }
  if (isDigit(gap.at(i)) || (gap.at(i) === 46 && isDigit(gap.at(i + 1)))) return false;
  parsed.hasIpv4 = true;
  parsed.groups += 2;
  parsed.end = i;
  return true;
}

const isSetOff = (gap: Gap, end: number): boolean =>
  !isWord(gap.at(end)) && gap.at(end) !== 58 && !(gap.at(end) === 46 && isDigit(gap.at(end + 1)));

/** Slices (`a[1::2]`), names (`std::dec`) and clocks are not addresses. */
function isPlausible(gap: Gap, start: number, parsed: Parsed, contextAt: (start: number) => Context): boolean {
  if (!parsed.isCompressed || parsed.hasIpv4 || (parsed.hasDigit && parsed.groups > 2)) return true;
  if (!parsed.hasDigit) return contextAt(start).isNear('ip', 2);
  if (parsed.longestGroup > 2 && isAlphanumeric(gap.at(start))) return true;
  const isLoopback = gap.at(start) === 58 && parsed.end === start + 3 && gap.at(start - 1) !== 93;
  return isLoopback || contextAt(start).isNear('ip', 3);
}

function endOfZone(gap: Gap, end: number): number {
  if (gap.at(end) !== 37 || !isAlphanumeric(gap.at(end + 1))) return end;
  let i = end + 1;
  while (i < end + 17 && isAlphanumeric(gap.at(i))) i++;
  return i;
}
