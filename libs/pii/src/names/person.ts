import { rank } from '../entity.ts';
import type { Findings } from '../scan/findings.ts';
import type { Gap } from '../scan/gap.ts';
import * as cue from './cues.ts';
import { CERTAIN, COMPANY, Introduction } from './introduction.ts';
import { familyOf, givenOf, NAME_FLAGS, placeOf, wordOf } from './lexicon.ts';
import * as phrases from './phrase.ts';
import { Spelling } from './spelling.ts';

/** What a name needs to be taken for one. */
const ENOUGH = 6;
/** The same where nothing is written with capitals. */
const ENOUGH_IN_LOWER_CASE = 8;

/**
 * Takes a name out of a run of capitalised words. Each word has points for how sure the lists are that it is a name, and
 * the words round it add theirs; a run is cut where a word cannot be one.
 */
export class PersonFinder {
  readonly #gap: Gap;
  readonly #findings: Findings;
  readonly #phrase: phrases.Phrase;
  readonly #introduction: Introduction;
  readonly #spelling = new Spelling();

  constructor(gap: Gap, findings: Findings, phrase: phrases.Phrase, before: phrases.Before) {
    this.#gap = gap;
    this.#findings = findings;
    this.#phrase = phrase;
    this.#introduction = new Introduction(gap, phrase, before);
  }

  /** Takes the first name of the first `count` tokens. Returns its end, or 0. */
  find(count: number): number {
    for (let i = 0; i < count; i++) {
      const isIntroduced = !this.#mayBegin(i) && this.#isIntroduced(i);
      if (!isIntroduced && !this.#mayBegin(i)) continue;
      let last = i;
      while (last + 1 < count && this.#mayGoOn(last + 1, count, isIntroduced || this.#isTitled(i))) last++;
      while (last > i && !this.#mayEnd(last)) last--;
      const end = this.#judge(i, last, count);
      if (end > 0) return end;
      i = last;
    }
    return 0;
  }

  /** Behind a title or "my name is", a word that is no name otherwise is one. */
  #isIntroduced(i: number): boolean {
    const phrase = this.#phrase;
    if (!phrase.isShaped(i, phrases.CAPITAL) || (phrase.cuesAt(i) & ~harmless) !== 0) return false;
    return this.#isTitled(i) && this.#introduction.scoreBefore(i, false) >= CERTAIN;
  }

  /** A cheap look for what `scoreBefore` would find certain. */
  #isTitled(i: number): boolean {
    const phrase = this.#phrase;
    if (i > 0) return phrase.hasCue(i - 1, cue.TITLE | cue.NAMED);
    const gap = this.#gap;
    let at = phrase.startAt(0) - 1;
    while (at > phrase.startAt(0) - 3 && gap.at(at) === 32) at--;
    const code = gap.at(at);
    return code === 58 || code === 46 || (code > 58 && this.#introduction.scoreBefore(0, false) >= CERTAIN);
  }

  /** Takes the name at the phrase's begin in a script without capitals, if it is introduced. Returns its end, or 0. */
  findForeign(): number {
    const phrase = this.#phrase;
    if (!phrase.isShaped(0, phrases.FOREIGN) || phrase.lengthOf(0) > 12) return 0;
    if (this.#introduction.scoreBefore(0, false) < CERTAIN) return 0;
    let last = 0;
    while (
      last < 2 &&
      phrase.afterAt(last) === phrases.BLANK &&
      phrase.has(last + 1) &&
      phrase.isShaped(last + 1, phrases.FOREIGN)
    )
      last++;
    return this.#take(phrase.startAt(0), phrase.endAt(last));
  }

  #take(start: number, end: number): number {
    this.#findings.add(start, end, 'PERSON', rank.NAMES);
    this.#gap.passOver(end, 'PERSON');
    return end;
  }

  #judge(first: number, last: number, count: number): number {
    const phrase = this.#phrase;
    const around = this.#introduction;
    let from = first;
    const isStart = around.isSentenceStart(phrase.startAt(first));
    while (from < last && (phrase.hasCue(from, cue.KIN) || (isStart && this.#isOpening(from)))) from++;
    let points = 0;
    let listed = 0;
    for (let i = from; i <= last; i++) {
      points += this.#scoreOf(i);
      if ((phrase.flagsAt(i) & NAME_FLAGS) !== 0) listed++;
    }
    if (points === 0) return 0;
    if (last > from) points += listed > 0 ? 2 : points > 2 ? 1 : 0;
    let after = around.scoreAfter(last, count, isStart && from === first);
    // "Paris is …" may be either.
    const isPlace = last === from && placeOf(phrase.flagsAt(last)) > 0;
    if (isPlace && after === 2) after = 0;
    const before = around.scoreBefore(from, last > from);
    if (isPlace && before < 4) points -= 2;
    points = Math.min(points, 10) + before + after;
    if (last > from && last < from + 3 && around.isLine(from, last)) points += 3;
    if (points < (phrase.isLowerCase && before < CERTAIN ? ENOUGH_IN_LOWER_CASE : ENOUGH)) {
      // Without the words behind it, it might be a name.
      if (after === COMPANY || from > first || around.isUnsure) this.#findings.blockNames();
      return 0;
    }
    // Before a name, what opened the sentence may be one, too: "Dear Will Tom".
    if (from > first) this.#findings.blockNames();
    return this.#take(around.startOfTitle(from), phrase.endAt(this.#withSurname(from, last, count)));
  }

  /** "Tami Want": what follows a given name at the end of a run is a family name, though it is a word. */
  #withSurname(first: number, last: number, count: number): number {
    const phrase = this.#phrase;
    const next = last + 1;
    if (first !== last || next + 1 !== count || phrase.afterAt(last) !== phrases.BLANK) return last;
    const isName = phrase.isShaped(next, phrases.CAPITAL) && !phrase.isShaped(next, phrases.SHOUTED | phrases.MIXED);
    return isName && givenOf(phrase.flagsAt(first)) > 0 && (phrase.cuesAt(next) & ~harmless) === 0 ? next : last;
  }

  /** Words that open sentences and are names now and then: "Will you", "Can Tom". */
  #isOpening(i: number): boolean {
    const flags = this.#phrase.flagsAt(i);
    return wordOf(flags) === 2 && (givenOf(flags) < 2 || this.#phrase.hasCue(i, cue.DOES));
  }

  #mayBegin(i: number): boolean {
    const phrase = this.#phrase;
    if (phrase.isShaped(i, phrases.MIXED)) return false;
    if (phrase.isShaped(i, phrases.INITIAL))
      return phrase.afterAt(i) === phrases.DOT && phrase.isShaped(i, phrases.CAPITAL);
    return phrase.isShaped(i, phrases.CAPITAL) && isNameable(phrase.flagsAt(i), phrase.cuesAt(i));
  }

  #mayGoOn(i: number, count: number, isCertain: boolean): boolean {
    const phrase = this.#phrase;
    const glue = phrase.afterAt(i - 1);
    if (glue !== phrases.BLANK && !(glue === phrases.DOT && phrase.isShaped(i - 1, phrases.INITIAL))) return false;
    if (phrase.isShaped(i, phrases.MIXED)) return false;
    if (phrase.hasCue(i, cue.PARTICLE)) return i + 1 < count;
    if (phrase.hasCue(i - 1, cue.PARTICLE) || phrase.hasCue(i, cue.AFFIX)) return true;
    if (phrase.isShaped(i, phrases.INITIAL)) return !phrase.hasCue(i, cue.SELF);
    if (isCertain && (phrase.cuesAt(i) & ~harmless) === 0) return true;
    // In a text of capitals, what no list knows is any word.
    if (phrase.isShaped(i, phrases.SHOUTED) && phrase.flagsAt(i) === 0) return givenOf(phrase.flagsAt(i - 1)) > 0;
    return isNameable(phrase.flagsAt(i), phrase.cuesAt(i));
  }

  #mayEnd(i: number): boolean {
    const phrase = this.#phrase;
    if (!phrase.isShaped(i, phrases.CAPITAL)) return false;
    if (phrase.isShaped(i, phrases.INITIAL))
      return phrase.afterAt(i) === phrases.DOT || this.#gap.at(phrase.endAt(i)) === 46;
    return !phrase.hasCue(i, cue.PARTICLE) || (phrase.flagsAt(i) & NAME_FLAGS) !== 0 || phrase.flagsAt(i) === 0;
  }

  #scoreOf(i: number): number {
    const phrase = this.#phrase;
    if (phrase.isShaped(i, phrases.INITIAL)) return 1;
    if (phrase.hasCue(i, cue.PARTICLE)) return 0;
    const flags = phrase.flagsAt(i);
    if (flags === 0) return this.#scoreSpelling(i);
    const given = givenOf(flags);
    const family = familyOf(flags);
    const points = given === 2 ? 6 : family === 2 || given === 1 ? 4 : family === 1 ? 3 : 0;
    if (phrase.isShaped(i, phrases.SHOUTED) && phrase.lengthOf(i) < 4) return 0;
    if (phrase.hasCue(i, cue.NEVER)) return 0;
    const word = phrase.hasCue(i, cue.OTHER_NAME) ? 2 : wordOf(flags);
    if (word === 2) return given === 2 && !phrase.isLowerCase ? 2 : 1;
    return word === 1 || placeOf(flags) > 1 ? Math.max(1, points - 2) : points;
  }

  /** A word that no list knows. */
  #scoreSpelling(i: number): number {
    const phrase = this.#phrase;
    if (phrase.isShaped(i, phrases.FOREIGN | phrases.SHOUTED)) return 0;
    if (phrase.isLowerCase) return 0;
    const score = this.#spelling.scoreOf(this.#baseAt, phrase.startAt(i), phrase.endAt(i));
    return score > 40 ? 3 : score > 12 ? 2 : score > -12 ? 1 : 0;
  }

  readonly #baseAt = (index: number): number => this.#gap.baseAt(index);
}

/** What a word may be besides a name. */
const harmless = cue.PARTICLE | cue.STATE | cue.AFFIX;

/** Some list has it, or none has. */
const isNameable = (flags: number, cues: number): boolean => {
  if ((flags & NAME_FLAGS) !== 0) return (cues & (cue.GREETING | cue.TITLE | cue.NAMED)) === 0;
  return (cues & ~harmless) === 0 && flags === 0;
};
