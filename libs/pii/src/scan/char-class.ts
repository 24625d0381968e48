/** What a code unit of the folded text is; one table look-up instead of a chain of comparisons. */
export const DIGIT = 1;
export const ALPHA = 2;
export const HEX = 4;
/** Letters, marks and numbers beyond ASCII. */
export const WIDE = 8;
export const BLANK = 16;
/** Scripts written without spaces: an address glued to them begins or ends where the script changes. */
export const UNSPACED = 32;
/** Stands inside the local part of an address, besides letters and digits. */
export const LOCAL_MARK = 64;

export const WORD = DIGIT | ALPHA | WIDE;

export const classOf = (code: number): number => classes[code] as number;
export const isDigit = (code: number): boolean => (classOf(code) & DIGIT) !== 0;
export const isAlpha = (code: number): boolean => (classOf(code) & ALPHA) !== 0;
export const isHex = (code: number): boolean => (classOf(code) & HEX) !== 0;
export const isBlank = (code: number): boolean => (classOf(code) & BLANK) !== 0;
export const isWord = (code: number): boolean => (classOf(code) & WORD) !== 0;
export const isAlphanumeric = (code: number): boolean => (classOf(code) & (DIGIT | ALPHA)) !== 0;
export const isUnspaced = (code: number): boolean => (classOf(code) & UNSPACED) !== 0;

export const lower = (code: number): number => (code >= 65 && code <= 90 ? code + 32 : code);

function buildClasses(): Uint8Array {
  const table = new Uint8Array(65_536);
  const mark = (characters: string, bits: number): void => {
    for (let i = 0; i < characters.length; i++) table[characters.charCodeAt(i)]! |= bits;
  };
  mark('0123456789', DIGIT | HEX);
  mark('abcdefABCDEF', HEX);
  mark('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ', ALPHA);
  mark(' \t\n\r', BLANK);
  mark(".%+-!#$&'*^~_", LOCAL_MARK);
  for (const [first, last] of wideRanges()) table.fill(WIDE, first, last + 1);
  for (const [first, last] of unspacedRanges) {
    for (let code = first; code <= last; code++) if (table[code] === WIDE) table[code]! |= UNSPACED;
  }
  return table;
}

/** Thai to Myanmar, Khmer, kana and Han, Hangul. */
const unspacedRanges: readonly (readonly [number, number])[] = [
  [0x0e00, 0x0eff],
  [0x1000, 0x109f],
  [0x1780, 0x17ff],
  [0x3040, 0x9fff],
  [0xac00, 0xd7af],
  [0xf900, 0xfaff],
];

function* wideRanges(): Generator<readonly [number, number]> {
  const units = new Uint16Array(0xd800 - 128).map((_, i) => i + 128);
  const compatibility = new Uint16Array(0xfffe - 0xf900).map((_, i) => i + 0xf900);
  const decoder = new TextDecoder('utf-16le');
  for (const part of [units, compatibility]) {
    const first = part[0] as number;
    for (const match of decoder.decode(part).matchAll(/[\p{L}\p{M}\p{N}]+/gu)) {
      yield [first + match.index, first + match.index + match[0].length - 1];
    }
  }
}

// Last, because what it is built from is declared above.
const classes = buildClasses();
