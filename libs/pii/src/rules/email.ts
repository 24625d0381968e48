import { rank } from '../entity.ts';
import { isAlpha, isWord } from '../scan/char-class.ts';
import type { Findings } from '../scan/findings.ts';
import type { Gap } from '../scan/gap.ts';
import { endOfDomain, type DotForms } from './address-domain.ts';
import { startOfLocal, startOfSpelledLocal } from './address-local.ts';
import type { Context } from './context.ts';

/** An address round the sign at `at`. */
export function findEmail(gap: Gap, at: number, findings: Findings): number {
  const isBlankAfter = gap.at(at + 1) === 32;
  if (gap.at(at - 1) !== 32) {
    const isTwice = gap.at(at + 1) === 64;
    return findAround(gap, at, isBlankAfter || isTwice ? at + 2 : at + 1, 'plain', findings);
  }
  if (isBlankAfter) return findAround(gap, at - 1, at + 2, 'spelled', findings);
  const local = startOfLocal(gap, at - 1);
  return isCommonWord(gap, local, at - 1) ? 0 : findAround(gap, at - 1, at + 1, 'doubtful', findings);
}

/** `%40`, `&#64;`, `&#x40;`, `&commat;`, `\u0040`, `\x40`, `=40`: the sign as URLs, HTML and source write it. */
const encodedSigns = ['%40', '&#64;', '&#x40;', '&commat;', '\\u0040', '\\x40', '=40'];

export function findEncodedEmail(gap: Gap, at: number, findings: Findings): number {
  for (const sign of encodedSigns) {
    if (gap.hasWord(at, sign)) return findAround(gap, at, at + sign.length, 'encoded', findings);
  }
  return 0;
}

/** `john(at)example.com`, `john [at] example [dot] com`, `john_at_example.com`. The bracket stands at `at`. */
export function findBracketedEmail(gap: Gap, at: number, findings: Findings): number {
  let i = at + 1;
  if (gap.at(i) === 32) i++;
  if (gap.hasWord(i, 'at')) i += 2;
  else if (gap.at(i) === 64) i += 1;
  else return 0;
  if (gap.at(i) === 32) i++;
  const closed = gap.at(i++);
  if (closed !== 41 && closed !== 93 && closed !== 125 && closed !== 62 && closed !== gap.at(at)) return 0;
  while (i < at + 10 && gap.at(i) === 32) i++;
  let before = at;
  while (before > at - 2 && gap.at(before - 1) === 32) before--;
  return findAround(gap, before, i, 'spelled', findings);
}

/**
 * `john at example dot com`, `john AT example.com`, and in a sentence about mail also `john at example.com`: at the word.
 */
export function findSpokenEmail(
  gap: Gap,
  at: number,
  findings: Findings,
  contextAt: (start: number) => Context,
): number {
  if (!gap.hasWord(at, 'at ') || gap.at(at - 1) !== 32 || !isWord(gap.at(at - 2))) return 0;
  const sign = at - 1;
  const domain = at + 3;
  const label = endOfLabel(gap, domain);
  if (gap.at(label) === 32) {
    if (!mayBeginDot(gap.at(label + 1)) || isCommonWord(gap, domain, label)) return 0;
    return findAround(gap, sign, domain, 'spelled', findings);
  }
  if (gap.at(label) !== 46 || !isAlpha(gap.at(label + 1)) || isCommonWord(gap, domain, label)) return 0;
  const local = startOfLocal(gap, sign);
  if (isCommonWord(gap, local, sign)) return 0;
  const isShouted = gap.has(at, 'AT') && !isCapital(gap.at(local));
  return isShouted || contextAt(local).isNear('mail', 3) ? findAround(gap, sign, domain, 'plain', findings) : 0;
}

function findAround(gap: Gap, localEnd: number, domainStart: number, forms: DotForms, findings: Findings): number {
  const start = forms === 'spelled' ? startOfSpelledLocal(gap, localEnd) : startOfLocal(gap, localEnd);
  if (start === localEnd || !(isWord(gap.at(domainStart)) || gap.at(domainStart) === 91)) return 0;
  const end = endOfDomain(gap, domainStart, forms);
  if (end === 0 || isRemote(gap, start, localEnd, end)) {
    findings.block();
    return 0;
  }
  findings.add(start, end, 'EMAIL_ADDRESS', rank.EMAIL_ADDRESS);
  return end;
}

/** `git@host:path` names a repository, not a person. */
const isRemote = (gap: Gap, start: number, localEnd: number, end: number): boolean =>
  localEnd - start === 3 && gap.hasWord(start, 'git') && gap.at(end) === 58 && isWord(gap.at(end + 1));

function endOfLabel(gap: Gap, start: number): number {
  let i = start;
  while (i < start + 64 && (isWord(gap.at(i)) || gap.at(i) === 45)) i++;
  return i;
}

/** Of `dot`, or a bracket. */
const mayBeginDot = (code: number): boolean =>
  code === 100 || code === 68 || code === 40 || code === 91 || code === 123;

const isCapital = (code: number): boolean => code >= 65 && code <= 90;

const common = new Set(
  `a an the this that these those my your our his her its their me you us him them it he she we they is are was were be
  look looking meet see seen arrive arrived start starts end ends shop available visit find found here there store page
  site website online only just not now or and team support order bought work working stay`.split(/\s+/),
);

const isCommonWord = (gap: Gap, start: number, end: number): boolean =>
  end - start < 12 && common.has(gap.slice(start, end).toLowerCase());
