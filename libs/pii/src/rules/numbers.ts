import type { Findings } from '../scan/findings.ts';
import type { Gap } from '../scan/gap.ts';
import { findCard } from './card.ts';
import { Context } from './context.ts';
import { findIpv4 } from './ipv4.ts';
import { findNhs } from './nhs.ts';
import type { NumberCase, NumberRule } from './number-case.ts';
import { NumberChain } from './number-chain.ts';
import { findPhone } from './phone.ts';
import { findUsTaxNumber } from './us-tax-number.ts';

/** The strictest first: what has a check digit or a fixed form is not offered to the rules that go by words. */
const rules: readonly NumberRule[] = [findIpv4, findCard, findUsTaxNumber, findNhs, findPhone];

const FEWEST_DIGITS = 6;

/** Reads the number that begins at a digit, and asks each rule in turn. */
export function createNumberFinder(gap: Gap, findings: Findings, hint: () => readonly number[]) {
  const chain = new NumberChain();
  const words = new Context();
  let at = 0;
  let isRead = false;
  const number: NumberCase = {
    gap,
    chain,
    findings,
    context: () => {
      if (!isRead) words.read(gap, at, hint(), findings.last);
      isRead = true;
      return words;
    },
  };
  return (_: Gap, start: number): number => {
    chain.read(gap, start);
    if (chain.isTooLong || !hasEnoughDigits(chain)) return 0;
    at = start;
    isRead = false;
    for (const rule of rules) {
      const end = rule(number);
      if (end > 0) return end;
    }
    return 0;
  };
}

/** Six digits, or four groups (`1.1.1.1`). */
const hasEnoughDigits = (chain: NumberChain): boolean => chain.count > 3 || chain.total(chain.count) >= FEWEST_DIGITS;
