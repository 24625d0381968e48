import { foldAstral, foldUnit, IGNORED, isHighSurrogate, OTHER_SIGN } from './fold.ts';
import { Triggers } from './trigger.ts';

const encoder = new TextEncoder();

/**
 * One text, folded to bytes, with the places where a rule may begin. The buffers are kept between texts, since tickets
 * are small and many: a masker owns one view and loads it again and again.
 *
 * The engine's own UTF-8 encoder is the test for ASCII: if it writes as many bytes as there are code units, they are
 * the folded text already (measured: 790 MB/s with the search for triggers, against 360 for a loop over charCodeAt).
 * Otherwise the text is folded unit by unit, with a map back.
 */
export class TextView {
  codes = new Uint8Array(1024);
  readonly triggers = new Triggers();
  length = 0;
  #origins = new Int32Array(0);
  isMapped = false;
  #text = '';

  load(text: string): void {
    if (this.codes.length < text.length) this.#grow(text.length);
    this.#text = text;
    const { read, written } = encoder.encodeInto(text, this.codes);
    this.isMapped = read !== text.length || written !== text.length;
    this.length = this.isMapped ? this.#fold(text) : written;
    this.triggers.find(this.codes, this.length);
  }

  /** Whether a placeholder can stand here. */
  hasAngle(): boolean {
    return this.#text.includes('<') || (this.isMapped && /[\uff1c\ufe64]/.test(this.#text));
  }

  /** The place in the text where the folded unit begins. */
  originStart(index: number): number {
    if (!this.isMapped) return index;
    return index < this.length ? (this.#origins[index] as number) : this.#text.length;
  }

  /** The place in the text just behind the folded unit before `index`. */
  originEnd(index: number): number {
    if (!this.isMapped || index === 0) return index;
    const last = this.#origins[index - 1] as number;
    const isPair = (this.codes[index - 1] as number) < 128 && isHighSurrogate(this.#text.charCodeAt(last));
    let end = last + (isPair ? 2 : 1);
    // The keycap round a digit goes with it.
    while (this.#text.charCodeAt(end) === 0xfe0f || this.#text.charCodeAt(end) === 0x20e3) end++;
    return end;
  }

  /** The code unit of the text that was folded to the one at `index`. */
  unitAt(index: number): number {
    return this.isMapped ? this.#text.charCodeAt(this.#origins[index] as number) : (this.codes[index] as number);
  }

  /** A piece of the text, by its place in the folded one. */
  original(start: number, end: number): string {
    return this.#text.slice(this.originStart(start), this.originEnd(end));
  }

  /** The first folded unit that begins at `origin` or later. */
  indexOf(origin: number): number {
    if (!this.isMapped) return origin;
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#origins[middle] as number) < origin) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #grow(length: number): void {
    const size = Math.max(length, this.codes.length * 2);
    this.codes = new Uint8Array(size);
  }

  #fold(text: string): number {
    if (this.#origins.length < this.codes.length) this.#origins = new Int32Array(this.codes.length);
    const { codes } = this;
    const origins = this.#origins;
    let length = 0;
    for (let i = 0; i < text.length; i++) {
      const raw = text.charCodeAt(i);
      const at = i;
      let folded = foldUnit(raw);
      if (folded === OTHER_SIGN && isHighSurrogate(raw)) {
        folded = foldAstral(raw, text.charCodeAt(i + 1));
        if (folded !== OTHER_SIGN) i++;
      }
      if (folded === IGNORED && raw !== 0) continue;
      origins[length] = at;
      codes[length++] = folded;
    }
    return length;
  }
}
