/**
 * Folding brings the many ways of writing a digit, a dash, a dot or a blank to the ASCII one, so that every rule is
 * written once. It works on single code units (and the few astral ranges that hold digits and letters), because a full
 * NFKC would change lengths everywhere and cost more than the scan itself.
 */

/** The unit stands for nothing visible: it is left out of the folded text. */
export const IGNORED = 0;
/** An astral pair that is kept as it is. */
export const KEPT = -1;

export const foldUnit = (code: number): number => table[code] as number;

export function foldAstral(high: number, low: number): number {
  const point = (high - 0xd800) * 0x400 + (low - 0xdc00) + 0x10000;
  if (point >= 0x1d7ce && point <= 0x1d7ff) return 48 + ((point - 0x1d7ce) % 10);
  if (point >= 0x1d400 && point <= 0x1d6a3) return mathematicalLetter((point - 0x1d400) % 52);
  if (point >= 0x1fbf0 && point <= 0x1fbf9) return 48 + (point - 0x1fbf0);
  if (point >= 0xe0000 && point <= 0xe01ef) return IGNORED;
  return KEPT;
}

const mathematicalLetter = (index: number): number => (index < 26 ? 65 + index : 97 + index - 26);

function buildTable(): Uint16Array {
  const units = new Uint16Array(65_536).map((_, code) => code);
  const run = (first: number, last: number, to: number): void => {
    for (let code = first; code <= last; code++) units[code] = to + code - first;
  };
  const each = (codes: readonly number[], to: number): void => {
    for (const code of codes) units[code] = to;
  };
  for (const zero of digitZeros) run(zero, zero + 9, 48);
  for (const one of digitOnes) run(one, one + 8, 49);
  run(0xff01, 0xff5e, 0x21);
  run(0x24b6, 0x24cf, 65);
  run(0x24d0, 0x24e9, 97);
  run(0x2074, 0x2079, 52);
  each([0x2070, 0x24ea], 48);
  each([0xb9], 49);
  each([0xb2], 50);
  each([0xb3], 51);
  each(dashes, 45);
  each(dots, 46);
  each([0xa0, 0x1680, 0x202f, 0x205f, 0x3000, ...from(0x2000, 0x200a)], 32);
  each([0x85, 0x2028, 0x2029], 10);
  each([0xfe6b], 64);
  each([0xfe55, 0x2236], 58);
  each([0x2044, 0x2215], 47);
  each([0xfe62, 0x207a], 43);
  each([0xfe59, 0x207d], 40);
  each([0xfe5a, 0x207e], 41);
  each(ignored, IGNORED);
  return units;
}

const from = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_, i) => first + i);

/** The zero of every decimal digit series of the basic plane. */
const digitZeros = [
  0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6, 0x0d66, 0x0de6, 0x0e50,
  0x0ed0, 0x0f20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50,
  0x2080, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0,
];

/** Circled, bracketed, dotted and dingbat digits begin with one. */
const digitOnes = [0x2460, 0x2474, 0x2488, 0x2776, 0x2780, 0x278a];

const dashes = [0x02d7, 0x058a, 0x1806, ...from(0x2010, 0x2015), 0x2043, 0x2212, 0x2e3a, 0x2e3b, 0xfe58, 0xfe63];

const dots = [0xb7, 0x2024, 0x2027, 0x3002, 0x30fb, 0xfe52, 0xff61];

/** Soft hyphen, joiners, marks of direction, variation selectors, the keycap frame: none of them can be seen alone. */
const ignored = [
  0xad,
  0x034f,
  0x061c,
  0x115f,
  0x1160,
  0x17b4,
  0x17b5,
  ...from(0x180b, 0x180f),
  ...from(0x200b, 0x200f),
  ...from(0x202a, 0x202e),
  ...from(0x2060, 0x206f),
  0x20e3,
  0x3164,
  ...from(0xfe00, 0xfe0f),
  0xfeff,
  0xffa0,
  ...from(0xfff9, 0xfffb),
];

// Last, because what it is built from is declared above.
const table = buildTable();
