import type { NumberChain } from './number-chain.ts';

export function passesLuhn(chain: NumberChain, length: number): boolean {
  let sum = 0;
  for (let i = 0; i < length; i++) {
    const digit = chain.digit(length - 1 - i);
    const weighted = i % 2 === 1 ? digit * 2 : digit;
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return sum % 10 === 0;
}

/** EAN-13 and ISBN-13: weights 1 and 3. */
export function passesEan13(chain: NumberChain): boolean {
  let sum = 0;
  for (let i = 0; i < 13; i++) sum += chain.digit(i) * (i % 2 === 0 ? 1 : 3);
  return sum % 10 === 0;
}

/** NHS numbers: weights 10 down to 1, modulo 11. */
export function passesModulo11(chain: NumberChain): boolean {
  let sum = 0;
  for (let i = 0; i < 10; i++) sum += chain.digit(i) * (10 - i);
  return sum % 11 === 0;
}
