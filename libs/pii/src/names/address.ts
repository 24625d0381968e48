import { rank } from '../entity.ts';
import type { Findings } from '../scan/findings.ts';
import type { Gap } from '../scan/gap.ts';
import * as cue from './cues.ts';
import { placeOf, wordOf } from './lexicon.ts';
import * as phrases from './phrase.ts';

/** What a street needs to be taken for one. */
const ENOUGH = 4;

/**
 * A street with its number, and the flat, town, state and code that follow. The street is told by its word ("Street",
 * "rue", "…straße"), by the numbers round it, by the flat, and by what announces it or follows it.
 */
export class AddressFinder {
  readonly #gap: Gap;
  readonly #findings: Findings;
  readonly #phrase: phrases.Phrase;
  readonly #before: phrases.Before;
  /** What the last reading of a street found. */
  #last = -1;
  #points = 0;
  #hasNumber = false;
  #isLowerCase = false;
  #tailPoints = 0;

  constructor(gap: Gap, findings: Findings, phrase: phrases.Phrase, before: phrases.Before) {
    this.#before = before;
    this.#gap = gap;
    this.#findings = findings;
    this.#phrase = phrase;
  }

  /** Judges what begins with the number or the capitalised word at the phrase's begin. Returns the end, or 0. */
  find(): number {
    const phrase = this.#phrase;
    const at = phrase.startAt(0);
    let first = 0;
    while (first < 2 && phrase.has(first) && this.#isHouseNumber(first)) first++;
    // "3 bis boulevard Voltaire"
    if (first > 0 && phrase.has(first) && phrase.hasCue(first, cue.AFFIX) && !phrase.isShaped(first, phrases.CAPITAL))
      first++;
    if (!phrase.has(first)) return 0;
    this.#readStreet(first);
    if (this.#last < 0 || (first === 0 && !this.#hasNumber)) return 0;
    let points = this.#points + (first > 0 ? 2 : 0) - (this.#isLowerCase ? 1 : 0);
    if (points < 2) return 0;
    const last = this.#readTail(this.#last);
    if (points < ENOUGH) points += this.#tailPoints;
    if (points < ENOUGH && this.#isAnnounced(at)) points += 2;
    if (points < ENOUGH) {
      if (this.#isLowerCase) this.#findings.blockNames();
      return 0;
    }
    const end = phrase.endAt(last);
    this.#findings.add(at, end, 'STREET_ADDRESS', rank.NAMES);
    this.#gap.passOver(end, 'STREET_ADDRESS');
    return end;
  }

  #isHouseNumber(i: number): boolean {
    const phrase = this.#phrase;
    const after = phrase.afterAt(i);
    return (
      phrase.isShaped(i, phrases.NUMBER) &&
      phrase.lengthOf(i) <= 7 &&
      (after === phrases.BLANK || after === phrases.COMMA)
    );
  }

  /** The street, its number and the flat, from the token `first` on. */
  #readStreet(first: number): void {
    const phrase = this.#phrase;
    this.#last = -1;
    this.#points = 0;
    this.#hasNumber = false;
    this.#isLowerCase = false;
    let words = 0;
    let streets = 0;
    let isPlain = false;
    for (let i = first; i < first + 14 && phrase.has(i); i++) {
      if (i > first && !this.#goesOn(i - 1)) return;
      if (phrase.isShaped(i, phrases.NUMBER)) {
        if (i === first || phrase.lengthOf(i) > 7 || (words === 0 && streets === 0 && !this.#hasNumber)) return;
        if (words > 0) this.#points += streets > 0 || (first > 0 && !isPlain) ? 2 : this.#hasNumber ? 0 : 1;
        this.#hasNumber = true;
        this.#last = i;
        words = 0;
        continue;
      }
      if (this.#isUnit(i)) {
        this.#points += 3;
        this.#hasNumber = true;
        this.#last = ++i;
        words = 0;
        continue;
      }
      if (phrase.hasCue(i, cue.MILITARY) && this.#isMilitary(i)) {
        this.#points += 4;
        this.#hasNumber = true;
        this.#last = i += 2;
        words = 0;
        continue;
      }
      if (phrase.isShaped(i, phrases.MIXED)) return;
      const isStreetWord = isStreet(this.#gap, phrase, i);
      const isCapital = phrase.isShaped(i, phrases.CAPITAL);
      if (!isCapital && !isStreetWord && !phrase.hasCue(i, cue.PARTICLE) && !this.#isBetweenNumbers(i, first, words)) {
        if (streets === 0 || this.#hasNumber || words > 3 || wordOf(phrase.flagsAt(i)) > 0) return;
        this.#isLowerCase = true;
      }
      if (isStreetWord && this.#isNamed(i, first)) {
        if (streets++ === 0) this.#points += 2;
        if (words > 0 || i > first || first > 0) this.#last = i;
      } else if (wordOf(phrase.flagsAt(i)) === 2 && !phrase.hasCue(i, cue.PARTICLE)) {
        isPlain = true;
        if (i === first) this.#points--;
        if (phrase.hasCue(i, cue.STREET_NOW_AND_THEN) && words > 0) {
          this.#points++;
          this.#last = i;
        }
      }
      if (phrase.isShaped(i, phrases.SHOUTED) && phrase.lengthOf(i) < 3) isPlain = true;
      if (++words > 5) return;
    }
  }

  /** A word for streets names none alone: "Weg 2", "12 Way too many". A compound does: "Hauptstraße 5". */
  #isNamed(i: number, first: number): boolean {
    const phrase = this.#phrase;
    if (!phrase.hasCue(i, cue.STREET | cue.STREET_FIRST)) return true;
    if (i > first && phrase.hasCue(i, cue.STREET)) return true;
    if (!phrase.hasCue(i, cue.STREET_FIRST) || phrase.afterAt(i) === phrases.COMMA || !phrase.has(i + 1))
      return i > first;
    return !phrase.isShaped(i + 1, phrases.NUMBER);
  }

  /** Whether a street goes on behind the token. */
  #goesOn(i: number): boolean {
    const phrase = this.#phrase;
    const after = phrase.afterAt(i);
    if (after === phrases.BLANK) return true;
    if (after === phrases.COMMA) return true;
    if (after === phrases.DOT)
      return phrase.hasCue(i, abbreviated) || phrase.isShaped(i, phrases.INITIAL) || isStreet(this.#gap, phrase, i);
    if (after !== phrases.LINE || !phrase.has(i + 1)) return false;
    return this.#isUnit(i + 1) || phrase.hasCue(i + 1, cue.MILITARY);
  }

  /** "Apt. 4", "Flat B", "Box 12". */
  #isUnit(i: number): boolean {
    const phrase = this.#phrase;
    if (!phrase.hasCue(i, cue.UNIT) || !phrase.has(i + 1)) return false;
    if (phrase.afterAt(i) !== phrases.BLANK && phrase.afterAt(i) !== phrases.DOT) return false;
    if (phrase.isShaped(i + 1, phrases.NUMBER | phrases.MIXED)) return true;
    return phrase.isShaped(i + 1, phrases.INITIAL) && phrase.isShaped(i + 1, phrases.CAPITAL);
  }

  /** "FPO AE 25990": the post of ships and bases. */
  #isMilitary(i: number): boolean {
    const phrase = this.#phrase;
    return phrase.has(i + 2) && phrase.lengthOf(i + 1) === 2 && phrase.isShaped(i + 2, phrases.NUMBER);
  }

  /** "6614 Luite tee 87": the word of a street that no list knows. */
  #isBetweenNumbers(i: number, first: number, words: number): boolean {
    const phrase = this.#phrase;
    return first > 0 && words > 0 && phrase.has(i + 1) && phrase.isShaped(i + 1, phrases.NUMBER);
  }

  /** The last token of what follows: town, state, country, code, part by part between commas and line ends. */
  #readTail(street: number): number {
    const phrase = this.#phrase;
    this.#tailPoints = 0;
    let last = street;
    let pending = 0;
    for (let from = street + 1; from < street + 16 && phrase.has(from);) {
      const glue = phrase.afterAt(from - 1);
      if (glue === phrases.STOP || glue === phrases.COLON) break;
      if (glue === phrases.DOT && !phrase.hasCue(from - 1, abbreviated)) break;
      const end = this.#readPart(from);
      if (end === from) break;
      const isLine = glue === phrases.LINE || glue === phrases.PARAGRAPH;
      if (this.#isStrongPart || (!isLine && !this.#isPlainPart && pending === 0)) {
        last = end - 1;
        pending = 0;
      } else if (++pending > 2) break;
      if (this.#isCutPart) break;
      from = end;
    }
    return last;
  }

  #isStrongPart = false;
  #isPlainPart = false;
  #isCutPart = false;

  /** Reads a part of the tail: returns the index behind its last token. */
  #readPart(from: number): number {
    const phrase = this.#phrase;
    this.#isStrongPart = false;
    this.#isPlainPart = false;
    this.#isCutPart = false;
    let i = from;
    for (; i < from + 7 && phrase.has(i); i++) {
      if (
        i > from &&
        phrase.afterAt(i - 1) !== phrases.BLANK &&
        !(phrase.afterAt(i - 1) === phrases.DOT && phrase.hasCue(i - 1, abbreviated))
      )
        return i;
      if (this.#isUnit(i)) {
        this.#isStrongPart = true;
        i++;
        continue;
      }
      if (phrase.isShaped(i, phrases.NUMBER | phrases.MIXED)) {
        if (phrase.lengthOf(i) > 10) break;
        if (phrase.lengthOf(i) >= 4 || (phrase.isShaped(i, phrases.SHOUTED) && phrase.lengthOf(i) >= 3)) {
          this.#isStrongPart = true;
          this.#tailPoints = 2;
        }
        continue;
      }
      if (!phrase.isShaped(i, phrases.CAPITAL) && !(this.#isLowerCase && wordOf(phrase.flagsAt(i)) === 0)) {
        if (
          i > from &&
          (phrase.hasCue(i, cue.PARTICLE | cue.AND) || phrase.lengthOf(i) < 5) &&
          phrase.has(i + 1) &&
          phrase.isShaped(i + 1, phrases.CAPITAL)
        )
          continue;
        break;
      }
      const flags = phrase.flagsAt(i);
      if (placeOf(flags) > 0 || phrase.hasCue(i, cue.LAND)) {
        this.#isStrongPart = true;
        this.#tailPoints = 2;
      } else if (phrase.isShaped(i, phrases.SHOUTED) && phrase.hasCue(i, cue.STATE)) this.#isStrongPart = true;
      else if (wordOf(flags) === 2 && !phrase.isShaped(i, phrases.SHOUTED)) {
        if (i > from && !this.#isStrongPart && phrase.afterAt(from - 1) === phrases.BLANK) break;
        this.#isPlainPart = true;
      }
    }
    this.#isCutPart = true;
    return i;
  }

  #isAnnounced(at: number): boolean {
    const before = this.#before;
    before.open(at);
    for (let i = 0; i < 4; i++) if ((before.of(i) & cue.ADDRESS) !== 0) return true;
    return false;
  }
}

/** May end with a dot that ends no sentence. */
const abbreviated = cue.UNIT | cue.STREET | cue.STREET_FIRST | cue.STATE | cue.PARTICLE;

/** By its word, or by how such a word ends. */
function isStreet(gap: Gap, phrase: phrases.Phrase, i: number): boolean {
  if (phrase.hasCue(i, cue.STREET | cue.STREET_FIRST)) return true;
  const start = phrase.startAt(i);
  const end = phrase.endAt(i);
  if (end - start < 6 || phrase.flagsAt(i) !== 0) return false;
  for (const ending of endings) if (end - start > ending.length + 1 && endsWith(gap, end, ending)) return true;
  return false;
}

function endsWith(gap: Gap, end: number, ending: string): boolean {
  for (let i = 0; i < ending.length; i++)
    if (gap.baseAt(end - ending.length + i) !== ending.charCodeAt(i)) return false;
  return true;
}

const endings =
  `strasse strase straat strat str weg platz plein gasse allee laan dijk kade gracht singel gatan gata vagen vagan vej gade alle
  stien gate gaten veien vegen vei katu kuja tie tanya utca ufer damm stig strade straede grund pad`.split(/\s+/);
