import { isAlpha, isAlphanumeric, isDigit, isHex, isLetter } from './char-class.ts';

/**
 * The places where a rule may begin, found in two steps. First one look-up a byte, in a table that also knows what went
 * before (a letter, a digit, something else), because digits count only at the start of a number and letters only at
 * the start of a word: a branch that is almost never taken is nearly free, one taken for every `d` halves the rate
 * (measured: 320 MB/s with the neighbours looked at in the same loop, 530 like this). Then the few places that are left
 * are dismissed by their neighbours, but only for reasons that no barrier could undo: hiding a neighbour later makes a
 * place mean less, never more. (What is glued to a value, the scanner asks about once the value is known.)
 */
const NONE = 0;
const DIGITS = 1;
const DOT = 2;
const DASH = 3;
const LETTER = 4;
const MARK = 5;
/** The capital J of `eyJ`. */
const JWT = 6;
/** The first letter of a word, where a name may begin: a capital, or beyond ASCII, where folding hides the case. */
const CAPITAL = 7;
const CAPITAL_LETTER = 8;

const AFTER_LETTER = 256;
const AFTER_DIGIT = 512;

const kinds = new Uint8Array(768);
const states = new Uint16Array(256);
const pairs = new Uint8Array(256 * 256);
const separators = new Uint8Array(256);

for (let code = 0; code < 256; code++) {
  states[code] = isLetter(code) ? AFTER_LETTER : isDigit(code) ? AFTER_DIGIT : 0;
}
for (const before of [0, AFTER_LETTER, AFTER_DIGIT]) {
  for (const digit of '0123456789') kinds[before + digit.charCodeAt(0)] = before === AFTER_DIGIT ? NONE : DIGITS;
  for (const mark of '@:=%&([{<_\\') kinds[before + mark.charCodeAt(0)] = MARK;
  kinds[before + 46] = DOT;
  kinds[before + 45] = DASH;
}
kinds[AFTER_LETTER + 74] = JWT;
for (const before of [0, AFTER_DIGIT]) {
  for (let code = 65; code <= 90; code++) kinds[before + code] = CAPITAL;
  for (let code = 128; code < 256; code++) if (isLetter(code)) kinds[before + code] = CAPITAL;
}
// at; password, passcode, pwd, PIN; bearer, basic
for (const pair of ['at', 'pa', 'pw', 'pi', 'be', 'ba']) {
  for (const first of [pair.charCodeAt(0), pair.charCodeAt(0) - 32]) {
    kinds[first] = kinds[AFTER_DIGIT + first] = first < 97 ? CAPITAL_LETTER : LETTER;
    for (const second of [pair.charCodeAt(1), pair.charCodeAt(1) - 32]) pairs[first * 256 + second] = 1;
  }
}
// AKIA, ASIA, AROA, AIDA, AIza
for (const second of 'KSRI') pairs[65 * 256 + second.charCodeAt(0)] = 1;
for (const mark of ' \t\n\r-.()/_>,|:') separators[mark.charCodeAt(0)] = 1;

/** Places where rules may begin. */
export class Triggers {
  places = new Int32Array(1024);
  count = 0;
  /** Where words and numbers begin that may belong to names and addresses. */
  starts = new Int32Array(1024);
  startCount = 0;

  /** Finds those of `codes` (0 … length). */
  find(codes: Uint8Array, length: number): void {
    if (this.places.length < length) {
      this.places = new Int32Array(codes.length);
      this.starts = new Int32Array(codes.length);
    }
    const { places, starts } = this;
    let found = 0;
    let state = 0;
    for (let i = 0; i < length; i++) {
      const code = codes[i] as number;
      if (kinds[state | code] !== NONE) places[found++] = i;
      state = states[code] as number;
    }
    let count = 0;
    let startCount = 0;
    for (let next = 0; next < found; next++) {
      const i = places[next] as number;
      const before = i > 0 ? (codes[i - 1] as number) : 0;
      const kind = kinds[(states[before] as number) | (codes[i] as number)] as number;
      if (kind >= CAPITAL || kind === DIGITS) starts[startCount++] = i;
      if (kind !== CAPITAL && isTrigger(kind, codes, i, length, before)) places[count++] = i;
    }
    this.count = count;
    this.startCount = startCount;
  }
}

function isTrigger(kind: number, codes: Uint8Array, i: number, length: number, before: number): boolean {
  const next = i + 1 < length ? (codes[i + 1] as number) : 0;
  switch (kind) {
    case DIGITS:
      return mayBeginNumber(codes, i, length);
    case DOT:
      return isAlphanumeric(next) && mayHoldDot(codes, i, length, before);
    case DASH:
      return next === 45
        ? at(codes, i + 5, length) === 66
        : isAlphanumeric(next) && mayHoldDash(codes, i, length, before);
    case LETTER:
    case CAPITAL_LETTER:
      return pairs[(codes[i] as number) * 256 + next] === 1 && (next !== T || at(codes, i + 2, length) === 32);
    case JWT:
      return before === 121;
    default:
      return true;
  }
}

const T = 116;

const at = (codes: Uint8Array, i: number, length: number): number => (i >= 0 && i < length ? (codes[i] as number) : 0);

/** A hardware address in fours, or the `SG.` of a vendor. */
const mayHoldDot = (codes: Uint8Array, i: number, length: number, before: number): boolean =>
  (isHex(before) && at(codes, i + 5, length) === 46) || before === 71;

/** A hardware address, `-at-`, or a vendor's prefix (`sk-`, `xoxb-`, `glpat-`, `xapp-`, `pypi-`). */
function mayHoldDash(codes: Uint8Array, i: number, length: number, before: number): boolean {
  if (at(codes, i + 3, length) === 45 && (isHex(before) || at(codes, i + 2, length) === 116)) return true;
  return isAlpha(before) && (isPrefixEnd(at(codes, i - 2, length)) || at(codes, i - 4, length) === 120);
}

/** The letter before the last of `sk-`, `glpat-`, `xapp-`, `pypi-`. */
const isPrefixEnd = (code: number): boolean => code === 115 || code === 97 || code === 112;

/** A short number means something only if letters are glued to it or another number follows. */
function mayBeginNumber(codes: Uint8Array, start: number, length: number): boolean {
  let end = start + 1;
  while (end < length && isDigit(codes[end] as number)) end++;
  if (end - start > 5 || isAlpha(at(codes, start - 1, length)) || isAlpha(at(codes, end, length))) return true;
  let i = end;
  while (i < end + 4 && i < length && separators[codes[i] as number] === 1) i++;
  return i > end && i < length && isDigit(codes[i] as number);
}

export function firstAtLeast(sorted: Int32Array, count: number, value: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
