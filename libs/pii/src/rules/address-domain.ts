import { classOf, isAlpha, isAlphanumeric, isDigit, isHex, isUnspaced, isWord, WIDE } from '../scan/char-class.ts';
import type { Gap } from '../scan/gap.ts';
import { isFileSuffix, isKnownTopLevel } from './top-level-domains.ts';

const MAX_LENGTH = 255;

/** Which ways of writing the dot are read; `doubtful`: only if the top-level domain is a known one. */
export type DotForms = 'plain' | 'encoded' | 'spelled' | 'doubtful';

/** The end of the domain of an address that begins at `start`; 0 if none does. */
export function endOfDomain(gap: Gap, start: number, forms: DotForms): number {
  if (gap.at(start) === 91) return endOfLiteral(gap, start);
  const limit = start + MAX_LENGTH;
  let labels = 0;
  let begin = start;
  let best = 0;
  let isSure = forms !== 'doubtful';
  while (begin < limit) {
    const end = endOfLabel(gap, begin, limit);
    if (end === begin) break;
    labels++;
    const top = labels > 1 ? endOfTopLevel(gap, begin, end, isSure) : 0;
    if (top > 0) best = top;
    const dot = dotWidth(gap, end, forms);
    if (dot === 0 || !isWord(gap.at(end + dot))) break;
    isSure &&= dot === 1;
    begin = end + dot;
  }
  return best;
}

/** `[192.0.2.1]`, `[IPv6:2001:db8::1]`. */
function endOfLiteral(gap: Gap, start: number): number {
  let i = start + 1;
  const first = gap.hasWord(i, 'ipv6:') ? i + 5 : i;
  for (i = first; i < start + 48; i++) {
    const code = gap.at(i);
    if (code === 93) return i > first + 2 ? i + 1 : 0;
    if (!isHex(code) && code !== 46 && code !== 58) return 0;
  }
  return 0;
}

/** Up to the mark that ends it, or to where the script changes to one that is written without spaces. */
function endOfLabel(gap: Gap, start: number, limit: number): number {
  let i = start;
  const isLatin = isAlphanumeric(gap.at(start));
  while (i < limit) {
    const code = gap.at(i);
    if (!isWord(code) && code !== 45 && code !== 95) break;
    if (!isWord(code) && gap.hasWord(i + 1, 'dot') && gap.at(i + 4) === code) break;
    if (isLatin && isUnspaced(code)) break;
    i++;
  }
  return i;
}

/** Whether the label could be the last: letters, or punycode. Cut where digits or a dash are glued to it. */
function endOfTopLevel(gap: Gap, start: number, end: number, isSure: boolean): number {
  if (gap.hasWord(start, 'xn--')) return end;
  let i = start;
  while (i < end && (isAlpha(gap.at(i)) || (classOf(gap.at(i)) & WIDE) !== 0)) i++;
  const length = i - start;
  if (length < 2 && !(length === 1 && i === end && gap.at(start) > 127)) return 0;
  if (isFileSuffix(packWord(gap, start, i))) return 0;
  if (isSure && (i === end || !isDigit(gap.at(i)))) return i;
  return length <= 12 && isKnownTopLevel(gap.slice(start, i).toLowerCase()) ? i : 0;
}

/** Up to six letters as one number, five bits each; 0 for anything longer. */
function packWord(gap: Gap, start: number, end: number): number {
  if (end - start > 6) return 0;
  let packed = 0;
  for (let i = start; i < end; i++) packed = (packed << 5) | (gap.at(i) & 31);
  return packed;
}

/** How many units the dot at `at` takes; 0 if there is none. */
function dotWidth(gap: Gap, at: number, forms: DotForms): number {
  const code = gap.at(at);
  if (code === 46) {
    const next = gap.at(at + 1);
    return (next === 46 || next === 32) && forms === 'plain' && isListedWord(gap, at + 2) ? 2 : 1;
  }
  if (code === 37) return gap.hasWord(at, '%2e') ? 3 : 0;
  if (code === 38) return gap.has(at, '&#46;') ? 5 : gap.hasWord(at, '&period;') ? 8 : 0;
  if (forms === 'encoded' || !canOpenDot(code)) return 0;
  return spelledDotWidth(gap, at, forms === 'spelled');
}

const canOpenDot = (code: number): boolean =>
  code === 32 || code === 45 || code === 40 || code === 91 || code === 123 || code === 95 || code === 44 || code === 60;

/** ` dot `, `[dot]`, `(.)`, `_dot_`, ` . `, and the comma that was meant to be a dot. */
function spelledDotWidth(gap: Gap, at: number, isBareAllowed: boolean): number {
  if (gap.at(at) === 44) return isKnownWord(gap, at + 1) ? 1 : 0;
  let i = at;
  while (i < at + 2 && gap.at(i) === 32) i++;
  const hasBlank = i > at;
  const opened = gap.at(i);
  const isBracketed =
    opened === 40 || opened === 91 || opened === 123 || opened === 60 || opened === 95 || opened === 45;
  if (isBracketed) i++;
  if (isBracketed && gap.at(i) === 32) i++;
  if (gap.hasWord(i, 'dot')) i += 3;
  else if (gap.hasWord(i, 'punkt') || gap.hasWord(i, 'point')) i += 5;
  else if (gap.at(i) === 46) i += 1;
  else return 0;
  if (isBracketed && gap.at(i) === 32) i++;
  if (isBracketed) {
    const closed = gap.at(i++);
    if (closed !== 41 && closed !== 93 && closed !== 125 && closed !== 62 && closed !== opened) return 0;
  } else if (!hasBlank || gap.at(i) !== 32)
    return hasBlank && gap.at(i - 1) === 46 && isListedWord(gap, i) ? i - at : 0;
  while (i < at + 12 && gap.at(i) === 32) i++;
  return isBracketed || isBareAllowed || isKnownWord(gap, i) ? i - at : 0;
}

/** The same, but no country code: those are words of some language. */
const isListedWord = (gap: Gap, at: number): boolean => isAlpha(gap.at(at + 2)) && isKnownWord(gap, at);

/** A known top-level domain stands here as a word. */
function isKnownWord(gap: Gap, at: number): boolean {
  let i = at;
  while (i < at + 12 && isAlpha(gap.at(i))) i++;
  return i > at + 1 && !isWord(gap.at(i)) && isKnownTopLevel(gap.slice(at, i).toLowerCase());
}
