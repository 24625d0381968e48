import { rank } from '../entity.ts';
import { isAlpha, isAlphanumeric, isBlank, isDigit, isWord } from '../scan/char-class.ts';
import type { Findings } from '../scan/findings.ts';
import type { Gap } from '../scan/gap.ts';

/** Secrets that their own form gives away: vendors' prefixes, JSON web tokens, private keys, user:password in URLs. */

const LONGEST_TOKEN = 4096;
const LONGEST_PREFIXED = 300;

const isTokenUnit = (code: number): boolean => isAlphanumeric(code) || code === 45 || code === 95;

function endOfToken(gap: Gap, start: number, longest = LONGEST_TOKEN): number {
  let i = start;
  while (i < start + longest && isTokenUnit(gap.at(i))) i++;
  return i;
}

/** Prefix, and how many units at least follow it. */
const prefixes: readonly (readonly [string, number])[] = [
  ['ghp_', 30],
  ['gho_', 30],
  ['ghu_', 30],
  ['ghs_', 30],
  ['ghr_', 30],
  ['github_pat_', 22],
  ['glpat-', 18],
  ['xoxb-', 20],
  ['xoxp-', 20],
  ['xoxa-', 20],
  ['xoxo-', 20],
  ['xoxr-', 20],
  ['xoxs-', 20],
  ['xapp-', 20],
  ['sk_live_', 16],
  ['sk_test_', 16],
  ['rk_live_', 16],
  ['rk_test_', 16],
  ['pk_live_', 16],
  ['whsec_', 16],
  ['npm_', 30],
  ['pypi-', 30],
  ['hf_', 30],
  ['dop_v1_', 40],
  ['shpat_', 30],
  ['shpss_', 30],
  ['sk-', 20],
  ['SG.', 40],
];

const prefixesByMark = new Map(
  Array.from('_-.', (mark) => [mark.charCodeAt(0), prefixes.filter(([prefix]) => prefix.endsWith(mark))]),
);

/** At the mark that ends a vendor's prefix: `_`, `-` or `.`. */
export function findPrefixedSecret(gap: Gap, mark: number, findings: Findings): number {
  if (!isTokenUnit(gap.at(mark + 1)) || !isAlphanumeric(gap.at(mark - 1))) return 0;
  for (const [prefix, rest] of prefixesByMark.get(gap.at(mark)) ?? []) {
    const start = mark + 1 - prefix.length;
    if (!gap.has(start, prefix) || isWord(gap.at(start - 1))) continue;
    let end = endOfToken(gap, mark + 1, LONGEST_PREFIXED);
    if (prefix === 'SG.' && gap.at(end) === 46) end = endOfToken(gap, end + 1, LONGEST_PREFIXED);
    if (end - mark - 1 < rest || !looksRandom(gap, mark + 1, end)) continue;
    findings.add(start, end, 'SECRET', rank.FRAMED_SECRET);
    return end;
  }
  return 0;
}

/** Words have no digits, and capitals only at the front or throughout. */
function looksRandom(gap: Gap, start: number, end: number): boolean {
  let hasLower = false;
  let hasUpper = false;
  for (let i = start; i < end; i++) {
    const code = gap.at(i);
    if (isDigit(code)) return true;
    if (code >= 97) hasLower = true;
    else if (code >= 65 && code <= 90) hasUpper = true;
  }
  return hasLower && hasUpper;
}

const awsPrefixes = ['AKIA', 'ASIA', 'AROA', 'AIDA'];

/** AWS access keys (`AKIA` and 16 more) and Google API keys (`AIza` and 35 more), at their capital A. */
export function findCloudKey(gap: Gap, at: number, findings: Findings): number {
  const isAws = awsPrefixes.some((prefix) => gap.has(at, prefix));
  if ((!isAws && !gap.has(at, 'AIza')) || isAlphanumeric(gap.at(at - 1))) return 0;
  let end = at;
  if (isAws) while (end < at + 21 && (isDigit(gap.at(end)) || (gap.at(end) >= 65 && gap.at(end) <= 90))) end++;
  else end = Math.min(endOfToken(gap, at), at + 40);
  if (end - at !== (isAws ? 20 : 39) || isAlpha(gap.at(end))) return 0;
  findings.add(at, end, 'SECRET', rank.FRAMED_SECRET);
  return end;
}

/** `eyJ…` and one or two more parts, at its capital J. */
export function findJwt(gap: Gap, at: number, findings: Findings): number {
  const start = at - 2;
  if (!gap.has(start, 'eyJ') || isTokenUnit(gap.at(start - 1))) return 0;
  let end = endOfToken(gap, start);
  if (end - start < 10 || gap.at(end) !== 46 || !gap.has(end + 1, 'eyJ')) return 0;
  end = endOfToken(gap, end + 1);
  if (gap.at(end) === 46 && isTokenUnit(gap.at(end + 1))) end = endOfToken(gap, end + 1);
  findings.add(start, end, 'SECRET', rank.FRAMED_SECRET);
  return end;
}

/** `Bearer` or `Basic` and a token of sixteen units or more, at the word. */
export function findBearer(gap: Gap, at: number, findings: Findings): number {
  const width = gap.hasWord(at, 'bearer ') ? 7 : gap.hasWord(at, 'basic ') ? 6 : 0;
  if (width === 0 || isWord(gap.at(at - 1))) return 0;
  const start = at + width;
  let end = start;
  while (end < start + LONGEST_TOKEN && isCredentialUnit(gap.at(end))) end++;
  while (end > start && gap.at(end - 1) === 46) end--;
  if (end - start < 16 || !looksRandom(gap, start, end)) return 0;
  findings.add(start, end, 'SECRET', rank.FRAMED_SECRET);
  return end;
}

const isCredentialUnit = (code: number): boolean =>
  isTokenUnit(code) || code === 46 || code === 126 || code === 43 || code === 47 || code === 61;

const LONGEST_KEY = 16_384;
const beginMark = '-----BEGIN ';

/** From `-----BEGIN … PRIVATE KEY` to the end of its END line, or of what looks like base64, at the first dash. */
export function findPrivateKey(gap: Gap, at: number, findings: Findings): number {
  if (!gap.has(at, beginMark) || gap.at(at - 1) === 45) return 0;
  let i = at + beginMark.length;
  while (i < at + 48 && (isAlpha(gap.at(i)) || gap.at(i) === 32)) i++;
  if (!gap.slice(at, i).includes('PRIVATE KEY') || !gap.has(i, '-----')) return 0;
  let end = i + 5;
  while (end < at + LONGEST_KEY && (isKeyUnit(gap.at(end)) || isSingleDash(gap, end))) end++;
  if (gap.has(end, '-----END ')) {
    end += 9;
    while (end < at + LONGEST_KEY && (isAlpha(gap.at(end)) || gap.at(end) === 32)) end++;
    while (gap.at(end) === 45) end++;
  }
  while (isBlank(gap.at(end - 1))) end--;
  findings.add(at, end, 'SECRET', rank.FRAMED_SECRET);
  return end;
}

const isSingleDash = (gap: Gap, at: number): boolean => gap.at(at) === 45 && gap.at(at + 1) !== 45;

/** Base64, headers such as `Proc-Type: 4,ENCRYPTED`, and the `\n` of keys pasted from JSON; never a second dash. */
const isKeyUnit = (code: number): boolean =>
  isAlphanumeric(code) ||
  isBlank(code) ||
  code === 43 ||
  code === 47 ||
  code === 61 ||
  code === 58 ||
  code === 44 ||
  code === 92;

const LONGEST_USERINFO = 256;

/** `user:password` in `scheme://user:password@host`, at the colon of `://`. */
export function findUrlCredentials(gap: Gap, colon: number, findings: Findings): number {
  if (gap.at(colon + 1) !== 47 || gap.at(colon + 2) !== 47 || !isAlphanumeric(gap.at(colon - 1))) return 0;
  const start = colon + 3;
  let sign = 0;
  let hasColon = false;
  for (let i = start; i < start + LONGEST_USERINFO; i++) {
    const code = gap.at(i);
    if (code === 0 || isBlank(code) || code === 47 || code === 63 || code === 35 || code === 34 || code === 60) break;
    if (code === 64) sign = i;
    else if (code === 58 && sign === 0) hasColon = true;
  }
  if (sign <= start || (!hasColon && sign - start < 16)) return 0;
  findings.add(start, sign, 'SECRET', rank.URL_CREDENTIALS);
  return sign;
}
