import { isBlank } from '../scan/char-class.ts';
import type { Gap } from '../scan/gap.ts';
import * as cue from './cues.ts';
import { NAME_FLAGS } from './lexicon.ts';
import * as phrases from './phrase.ts';

/** What makes any capitalised word a name. */
export const CERTAIN = 8;

/** What the words round a name say, in points: 6 are enough for a name that no list knows. */
export class Introduction {
  readonly #gap: Gap;
  readonly #phrase: phrases.Phrase;
  readonly #before: phrases.Before;
  /** The last look before a name missed the end of a line: where what follows is masked, it would find it. */
  isUnsure = false;

  constructor(gap: Gap, phrase: phrases.Phrase, before: phrases.Before) {
    this.#gap = gap;
    this.#phrase = phrase;
    this.#before = before;
  }

  /** Of what stands before the token `first`. */
  scoreBefore(first: number, isLong: boolean): number {
    const at = this.#phrase.startAt(first);
    const before = this.#before;
    this.isUnsure = false;
    before.open(at);
    if (!before.has(0)) return this.#scoreEdge(at);
    const nearest = before.of(0);
    const { glue } = before;
    if ((nearest & cue.TITLE) !== 0 && (glue === phrases.BLANK || glue === phrases.DOT)) return 8;
    if (glue === phrases.DOT) return 0;
    if ((nearest & cue.SIGN_OFF) !== 0 && (glue === phrases.COMMA || glue === phrases.LINE)) {
      this.isUnsure = !this.endsLine(first);
      return this.isUnsure ? 2 : 6;
    }
    if ((nearest & cue.GREETING) !== 0) return this.#scoreGreeting(first, glue);
    if (glue === phrases.COLON) return (nearest & (cue.NAMED | cue.KIN | cue.HEADER)) !== 0 ? 8 : 0;
    if (glue === phrases.LINE) return 0;
    if ((nearest & cue.NAMED) !== 0) return 8;
    if ((nearest & cue.IS) !== 0) return this.#scoreIs();
    if ((nearest & cue.ARTICLE) !== 0) return isLong ? 1 : -2;
    return this.#scoreWord(nearest, !this.#phrase.isLowerCase && isLowerBefore(this.#gap, at) ? 2 : 0);
  }

  /** Where the titles before the token begin, which belong to the name. */
  startOfTitle(first: number): number {
    const before = this.#before;
    let start = this.#phrase.startAt(first);
    before.open(start);
    for (let i = 0; i < 2 && (before.of(i) & cue.TITLE) !== 0; i++) {
      if (i === 0 && before.glue !== phrases.BLANK && before.glue !== phrases.DOT) break;
      start = before.startOf(i);
    }
    return start;
  }

  /** "Hello John", "Hello, John"; but "Hello, Call me back" opens a sentence. */
  #scoreGreeting(first: number, glue: number): number {
    if (glue === phrases.LINE) return 1;
    this.isUnsure = glue === phrases.COMMA && !this.endsLine(first);
    return this.isUnsure ? 2 : 6;
  }

  /** "my name is", "my manager is", "this is". */
  #scoreIs(): number {
    const subject = this.#before.of(1);
    if ((subject & cue.NAMED) !== 0) return 8;
    if ((subject & (cue.KIN | cue.SELF)) !== 0) return 4;
    return (this.#before.of(0) & cue.SELF) !== 0 ? 4 : 2;
  }

  #scoreWord(nearest: number, middle: number): number {
    if ((nearest & cue.KIN) !== 0) return 4 + middle;
    if ((nearest & cue.SELF) !== 0) return 4;
    if ((nearest & (cue.DEALING | cue.SAYS)) !== 0) return 2 + middle;
    const isAfterPerson = this.#gap.before === 'PERSON' && !this.#before.has(1);
    if ((nearest & cue.AND) !== 0 && isAfterPerson) return 4 + middle;
    if ((nearest & cue.NEVER) !== 0) return -3;
    return (nearest & cue.GERMAN) !== 0 ? 0 : middle;
  }

  /** Next to a person: "Ana, Eva", "Ana & Eva". */
  #scoreEdge(at: number): number {
    const gap = this.#gap;
    if (gap.before !== 'PERSON' || at - gap.lo > 4) return 0;
    for (let i = gap.lo; i < at; i++) {
      const code = gap.at(i);
      if (code !== 32 && code !== 44 && code !== 38 && code !== 10 && code !== 47) return 0;
    }
    return 4;
  }

  /** Of what stands behind the token `last` of a run of `count`; `isAlone`: one word that opens a sentence. */
  scoreAfter(last: number, count: number, isAlone: boolean): number {
    const phrase = this.#phrase;
    const gap = this.#gap;
    const end = phrase.endAt(last);
    if (gap.at(end) === 39 && (gap.at(end + 1) | 32) === 115) return 2;
    if (gap.after === 'EMAIL_ADDRESS' && gap.hi - end < 4 && (gap.at(end) === 32 || gap.at(end) === 34)) return 4;
    const glue = phrase.afterAt(last);
    if ((glue !== phrases.COMMA && glue !== phrases.BLANK) || !phrase.has(last + 1)) return 0;
    const next = phrase.cuesAt(last + 1);
    if (glue === phrases.COMMA) {
      if (this.#isListed(last + 1)) return 3;
      return isAlone && (next & (cue.DOES | cue.SELF)) !== 0 ? 3 : 0;
    }
    if (last + 1 < count && phrase.isShaped(last + 1, phrases.CAPITAL) && (next & (cue.COMPANY | cue.STREET)) !== 0) {
      return COMPANY;
    }
    if ((next & cue.SAYS) !== 0) return 3;
    if ((next & cue.AND) !== 0) return phrase.has(last + 2) && this.#isListed(last + 2) ? 3 : 0;
    return (next & cue.DOES) !== 0 ? 2 : 0;
  }

  #isListed(i: number): boolean {
    const phrase = this.#phrase;
    if (!phrase.isShaped(i, phrases.CAPITAL) || phrase.hasCue(i, cue.NEVER)) return false;
    return (phrase.flagsAt(i) & NAME_FLAGS) !== 0;
  }

  /** Whether the run that the token begins is the last thing on its line. */
  endsLine(first: number): boolean {
    const phrase = this.#phrase;
    for (let i = first; i < first + 4 && phrase.has(i); i++) {
      const after = phrase.afterAt(i);
      if (after === phrases.LINE || after === phrases.PARAGRAPH || after === phrases.STOP) return true;
      if (after === phrases.COMMA || !phrase.isShaped(i, phrases.CAPITAL)) return false;
    }
    return false;
  }

  /** The tokens fill a line. */
  isLine(first: number, last: number): boolean {
    const gap = this.#gap;
    const after = this.#phrase.afterAt(last);
    const end = this.#phrase.endAt(last);
    const isEnd = after === phrases.STOP && (gap.at(end) === 10 || gap.at(end) === 13 || end === gap.hi);
    if (after !== phrases.LINE && after !== phrases.PARAGRAPH && !isEnd) return false;
    const start = this.#phrase.startAt(first);
    let i = start - 1;
    while (i > start - 6 && (gap.at(i) === 32 || gap.at(i) === 62 || gap.at(i) === 63)) i--;
    return gap.at(i) === 10 || (i < gap.lo && gap.before === undefined);
  }

  /** Whether a sentence, a line or a quotation begins here: then every word is written with a capital. */
  isSentenceStart(at: number): boolean {
    const gap = this.#gap;
    let i = at - 1;
    for (; i > at - 6 && (isBlank(gap.at(i)) || isQuote(gap.at(i))); i--) if (gap.at(i) === 10) return true;
    return sentenceMarks.includes(gap.at(i)) && (gap.at(i) !== 0 || gap.before === undefined || i >= gap.lo);
  }
}

/** A company's or a street's name. */
export const COMPANY = -8;

const isQuote = (code: number): boolean => code === 34 || code === 39 || code === 40;

/** Nothing, or . ! ? : - * > */
const sentenceMarks: readonly number[] = [0, 46, 33, 63, 58, 45, 42, 62];

/** The word before is written in lower case: a capital here is no sentence's. */
function isLowerBefore(gap: Gap, at: number): boolean {
  let i = at - 1;
  while (i > at - 3 && (isBlank(gap.at(i)) || gap.at(i) === 44)) i--;
  while (i > at - 26 && gap.baseAt(i) !== 0) i--;
  return gap.baseAt(i + 1) !== 0 && i + 1 < at && !gap.isCapitalAt(i + 1);
}
