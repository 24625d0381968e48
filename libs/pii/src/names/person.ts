import { rank } from '../entity.ts';
import { isBlank } from '../scan/char-class.ts';
import type { Findings } from '../scan/findings.ts';
import type { Gap } from '../scan/gap.ts';
import * as cue from './cues.ts';
import { familyOf, givenOf, NAME_FLAGS, placeOf, wordOf } from './lexicon.ts';
import * as phrases from './phrase.ts';
import { Spelling } from './spelling.ts';

/** What a name needs to be taken for one. */
const enough = 6;
/** A cue that makes any capitalised word a name. */
const certain = 8;

/**
 * Takes the names out of a run of capitalised words. Each word has points for how sure the lists are that it is a name,
 * and the words round it add theirs; a run is cut where a word cannot be one.
 */
export class PersonFinder {
  readonly #gap: Gap;
  readonly #findings: Findings;
  readonly #phrase: phrases.Phrase;
  readonly #before = new phrases.Before();
  readonly #spelling = new Spelling();

  constructor(gap: Gap, findings: Findings, phrase: phrases.Phrase) {
    this.#gap = gap;
    this.#findings = findings;
    this.#phrase = phrase;
  }

  /** Judges the first `count` tokens of the phrase. Returns the end of what it took last, or 0. */
  find(count: number): number {
    let taken = 0;
    for (let i = 0; i < count; i++) {
      const isCertain = this.#isIntroduced(i);
      if (!isCertain && !this.#mayBegin(i)) continue;
      let last = i;
      while (last + 1 < count && this.#mayGoOn(last + 1, count, isCertain)) last++;
      while (last > i && !this.#mayEnd(last)) last--;
      const end = this.#judge(i, last, count);
      if (end > 0) taken = end;
      i = last;
    }
    return taken;
  }

  /** A word that is no name otherwise is one behind a title or "my name is". */
  #isIntroduced(i: number): boolean {
    const phrase = this.#phrase;
    if ((phrase.shapeAt(i) & phrases.CAPITAL) === 0 || (phrase.cuesAt(i) & ~harmless) !== 0) return false;
    if (i > 0 && (phrase.cuesAt(i - 1) & (cue.TITLE | cue.NAMED)) === 0) return false;
    if (i === 0 && this.isSentenceStart(phrase.startAt(0)) && !this.#isAfterColonOrTitle(phrase.startAt(0)))
      return false;
    return this.#scoreBefore(i) >= certain;
  }

  #isAfterColonOrTitle(at: number): boolean {
    let i = at - 1;
    while (i > at - 4 && isBlank(this.#gap.at(i)) && this.#gap.at(i) !== 10) i--;
    return this.#gap.at(i) === 58 || this.#gap.at(i) === 46;
  }

  #judge(first: number, last: number, count: number): number {
    const phrase = this.#phrase;
    let from = first;
    const isStart = this.isSentenceStart(phrase.startAt(first));
    if (isStart) while (from < last && this.#isOpening(from)) from++;
    let points = 0;
    let listed = 0;
    for (let i = from; i <= last; i++) {
      points += this.#scoreOf(i);
      if ((phrase.flagsAt(i) & NAME_FLAGS) !== 0) listed++;
    }
    if (last > from && listed > 0) points += 2;
    points = Math.min(points, 10) + this.#scoreBefore(from) + this.#scoreAfter(last, count, isStart && from === first);
    if (last > from && last < from + 3 && this.#isLine(from, last)) points += 3;
    if (points < enough) {
      this.#findings.block();
      return 0;
    }
    const end = phrase.endAt(this.#withSurname(from, last, count));
    this.#findings.add(phrase.startAt(from), end, 'PERSON', rank.NAMES);
    this.#gap.passOver(end, 'PERSON');
    return end;
  }

  /** "Tami Want": what follows a given name within a sentence is a family name, though it is a word. */
  #withSurname(first: number, last: number, count: number): number {
    const phrase = this.#phrase;
    if (first !== last || last + 1 >= count || phrase.afterAt(last) !== phrases.BLANK) return last;
    const next = last + 1;
    if (givenOf(phrase.flagsAt(first)) === 0 || (phrase.shapeAt(next) & phrases.CAPITAL) === 0) return last;
    if ((phrase.shapeAt(next) & (phrases.SHOUTED | phrases.MIXED)) !== 0) return last;
    if ((phrase.cuesAt(next) & ~harmless) !== 0) return last;
    const isLast = next + 1 >= count;
    return isLast ? next : last;
  }

  /** The tokens fill a line. */
  #isLine(first: number, last: number): boolean {
    const gap = this.#gap;
    const after = this.#phrase.afterAt(last);
    const end = this.#phrase.endAt(last);
    if (
      after !== phrases.LINE &&
      after !== phrases.PARAGRAPH &&
      !(after === phrases.STOP && (gap.at(end) === 10 || gap.at(end) === 13 || end === gap.hi))
    )
      return false;
    let i = this.#phrase.startAt(first) - 1;
    while (i > this.#phrase.startAt(first) - 6 && (gap.at(i) === 32 || gap.at(i) === 62 || gap.at(i) === 63)) i--;
    return gap.at(i) === 10 || (gap.at(i) === 0 && i < gap.lo && gap.before === undefined);
  }

  /** Words that open sentences and are names now and then: "Will you", "Can Tom". */
  #isOpening(i: number): boolean {
    const flags = this.#phrase.flagsAt(i);
    return wordOf(flags) === 2 && (givenOf(flags) < 2 || givenOf(this.#phrase.flagsAt(i + 1)) > 0);
  }

  #mayBegin(i: number): boolean {
    if ((this.#phrase.shapeAt(i) & phrases.MIXED) !== 0) return false;
    if ((this.#phrase.shapeAt(i) & phrases.INITIAL) !== 0) return this.#phrase.afterAt(i) === phrases.DOT;
    if ((this.#phrase.shapeAt(i) & phrases.CAPITAL) === 0) return false;
    return isNameable(this.#phrase.flagsAt(i), this.#phrase.cuesAt(i));
  }

  #mayGoOn(i: number, count: number, isCertain: boolean): boolean {
    const glue = this.#phrase.afterAt(i - 1);
    const isInitialBefore = (this.#phrase.shapeAt(i - 1) & phrases.INITIAL) !== 0;
    if (glue !== phrases.BLANK && !(glue === phrases.DOT && isInitialBefore)) return false;
    if ((this.#phrase.shapeAt(i) & phrases.MIXED) !== 0) return false;
    if ((this.#phrase.cuesAt(i) & cue.PARTICLE) !== 0)
      return i + 1 < count && (this.#phrase.shapeAt(i + 1) & phrases.CAPITAL) !== 0;
    if ((this.#phrase.shapeAt(i) & phrases.INITIAL) !== 0) return true;
    if ((this.#phrase.cuesAt(i) & cue.AFFIX) !== 0) return true;
    if (isCertain && (this.#phrase.cuesAt(i) & ~harmless) === 0) return true;
    return isNameable(this.#phrase.flagsAt(i), this.#phrase.cuesAt(i));
  }

  #mayEnd(i: number): boolean {
    return (
      (this.#phrase.shapeAt(i) & phrases.CAPITAL) !== 0 &&
      ((this.#phrase.cuesAt(i) & cue.PARTICLE) === 0 || this.#phrase.flagsAt(i) !== 0)
    );
  }

  #scoreOf(i: number): number {
    if ((this.#phrase.shapeAt(i) & phrases.INITIAL) !== 0) return 1;
    const flag = this.#phrase.flagsAt(i);
    if ((this.#phrase.cuesAt(i) & cue.PARTICLE) !== 0) return 0;
    if (flag === 0) return this.#scoreSpelling(i);
    const given = givenOf(flag);
    const family = familyOf(flag);
    const points = given === 2 ? 6 : family === 2 || given === 1 ? 4 : family === 1 ? 3 : 0;
    const word = (this.#phrase.cuesAt(i) & cue.OTHER_NAME) !== 0 ? 2 : wordOf(flag);
    if (word === 2) return given === 2 ? 2 : 1;
    return word === 1 || placeOf(flag) > 1 ? Math.max(1, points - 2) : points;
  }

  #scoreSpelling(i: number): number {
    if ((this.#phrase.shapeAt(i) & (phrases.FOREIGN | phrases.SHOUTED)) !== 0) return 0;
    const score = this.#spelling.scoreOf(this.#baseAt, this.#phrase.startAt(i), this.#phrase.endAt(i));
    return score > 40 ? 3 : score > 12 ? 2 : score > -12 ? 1 : 0;
  }

  readonly #baseAt = (index: number): number => this.#gap.baseAt(index);

  #scoreBefore(first: number): number {
    const at = this.#phrase.startAt(first);
    const gap = this.#gap;
    const before = this.#before;
    before.read(gap, at);
    if (before.count === 0) return this.#scoreEdge(at);
    const nearest = before.of(0);
    const next = before.of(1);
    const glue = before.glue[0] as number;
    if ((nearest & cue.TITLE) !== 0 && (glue === phrases.BLANK || glue === phrases.DOT)) return 8;
    if (glue === phrases.DOT) return 0;
    if ((nearest & cue.SIGN_OFF) !== 0 && (glue === phrases.COMMA || glue === phrases.LINE))
      return this.#endsLine(first) ? 6 : 2;
    if ((nearest & cue.GREETING) !== 0) return glue === phrases.LINE ? 1 : 6;
    if (glue === phrases.COLON) return (nearest & (cue.NAMED | cue.KIN | cue.HEADER)) !== 0 ? 8 : 0;
    if (glue === phrases.LINE) return 0;
    if ((nearest & cue.NAMED) !== 0) return 8;
    if ((nearest & cue.IS) !== 0 && (next & cue.NAMED) !== 0) return 8;
    if ((nearest & cue.IS) !== 0 && (next & (cue.KIN | cue.SELF)) !== 0) return 4;
    if ((nearest & cue.ARTICLE) !== 0) return -2;
    const middle = isLowerBefore(gap, at) ? 2 : 0;
    if ((nearest & cue.KIN) !== 0) return 4 + middle;
    if ((nearest & cue.SELF) !== 0) return 4;
    if ((nearest & (cue.DEALING | cue.SAYS)) !== 0) return 2 + middle;
    if ((nearest & cue.AND) !== 0 && before.count === 1 && gap.before === 'PERSON') return 4 + middle;
    if ((nearest & cue.GERMAN) !== 0) return 0;
    return middle;
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

  #endsLine(first: number): boolean {
    const phrase = this.#phrase;
    for (let i = first; i < first + 4 && phrase.has(i); i++) {
      const after = phrase.afterAt(i);
      if (after === phrases.LINE || after === phrases.PARAGRAPH || after === phrases.STOP) return true;
      if (after === phrases.COMMA) return false;
    }
    return false;
  }

  #scoreAfter(last: number, count: number, isAlone: boolean): number {
    const phrase = this.#phrase;
    const gap = this.#gap;
    const end = phrase.endAt(last);
    if (gap.at(end) === 39 && (gap.at(end + 1) | 32) === 115) return 2;
    if (gap.after === 'EMAIL_ADDRESS' && gap.hi - end < 4 && (gap.at(end) === 32 || gap.at(end) === 34)) return 4;
    const glue = phrase.afterAt(last);
    if (glue === phrases.STOP || !phrase.has(last + 1)) return 0;
    const next = phrase.cuesAt(last + 1);
    if (glue === phrases.COMMA)
      return this.#isListed(last + 1) ? 2 : isAlone && (next & (cue.DOES | cue.SELF)) !== 0 ? 3 : 0;
    if (glue !== phrases.BLANK) return 0;
    const isCapital = (phrase.shapeAt(last + 1) & phrases.CAPITAL) !== 0;
    if (isCapital && last + 1 < count && (next & (cue.COMPANY | cue.STREET)) !== 0) return -8;
    if ((next & cue.SAYS) !== 0) return 3;
    if ((next & cue.AND) !== 0) return phrase.has(last + 2) && this.#isListed(last + 2) ? 2 : 0;
    return (next & cue.DOES) !== 0 ? 2 : 0;
  }

  #isListed(i: number): boolean {
    return (this.#phrase.shapeAt(i) & phrases.CAPITAL) !== 0 && (this.#phrase.flagsAt(i) & NAME_FLAGS) !== 0;
  }

  /** Whether a sentence, a line or a quotation begins here: then every word is written with a capital. */
  isSentenceStart(at: number): boolean {
    const gap = this.#gap;
    let i = at - 1;
    while (i > at - 6 && (isBlank(gap.at(i)) || gap.at(i) === 34 || gap.at(i) === 39 || gap.at(i) === 40)) {
      if (gap.at(i) === 10) return true;
      i--;
    }
    const code = gap.at(i);
    if (code === 0) return gap.before === undefined || i >= gap.lo;
    return code === 46 || code === 33 || code === 63 || code === 58 || code === 45 || code === 42 || code === 62;
  }
}

/** What a word may be besides a name. */
const harmless = cue.PARTICLE | cue.STATE | cue.AFFIX;

/** Some list has it, or none has. */
const isNameable = (flags: number, cues: number): boolean => {
  if ((flags & NAME_FLAGS) !== 0) return true;
  if ((cues & ~harmless) !== 0) return false;
  return flags === 0;
};

/** The word before is written in lower case: a capital here is no sentence's. */
function isLowerBefore(gap: Gap, at: number): boolean {
  let i = at - 1;
  while (i > at - 3 && (isBlank(gap.at(i)) || gap.at(i) === 44)) i--;
  while (i > at - 26 && gap.baseAt(i) !== 0) i--;
  return gap.baseAt(i + 1) !== 0 && i + 1 < at && !gap.isCapitalAt(i + 1);
}
