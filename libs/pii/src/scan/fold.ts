/**
 * Folding turns each code unit into one byte. The many ways of writing a digit, a dash, a dot, a blank or a quote become
 * the ASCII one, so that every rule is written once; letters beyond ASCII become bytes that say "a letter", and all
 * else a byte that says "a sign". It works unit by unit (and on the few astral ranges that hold digits and letters):
 * a full NFKC would change lengths everywhere and cost more than the scan itself.
 */

/** The unit stands for nothing visible: it is left out of the folded text. */
export const IGNORED = 0;
export const WIDE_LETTER = 0x80;
/** Of a script that is written without spaces. */
export const UNSPACED_LETTER = 0x81;
export const OTHER_SIGN = 0x82;
export const CURRENCY_SIGN = 0x83;
export const BULLET = 0x84;
/** Cyrillic and Latin-1 letters keep their identity (not their case), for the words of the vocabulary. */
export const FIRST_CYRILLIC = 0x90;
export const LAST_CYRILLIC = 0xaf;
export const FIRST_LATIN = 0xdf;

export const foldUnit = (code: number): number => table[code] as number;

export function foldAstral(high: number, low: number): number {
  const point = (high - 0xd800) * 0x400 + (low - 0xdc00) + 0x10000;
  if (point >= 0x1d7ce && point <= 0x1d7ff) return 48 + ((point - 0x1d7ce) % 10);
  if (point >= 0x1d400 && point <= 0x1d6a3) return mathematicalLetter((point - 0x1d400) % 52);
  if (point >= 0x1fbf0 && point <= 0x1fbf9) return 48 + (point - 0x1fbf0);
  if (point >= 0xe0000 && point <= 0xe01ef) return IGNORED;
  return OTHER_SIGN;
}

export const isHighSurrogate = (code: number): boolean => code >> 10 === 0x36;

/** The same for a value, with its letters kept: what two ways of writing it have in common. */
export function foldText(text: string): string {
  let out = '';
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const folded = isHighSurrogate(code) ? foldAstral(code, text.charCodeAt(i + 1)) : foldUnit(code);
    if (folded > 127) out += text[i];
    else {
      if (folded !== IGNORED || code === 0) out += String.fromCharCode(folded);
      if (isHighSurrogate(code)) i++;
    }
  }
  return out;
}

const mathematicalLetter = (index: number): number => (index < 26 ? 65 + index : 97 + index - 26);

const from = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_, i) => first + i);

/** The zero of every decimal digit series of the basic plane. */
const digitZeros = [
  0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6, 0x0d66, 0x0de6, 0x0e50,
  0x0ed0, 0x0f20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50,
  0x2080, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0,
];

/** Circled, bracketed, dotted and dingbat digits begin with one. */
const digitOnes = [0x2460, 0x2474, 0x2488, 0x2776, 0x2780, 0x278a];

/** Thai to Myanmar, Khmer, kana and Han, Hangul. */
const unspaced: readonly (readonly [number, number])[] = [
  [0x0e00, 0x0eff],
  [0x1000, 0x109f],
  [0x1780, 0x17ff],
  [0x3040, 0x9fff],
  [0xac00, 0xd7af],
  [0xf900, 0xfaff],
];

/** ASCII character → what is read as it. */
const readAs: Readonly<Record<string, readonly number[]>> = {
  '-': [0x02d7, 0x058a, 0x1806, ...from(0x2010, 0x2015), 0x2043, 0x2212, 0x2e3a, 0x2e3b, 0xfe58, 0xfe63],
  '.': [0xb7, 0x2024, 0x2027, 0x3002, 0x30fb, 0xfe52, 0xff61],
  ' ': [0xa0, 0x1680, ...from(0x2000, 0x200a), 0x202f, 0x205f, 0x3000],
  '\n': [0x85, 0x2028, 0x2029],
  "'": [0x2018, 0x2019, 0x201a, 0x201b, 0x2032],
  '"': [0x201c, 0x201d, 0x201e, 0x201f, 0x2033, 0xab, 0xbb],
  '@': [0xfe6b],
  ':': [0xfe55, 0x2236],
  '/': [0x2044, 0x2215],
  '+': [0xfe62, 0x207a],
  '(': [0xfe59, 0x207d],
  ')': [0xfe5a, 0x207e],
  '0': [0x2070, 0x24ea],
  '1': [0xb9],
  '2': [0xb2],
  '3': [0xb3],
};

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

function buildTable(): Uint8Array {
  const bytes = new Uint8Array(65_536).fill(OTHER_SIGN);
  const run = (first: number, last: number, to: number): void => {
    for (let code = first; code <= last; code++) bytes[code] = to + code - first;
  };
  run(0, 127, 0);
  for (const [first, last] of letterRanges()) bytes.fill(WIDE_LETTER, first, last + 1);
  for (const [first, last] of unspaced) {
    for (let code = first; code <= last; code++) if (bytes[code] === WIDE_LETTER) bytes[code] = UNSPACED_LETTER;
  }
  run(0x0410, 0x042f, FIRST_CYRILLIC);
  run(0x0430, 0x044f, FIRST_CYRILLIC);
  run(0xdf, 0xf6, 0xdf);
  run(0xf8, 0xff, 0xf8);
  run(0xc0, 0xd6, 0xe0);
  run(0xd8, 0xde, 0xf8);
  for (const zero of digitZeros) run(zero, zero + 9, 48);
  for (const one of digitOnes) run(one, one + 8, 49);
  run(0x2074, 0x2079, 52);
  run(0x24b6, 0x24cf, 65);
  run(0x24d0, 0x24e9, 97);
  run(0xff01, 0xff5e, 0x21);
  for (const [character, codes] of Object.entries(readAs)) {
    for (const code of codes) bytes[code] = character.charCodeAt(0);
  }
  for (const code of [0xa3, 0xa5, 0x20ac]) bytes[code] = CURRENCY_SIGN;
  bytes[0x2022] = BULLET;
  for (const code of ignored) bytes[code] = IGNORED;
  return bytes;
}

/** Letters, marks and numbers beyond ASCII, without the surrogates. */
function* letterRanges(): Generator<readonly [number, number]> {
  const decoder = new TextDecoder('utf-16le');
  for (const [first, last] of [
    [128, 0xd7ff],
    [0xf900, 0xfffd],
  ] as const) {
    const units = new Uint16Array(last - first + 1).map((_, i) => first + i);
    for (const match of decoder.decode(units).matchAll(/[\p{L}\p{M}\p{N}]+/gu)) {
      yield [first + match.index, first + match.index + match[0].length - 1];
    }
  }
}

// Last, because what it is built from is declared above.
const table = buildTable();
