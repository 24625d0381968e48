import { foldAstral, foldUnit, IGNORED, KEPT } from './fold.ts';
import { DIGIT_TRIGGER, LETTER_TRIGGER, startsPair, triggerOf } from './trigger.ts';

/**
 * One text, folded, with the places where a rule may begin. The buffers are kept between texts, since tickets are small
 * and many: a masker owns one view and loads it again and again.
 *
 * ASCII text takes one pass and no map. The first unit beyond ASCII switches to the folding pass, which also remembers
 * where each folded unit came from.
 */
export class TextView {
  codes = new Uint16Array(1024);
  triggers = new Int32Array(1024);
  length = 0;
  triggerCount = 0;
  /** Whether a `<` was seen, so whether placeholders can stand here at all. */
  hasAngle = false;
  #origins = new Int32Array(0);
  #isMapped = false;
  #text = '';

  load(text: string): void {
    const { length } = text;
    if (this.codes.length <= length) this.#grow(length);
    const { codes, triggers } = this;
    this.#text = text;
    this.#isMapped = false;
    this.hasAngle = false;
    let count = 0;
    let isInDigits = false;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code > 127) return this.#loadFolded(i, count);
      codes[i] = code;
      const kind = triggerOf(code);
      if (kind === 0) {
        isInDigits = false;
        continue;
      }
      if (kind === DIGIT_TRIGGER) {
        if (!isInDigits) triggers[count++] = i;
        isInDigits = true;
        continue;
      }
      isInDigits = false;
      if (kind === LETTER_TRIGGER) {
        if (startsPair(code, text.charCodeAt(i + 1))) triggers[count++] = i;
      } else {
        triggers[count++] = i;
        if (code === 60) this.hasAngle = true;
      }
    }
    this.length = length;
    this.triggerCount = count;
  }

  /** The place in the text where the folded unit begins. */
  originStart(index: number): number {
    if (!this.#isMapped) return index;
    return index < this.length ? (this.#origins[index] as number) : this.#text.length;
  }

  /** The place in the text just behind the folded unit before `index`. */
  originEnd(index: number): number {
    if (!this.#isMapped || index === 0) return index;
    const last = this.#origins[index - 1] as number;
    const isPair = (this.codes[index - 1] as number) < 128 && this.#text.charCodeAt(last) >> 10 === 0x36;
    return last + (isPair ? 2 : 1);
  }

  /** The first folded unit that begins at `origin` or later. */
  indexOf(origin: number): number {
    if (!this.#isMapped) return origin;
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
    const size = Math.max(length + 1, this.codes.length * 2);
    this.codes = new Uint16Array(size);
    this.triggers = new Int32Array(size);
  }

  #loadFolded(start: number, count: number): void {
    const text = this.#text;
    if (this.#origins.length < this.codes.length) this.#origins = new Int32Array(this.codes.length);
    for (let i = 0; i < start; i++) this.#origins[i] = i;
    this.#isMapped = true;
    let at = start;
    this.triggerCount = count;
    for (let i = start; i < text.length; i++) {
      const raw = text.charCodeAt(i);
      if (raw < 128) {
        this.#push(at++, raw, i);
        continue;
      }
      if (raw >> 10 === 0x36) {
        const folded = foldAstral(raw, text.charCodeAt(i + 1));
        if (folded === KEPT) this.#push(at++, raw, i);
        else if (folded === IGNORED) i++;
        else this.#push(at++, folded, i++);
        continue;
      }
      const folded = foldUnit(raw);
      if (folded !== IGNORED) this.#push(at++, folded, i);
    }
    this.length = at;
  }

  #push(at: number, code: number, origin: number): void {
    this.codes[at] = code;
    this.#origins[at] = origin;
    if (code > 127) return;
    const kind = triggerOf(code);
    if (kind === 0) return;
    if (kind === DIGIT_TRIGGER && at > 0 && triggerOf(this.codes[at - 1] as number) === DIGIT_TRIGGER) return;
    this.triggers[this.triggerCount++] = at;
    if (code === 60) this.hasAngle = true;
  }
}
