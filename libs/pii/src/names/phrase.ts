import { isBlank, isDigit, isLetter, isWord } from '../scan/char-class.ts';
import type { Gap } from '../scan/gap.ts';
import { OTHER_LETTER } from './letters.ts';
import { hashNext, hashStart } from './hash.ts';
import { TITLE } from './cues.ts';
import { familyOf, givenOf, NAME_FLAGS, placeOf, PLAIN_WORD, wordOf, type Lexicon } from './lexicon.ts';

/** How a token is written. */
export const CAPITAL = 1;
/** Two letters or more, all capitals. */
export const SHOUTED = 2;
/** One letter. */
export const INITIAL = 4;
export const NUMBER = 8;
/** Letters and digits: "221B", "5th", "A1". */
export const MIXED = 16;
/** Of a script without a base in Latin letters. */
export const FOREIGN = 32;

/** What stands behind a token. */
export const BLANK = 1;
export const COMMA = 2;
export const LINE = 3;
/** A dot and a blank: an abbreviation, or the end of a sentence. */
export const DOT = 4;
/** What no name or street reads across. */
export const STOP = 5;
export const COLON = 6;
/** An empty line. */
export const PARAGRAPH = 7;

const MOST = 32;

/** Words and numbers that follow one another from a place on, read as far as somebody asks. */
export class Phrase {
  readonly #start = new Int32Array(MOST);
  readonly #end = new Int32Array(MOST);
  readonly #shape = new Uint8Array(MOST);
  readonly #flags = new Uint8Array(MOST);
  readonly #cues = new Int32Array(MOST);
  readonly #after = new Uint8Array(MOST);
  /** Nothing is written with capitals: a word that may be a name counts as if it were. */
  isLowerCase = false;
  #count = 0;
  #gap: Gap;
  #next = 0;
  #isOver = false;
  readonly #lexicon: Lexicon;

  constructor(gap: Gap, lexicon: Lexicon) {
    this.#gap = gap;
    this.#lexicon = lexicon;
  }

  open(at: number): void {
    this.#count = 0;
    this.#next = at;
    this.#isOver = false;
  }

  flagsAt(i: number): number {
    return this.#flags[i] as number;
  }

  cuesAt(i: number): number {
    return this.#cues[i] as number;
  }

  afterAt(i: number): number {
    return this.#after[i] as number;
  }

  isShaped(i: number, shape: number): boolean {
    return ((this.#shape[i] as number) & shape) !== 0;
  }

  hasCue(i: number, cues: number): boolean {
    return ((this.#cues[i] as number) & cues) !== 0;
  }

  lengthOf(i: number): number {
    return (this.#end[i] as number) - (this.#start[i] as number);
  }

  startAt(i: number): number {
    return this.#start[i] as number;
  }

  endAt(i: number): number {
    return this.#end[i] as number;
  }

  /** Whether there is a token `index`, which is read then. */
  has(index: number): boolean {
    while (this.#count <= index && !this.#isOver) this.#read();
    return index < this.#count;
  }

  #read(): void {
    const at = this.#next;
    const code = this.#gap.at(at);
    if (this.#count === MOST || !isWord(code)) {
      this.#isOver = true;
      return;
    }
    const i = this.#count++;
    this.#start[i] = at;
    const end = isDigit(code) ? this.#readNumber(i, at) : this.#readWord(i, at);
    this.#end[i] = end;
    // A token that is cut is no name: what is left of it would begin the next gap.
    if (isWord(this.#gap.at(end))) {
      this.#isOver = true;
      this.#count--;
      return;
    }
    this.#next = this.#readGlue(i, end);
    if (this.#after[i] === STOP) this.#isOver = true;
  }

  #readNumber(i: number, at: number): number {
    const gap = this.#gap;
    let end = at + 1;
    while (isDigit(gap.at(end)) && end < at + 24) end++;
    const digits = end;
    while (isWord(gap.at(end)) && end < at + 32) end++;
    // "12-14", "12/3", "123-4567": one number of a street or a code.
    const code = gap.at(end);
    if ((code === 45 || code === 47) && isDigit(gap.at(end + 1))) {
      end += 2;
      while (isWord(gap.at(end)) && end < at + 32) end++;
    }
    this.#shape[i] = end === digits || !isLetter(gap.at(digits)) ? NUMBER : end - digits <= 2 ? NUMBER | MIXED : MIXED;
    this.#flags[i] = 0;
    this.#cues[i] = 0;
    return end;
  }

  #readWord(i: number, at: number): number {
    const gap = this.#gap;
    let hash = hashStart;
    let partFlags = 0;
    let isContracted = false;
    let lastPart = 0;
    let isParted = false;
    let capitals = 0;
    let letters = 0;
    let shape = gap.isCapitalAt(at) ? CAPITAL : 0;
    let end = at;
    for (; end < at + 40; end++) {
      const code = gap.at(end);
      if (code >= 97 && code <= 122) {
        hash = hashNext(hash, code);
        letters++;
      } else if (code >= 65 && code <= 90) {
        hash = hashNext(hash, code + 32);
        letters++;
        capitals++;
      } else if (isLetter(code)) {
        const base = gap.baseAt(end);
        if (base === 0 && code >= 128) continue;
        if (base === OTHER_LETTER) shape |= FOREIGN;
        hash = hashNext(hash, base === OTHER_LETTER ? gap.keyAt(end) : base);
        letters++;
        if (gap.isCapitalAt(end)) capitals++;
      } else if (isDigit(code)) shape |= MIXED;
      else if ((code === 39 || code === 45) && isLetter(gap.at(end + 1)) && !isPossessive(gap, end)) {
        // Of "O'Brien" the last part counts, of "Jean-Luc" each.
        if (letters > 1) partFlags = isParted ? partFlags & this.#lexicon.look(hash) : this.#lexicon.look(hash);
        isParted ||= letters > 1;
        isContracted = code === 39 && letters > 1;
        lastPart = end;
        hash = hashStart;
      } else break;
    }
    if (letters === 1) shape |= INITIAL;
    else if (capitals === letters) shape |= SHOUTED;
    const flags = this.#lexicon.look(hash);
    const before = i > 0 ? this.flagsAt(i - 1) : 0;
    if (this.isLowerCase && letters > 1 && mayBeCapital(flags, this.#lexicon.cuesOf(hash), before)) shape |= CAPITAL;
    // "don't", "we've"
    if (isContracted && end - lastPart <= 3) {
      this.#flags[i] = PLAIN_WORD;
      this.#cues[i] = 0;
      this.#shape[i] = shape & ~CAPITAL;
      return end;
    }
    this.#flags[i] = isParted ? joinFlags(flags, partFlags) : flags;
    this.#cues[i] = isParted ? 0 : this.#lexicon.cuesOf(hash);
    this.#shape[i] = shape;
    return end;
  }

  #readGlue(i: number, end: number): number {
    const gap = this.#gap;
    let at = end;
    let kind = BLANK;
    const code = gap.at(at);
    if (code === 44) {
      kind = COMMA;
      at++;
    } else if (code === 46) {
      kind = DOT;
      at++;
    }
    const blanks = at;
    let lines = 0;
    for (; at < end + 24; at++) {
      const mark = gap.at(at);
      if (mark === 10) lines++;
      else if (!isBlank(mark) && !(lines > 0 && isLineMark(mark))) break;
    }
    if (lines > 2 || (at === blanks && kind !== COMMA && !(kind === DOT && isLetter(gap.at(at)))) || at >= gap.hi)
      kind = STOP;
    else if (lines > 0) kind = lines === 1 ? LINE : PARAGRAPH;
    this.#after[i] = kind;
    return at;
  }
}

/** A name that is a common word too counts only behind a given name. */
function mayBeCapital(flags: number, cues: number, before: number): boolean {
  if ((cues & TITLE) !== 0 || placeOf(flags) > 0) return true;
  if (wordOf(flags) === 2) return familyOf(flags) === 2 && givenOf(before) > 0 && wordOf(before) < 2;
  return (flags & NAME_FLAGS) !== 0 || (flags === 0 && cues === 0);
}

/** Before the lines of a quotation or a list. */
const isLineMark = (code: number): boolean => code === 62 || code === 63 || code === 124 || code === 44;

const isPossessive = (gap: Gap, at: number): boolean =>
  gap.at(at) === 39 && (gap.at(at + 1) | 32) === 115 && !isWord(gap.at(at + 2));

/** A compound is a name when a part is, and a word when both are. */
const joinFlags = (one: number, other: number): number => ((one | other) & 15) | (one & other & 0xf0);

/** The words before a place, the nearest first; each is read when somebody asks for it. */
export class Before {
  /** What parts the nearest word from the place. */
  glue = BLANK;
  readonly #cues = new Int32Array(4);
  readonly #starts = new Int32Array(4);
  readonly #gap: Gap;
  readonly #lexicon: Lexicon;
  #count = 0;
  #next = 0;
  #isOver = true;

  constructor(gap: Gap, lexicon: Lexicon) {
    this.#gap = gap;
    this.#lexicon = lexicon;
  }

  open(at: number): void {
    this.#count = 0;
    this.#next = at - 1;
    this.#isOver = false;
    this.glue = BLANK;
  }

  has(index: number): boolean {
    while (this.#count <= index && !this.#isOver) this.#read();
    return index < this.#count;
  }

  startOf(index: number): number {
    return this.#starts[index] as number;
  }

  /** The cues of the word `index` before the place. */
  of(index: number): number {
    return this.has(index) ? (this.#cues[index] as number) : 0;
  }

  #read(): void {
    const gap = this.#gap;
    const word = this.#count;
    let i = this.#next;
    let glue = BLANK;
    this.#isOver = true;
    for (const limit = i - 8; i > limit && !isWord(gap.at(i)); i--) {
      const code = gap.at(i);
      if (code === 0 || (code === 10 && glue === LINE)) return;
      if (code === 10) glue = glue === COMMA ? COMMA : LINE;
      else if (code === 58 || (code === 63 && word === 0)) glue = COLON;
      else if (code === 44) glue = COMMA;
      else if (code === 46 && glue === BLANK && word === 0) glue = DOT;
      else if (!isBlank(code) && !isQuoting(code)) return;
    }
    if (!isLetter(gap.at(i))) return;
    let start = i;
    while (start > i - 24 && isLetter(gap.at(start - 1))) start--;
    let hash = hashStart;
    for (let k = start; k <= i; k++) {
      const code = gap.at(k);
      const key = code >= 97 && code <= 122 ? code : gap.keyAt(k);
      if (key !== 0) hash = hashNext(hash, key);
    }
    if (word === 0) this.glue = glue;
    this.#cues[word] = this.#lexicon.cuesOf(hash);
    this.#starts[word] = start;
    this.#count = word + 1;
    this.#next = start - 1;
    this.#isOver = word === 3;
  }
}

/** Quotes, brackets, stars: round a name they say nothing. */
const isQuoting = (code: number): boolean => code === 34 || code === 39 || code === 42 || code === 40 || code === 92;
