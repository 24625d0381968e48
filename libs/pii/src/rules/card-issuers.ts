import type { NumberChain } from './number-chain.ts';

interface Issuer {
  readonly name: string;
  /** Ranges of the first `width` digits. */
  readonly width: number;
  readonly ranges: readonly (readonly [number, number])[];
  readonly lengths: readonly number[];
}

const sixteenUp = [16, 17, 18, 19];

const issuers: readonly Issuer[] = [
  { name: 'Visa', width: 1, ranges: [[4, 4]], lengths: [13, 16, 19] },
  {
    name: 'Mastercard',
    width: 4,
    ranges: [
      [5100, 5599],
      [2221, 2720],
    ],
    lengths: [16],
  },
  {
    name: 'American Express',
    width: 2,
    ranges: [
      [34, 34],
      [37, 37],
    ],
    lengths: [15],
  },
  {
    name: 'Diners Club',
    width: 4,
    ranges: [
      [3000, 3059],
      [3095, 3095],
      [3600, 3699],
      [3800, 3999],
    ],
    lengths: [14, 16, 19],
  },
  {
    name: 'Discover',
    width: 4,
    ranges: [
      [6011, 6011],
      [6440, 6599],
    ],
    lengths: sixteenUp,
  },
  {
    name: 'UnionPay',
    width: 4,
    ranges: [
      [6200, 6299],
      [8100, 8171],
    ],
    lengths: sixteenUp,
  },
  { name: 'JCB', width: 4, ranges: [[3528, 3589]], lengths: sixteenUp },
  {
    name: 'JCB of old',
    width: 4,
    ranges: [
      [2131, 2131],
      [1800, 1800],
    ],
    lengths: [15],
  },
  {
    name: 'Maestro',
    width: 4,
    ranges: [
      [5000, 5099],
      [5600, 5899],
      [6040, 6049],
      [604, 604],
      [6300, 6399],
      [6700, 6799],
      [6759, 6769],
    ],
    lengths: [12, 13, 14, 15, 16, 17, 18, 19],
  },
  { name: 'Mir', width: 4, ranges: [[2200, 2204]], lengths: sixteenUp },
  {
    name: 'RuPay, Hipercard',
    width: 4,
    ranges: [
      [6000, 6069],
      [8200, 8299],
    ],
    lengths: [16],
  },
  {
    name: 'Verve',
    width: 4,
    ranges: [
      [5060, 5061],
      [6500, 6500],
    ],
    lengths: [16, 18, 19],
  },
  { name: 'Troy', width: 4, ranges: [[9792, 9792]], lengths: [16] },
];

/** For each of the first four digits, the set of lengths (bit n = n digits) that some issuer uses. */
const lengthsByPrefix = buildPrefixes();

export const isCardIssuer = (chain: NumberChain, length: number): boolean =>
  ((lengthsByPrefix[chain.number(0, 4)] as number) & (1 << length)) !== 0;

function buildPrefixes(): Uint32Array {
  const prefixes = new Uint32Array(10_000);
  for (const { width, ranges, lengths } of issuers) {
    const bits = lengths.reduce((sum, length) => sum | (1 << length), 0);
    const scale = 10 ** (4 - width);
    for (const [first, last] of ranges) {
      for (let prefix = first * scale; prefix < (last + 1) * scale; prefix++) prefixes[prefix]! |= bits;
    }
  }
  return prefixes;
}
