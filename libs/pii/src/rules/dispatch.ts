import { isAlphanumeric, isBlank, isDigit } from '../scan/char-class.ts';
import type { Findings } from '../scan/findings.ts';
import type { Gap } from '../scan/gap.ts';
import { Context } from './context.ts';
import { findBracketedEmail, findEmail, findEncodedEmail, findSpelledEmail, findSpokenSign } from './email.ts';
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

/** Asks the rules that may begin at a trigger. Returns the end of what was taken, or 0. */
export type Dispatch = (at: number) => number;

export function createDispatch(gap: Gap, findings: Findings, hint: () => readonly number[]): Dispatch {
  const findNumber = createNumberFinder(gap, findings, hint);
  const words = new Context();
  const contextAt = (start: number): Context => {
    words.read(gap, start, hint(), findings.last);
    return words;
  };
  const atColon = (at: number): number =>
    findUrlCredentials(gap, at, findings) ||
    findMac(gap, at, findings) ||
    findIpv6(gap, at, findings, contextAt) ||
    findNamedSecret(gap, at, findings);
  const atDash = (at: number): number =>
    findPrivateKey(gap, at, findings) || findMac(gap, at, findings) || findPrefixedSecret(gap, at, findings);
  const atDot = (at: number): number => {
    if (!isAlphanumeric(gap.at(at + 1)) || isBlank(gap.at(at - 1))) return 0;
    return (
      findMac(gap, at, findings) ||
      findPrefixedSecret(gap, at, findings) ||
      findSpokenSign(gap, at, findings, contextAt)
    );
  };
  return (at) => {
    const code = gap.at(at);
    if (isDigit(code)) return findToken(gap, at, findings) || findNumber(at);
    switch (code) {
      case 46: // .
        return atDot(at);
      case 45: // -
        return atDash(at);
      case 58: // :
        return atColon(at);
      case 64: // @
        return findEmail(gap, at, findings);
      case 61: // =
        return findEncodedEmail(gap, at, findings) || findNamedSecret(gap, at, findings);
      case 37: // %
      case 38: // &
      case 92: // backslash
        return findEncodedEmail(gap, at, findings);
      case 95: // _
        return findPrefixedSecret(gap, at, findings) || findBracketedEmail(gap, at, findings);
      case 40: // (
      case 60: // <
      case 91: // [
      case 123: // {
        return findBracketedEmail(gap, at, findings);
      case 74: // J
        return findJwt(gap, at - 2, findings);
      case 65: // A
        return findCloudKey(gap, at, findings);
      case 66: // B
      case 98: // b
        return findBearer(gap, at, findings);
      case 68: // D
      case 100: // d
        return findSpelledEmail(gap, at, findings);
      case 80: // P
      case 112: // p
        return findSpokenSecret(gap, at, findings);
      default:
        return 0;
    }
  };
}
