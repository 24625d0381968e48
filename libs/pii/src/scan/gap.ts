import type { EntityType } from '../entity.ts';
import { baseOf, isCapitalUnit, OTHER_LETTER } from '../names/letters.ts';
import type { TextView } from './text-view.ts';

/**
 * The stretch a rule may read: between two barriers (the text's ends, placeholders, values already found). Reading
 * outside gives 0, which is no letter, digit or mark. Because no rule can see past a barrier, a value that has been
 * replaced and one that is about to be replaced look the same to its neighbours: this is what makes masking idempotent.
 */
export class Gap {
  lo = 0;
  hi = 0;
  /** What stands before `lo`: the type of the value there, or nothing when the text begins. */
  before: EntityType | undefined = undefined;
  /** What stands behind `hi`. */
  after: EntityType | undefined = undefined;
  /** Nothing but this gap: no barrier on either side. */
  isWholeText = false;
  #codes: Uint8Array = new Uint8Array(0);
  #view: TextView | undefined;

  open(view: TextView, lo: number, hi: number, before: EntityType | undefined, after?: EntityType): void {
    this.#codes = view.codes;
    this.#view = view;
    this.lo = lo;
    this.hi = hi;
    this.before = before;
    this.after = after;
    this.isWholeText = lo === 0 && hi === view.length;
  }

  /** Goes on behind a value just found, as if it were replaced already. */
  passOver(end: number, type: EntityType): void {
    this.lo = end;
    this.before = type;
    this.isWholeText = false;
  }

  at(index: number): number {
    return index >= this.lo && index < this.hi ? (this.#codes[index] as number) : 0;
  }

  /** The base of the letter at `index`; 0 where no letter stands. */
  baseAt(index: number): number {
    const code = this.at(index);
    if (code < 128) return code >= 97 && code <= 122 ? code : code >= 65 && code <= 90 ? code + 32 : 0;
    return this.#view === undefined ? 0 : baseOf(this.#view.unitAt(index));
  }

  /** What the letter at `index` counts as in the hash of a word; 0 where none stands. */
  keyAt(index: number): number {
    const base = this.baseAt(index);
    return base === OTHER_LETTER && this.#view !== undefined ? this.#view.unitAt(index) : base;
  }

  isCapitalAt(index: number): boolean {
    const code = this.at(index);
    if (code < 128) return code >= 65 && code <= 90;
    return this.#view !== undefined && isCapitalUnit(this.#view.unitAt(index));
  }

  /** Whether `word` (lower case, ASCII) stands at `index`, in any case. */
  hasWord(index: number, word: string): boolean {
    for (let i = 0; i < word.length; i++) {
      const code = this.at(index + i);
      if ((code >= 65 && code <= 90 ? code + 32 : code) !== word.charCodeAt(i)) return false;
    }
    return true;
  }

  /** Whether `text` stands at `index`, to the letter. */
  has(index: number, text: string): boolean {
    for (let i = 0; i < text.length; i++) if (this.at(index + i) !== text.charCodeAt(i)) return false;
    return true;
  }

  /** The same place in the text as it is written. */
  original(start: number, end: number): string {
    return this.#view === undefined ? '' : this.#view.original(start, end);
  }

  slice(start: number, end: number): string {
    let out = '';
    for (let i = start; i < end; i++) out += String.fromCharCode(this.at(i));
    return out;
  }
}
