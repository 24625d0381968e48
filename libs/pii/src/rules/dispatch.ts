import type { Findings } from '../scan/findings.ts';
import type { Gap } from '../scan/gap.ts';
import { Context } from './context.ts';
import { findBracketedEmail, findEmail, findEncodedEmail, findSpokenEmail } from './email.ts';
import {
  findBearer,
  findCloudKey,
  findJwt,
  findPrefixedSecret,
  findPrivateKey,
  findUrlCredentials,
} from './framed-secret.ts';
import { findIpv6 } from './ipv6.ts';
import { findMac } from './mac.ts';
import { findNamedSecret, findSpokenSecret } from './named-secret.ts';
import { createNumberFinder } from './numbers.ts';
import { findToken } from './tokens.ts';

/** Reports what begins at, or stands round, the trigger `at`. Returns the end of what it took, or 0. */
export type Finder = (gap: Gap, at: number, findings: Findings, contextAt: (start: number) => Context) => number;

/** Which rules are asked at which trigger, in this order, until one takes something. */
const finders: readonly (readonly [string, ...Finder[]])[] = [
  ['@', findEmail],
  [':', findUrlCredentials, findMac, findIpv6, findNamedSecret],
  ['=', findEncodedEmail, findNamedSecret],
  ['%&\\', findEncodedEmail],
  ['([{<', findBracketedEmail],
  ['_', findPrefixedSecret, findBracketedEmail],
  ['-', findPrivateKey, findMac, findPrefixedSecret, findBracketedEmail],
  ['.', findMac, findPrefixedSecret],
  ['J', findJwt],
  ['a', findSpokenEmail],
  ['A', findCloudKey, findSpokenEmail],
  ['bB', findBearer],
  ['pP', findSpokenSecret],
];

/** Asks the rules that may begin at a trigger. Returns the end of what was taken, or 0. */
export type Dispatch = (at: number) => number;

export function createDispatch(gap: Gap, findings: Findings, hint: () => readonly number[]): Dispatch {
  const words = new Context();
  const contextAt = (start: number): Context => {
    words.read(gap, start, hint(), findings.last);
    return words;
  };
  const table = Array.from({ length: 256 }, (): readonly Finder[] => []);
  const digits: readonly Finder[] = [findToken, createNumberFinder(gap, findings, hint)];
  for (const [characters, ...rules] of [...finders, ['0123456789', ...digits] as const]) {
    for (const character of characters) table[character.charCodeAt(0)] = rules;
  }
  return (at) => {
    for (const find of table[gap.at(at)] as readonly Finder[]) {
      const end = find(gap, at, findings, contextAt);
      if (end > 0) return end;
    }
    return 0;
  };
}
