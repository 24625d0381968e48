import { FIRST_CYRILLIC, FIRST_LATIN, LAST_CYRILLIC, UNSPACED_LETTER, WIDE_LETTER } from './fold.ts';

/** What a byte of the folded text is; one table look-up instead of a chain of comparisons. */
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
export const isLetter = (code: number): boolean => (classOf(code) & (ALPHA | WIDE)) !== 0;
export const isAlphanumeric = (code: number): boolean => (classOf(code) & (DIGIT | ALPHA)) !== 0;
export const isUnspaced = (code: number): boolean => (classOf(code) & UNSPACED) !== 0;

export const lower = (code: number): number => (code >= 65 && code <= 90 ? code + 32 : code);

function buildClasses(): Uint8Array {
  const table = new Uint8Array(256);
  const mark = (characters: string, bits: number): void => {
    for (let i = 0; i < characters.length; i++) table[characters.charCodeAt(i)]! |= bits;
  };
  mark('0123456789', DIGIT | HEX);
  mark('abcdefABCDEF', HEX);
  mark('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ', ALPHA);
  mark(' \t\n\r', BLANK);
  mark(".%+-!#$&'*^~_", LOCAL_MARK);
  table[WIDE_LETTER] = WIDE;
  table[UNSPACED_LETTER] = WIDE | UNSPACED;
  table.fill(WIDE, FIRST_CYRILLIC, LAST_CYRILLIC + 1);
  table.fill(WIDE, FIRST_LATIN);
  return table;
}

const classes = buildClasses();
