import type { NumberChain } from './number-chain.ts';

/** ITU-T E.164 country codes of two digits; 1 and 7 have one digit, all the others three. */
const twoDigits = new Set([
  20, 27, 30, 31, 32, 33, 34, 36, 39, 40, 41, 43, 44, 45, 46, 47, 48, 49, 51, 52, 53, 54, 55, 56, 57, 58, 60, 61, 62,
  63, 64, 65, 66, 81, 82, 84, 86, 90, 91, 92, 93, 94, 95, 98,
]);
const threeDigitTens = new Set([
  21, 22, 23, 24, 25, 26, 29, 35, 37, 38, 42, 50, 59, 67, 68, 69, 80, 85, 87, 88, 96, 97, 99,
]);

/** How many digits from `first` on are a calling code; 0 if none. */
export function callingCodeLength(chain: NumberChain, first: number): number {
  const one = chain.digit(first);
  if (one === 1 || one === 7) return 1;
  const two = chain.number(first, 2);
  if (twoDigits.has(two)) return 2;
  return threeDigitTens.has(two) ? 3 : 0;
}
