import type { Findings } from '../scan/findings.ts';
import type { Gap } from '../scan/gap.ts';
import type { Context } from './context.ts';
import type { NumberChain } from './number-chain.ts';

/** All that a rule about numbers may look at. One object for a masker's life; each number refills it. */
export interface NumberCase {
  readonly gap: Gap;
  readonly chain: NumberChain;
  readonly findings: Findings;
  /** The words before the number; read on first use, since most numbers are dismissed without them. */
  context(): Context;
}

/** Returns the end of what it took, or 0. */
export type NumberRule = (number: NumberCase) => number;
