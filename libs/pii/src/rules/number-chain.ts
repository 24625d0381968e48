import { isDigit } from '../scan/char-class.ts';
import type { Gap } from '../scan/gap.ts';

export const SPACE = 1;
export const DASH = 2;
export const DOT = 4;
export const PAREN = 8;
export const SLASH = 16;
export const UNDERSCORE = 32;
export const NEWLINE = 64;
export const QUOTE = 128;
export const COMMA = 256;
/** `|` and `:`; only between the groups of a card. */
export const BAR = 512;

const separatorBits = new Uint16Array(256);
for (const [mark, bit] of [
  [' ', SPACE],
  ['\t', SPACE],
  ['-', DASH],
  ['.', DOT],
  ['(', PAREN],
  [')', PAREN],
  ['/', SLASH],
  ['_', UNDERSCORE],
  ['\n', NEWLINE],
  ['\r', NEWLINE],
  ['>', QUOTE],
  [',', COMMA],
  ['|', BAR],
  [':', BAR],
] as const) {
  separatorBits[mark.charCodeAt(0)] = bit;
}

const MAX_GROUPS = 24;
/** Two more than the longest card. */
const MAX_DIGITS = 21;
const MAX_SEPARATOR = 4;

/**
 * Groups of digits with short separators between them, read once for all rules about numbers: `4111-1111 1111`,
 * `+44 (0)20 7946 0958`, `078-05-1121`. Bounded, so that a text of nothing but digits and blanks stays linear.
 */
export class NumberChain {
  count = 0;
  /** The first group alone is longer than any number a rule knows. */
  isTooLong = false;
  readonly #starts = new Int32Array(MAX_GROUPS);
  readonly #ends = new Int32Array(MAX_GROUPS);
  readonly #separators = new Uint16Array(MAX_GROUPS);
  readonly #totals = new Uint8Array(MAX_GROUPS + 1);
  readonly #digits = new Uint8Array(MAX_DIGITS + 1);

  read(gap: Gap, at: number): void {
    this.count = 0;
    this.isTooLong = false;
    let i = at;
    let total = 0;
    let bits = 0;
    while (this.count < MAX_GROUPS) {
      const start = i;
      for (let code = gap.at(i); isDigit(code); code = gap.at(++i)) {
        if (total >= MAX_DIGITS) {
          this.isTooLong = this.count === 0;
          return;
        }
        this.#digits[total++] = code - 48;
      }
      if (i === start) return;
      this.#starts[this.count] = start;
      this.#ends[this.count] = i;
      this.#separators[this.count] = bits;
      this.#totals[++this.count] = total;
      bits = 0;
      for (let width = 0; width < MAX_SEPARATOR; width++) {
        const bit = separatorBits[gap.at(i)] as number;
        if (bit === 0) break;
        bits |= bit;
        i++;
      }
      if (bits === 0) return;
    }
  }

  start(group: number): number {
    return this.#starts[group] as number;
  }

  end(group: number): number {
    return this.#ends[group] as number;
  }

  size(group: number): number {
    return (this.#ends[group] as number) - (this.#starts[group] as number);
  }

  /** What separates a group from the one before it. */
  separator(group: number): number {
    return this.#separators[group] as number;
  }

  separatorWidth(group: number): number {
    return (this.#starts[group] as number) - (this.#ends[group - 1] as number);
  }

  /** The digits in the first `groups` groups. */
  total(groups: number): number {
    return this.#totals[groups] as number;
  }

  digit(index: number): number {
    return this.#digits[index] as number;
  }

  /** The number that `length` digits from `first` on make. */
  number(first: number, length: number): number {
    let value = 0;
    for (let i = first; i < first + length; i++) value = value * 10 + this.digit(i);
    return value;
  }

  hasSizes(sizes: readonly number[]): boolean {
    return this.count >= sizes.length && sizes.every((size, group) => this.size(group) === size);
  }

  /** Whether groups 1 … `groups`-1 are each set off by exactly one mark of one and the same kind. */
  isUniform(groups: number): boolean {
    for (let group = 1; group < groups; group++) {
      if (this.separatorWidth(group) !== 1 || this.separator(group) !== this.separator(1)) return false;
    }
    return true;
  }
}
