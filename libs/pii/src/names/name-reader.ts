import type { EntityType } from '../entity.ts';
import { isBlank, isDigit, isLetter, isWord } from '../scan/char-class.ts';
import type { Findings } from '../scan/findings.ts';
import type { Gap } from '../scan/gap.ts';
import type { TextView } from '../scan/text-view.ts';
import { firstAtLeast } from '../scan/trigger.ts';
import { AddressFinder } from './address.ts';
import * as cue from './cues.ts';
import { readField } from './field-value.ts';
import { OTHER_LETTER } from './letters.ts';
import { NAME_FLAGS, placeOf, theLexicon } from './lexicon.ts';
import { PersonFinder } from './person.ts';
import * as phrases from './phrase.ts';
import { PlaceFinder } from './place.ts';

const LONGEST_RUN = 10;

const isLower = (code: number): boolean => code >= 97 && code <= 122;

const particles = cue.wordsOf(cue.PARTICLE).filter((word) => isLower(word.charCodeAt(0)));
const longestParticle = Math.max(...particles.map(({ length }) => length));
const particleInitials = particles.reduce((bits, word) => bits | (1 << (word.charCodeAt(0) - 97)), 0);
const mayBeginParticle = (code: number): boolean => ((particleInitials >> (code - 97)) & 1) === 1;

/** Reads what is written with capitals, and numbers that streets have: people, addresses, places. */
export class NameReader {
  readonly #gap: Gap;
  readonly #findings: Findings;
  readonly #phrase: phrases.Phrase;
  readonly #before: phrases.Before;
  readonly #people: PersonFinder;
  readonly #addresses: AddressFinder;
  readonly #places: PlaceFinder;

  constructor(gap: Gap, findings: Findings) {
    const lexicon = theLexicon();
    this.#findings = findings;
    this.#gap = gap;
    this.#phrase = new phrases.Phrase(gap, lexicon);
    this.#before = new phrases.Before(gap, lexicon);
    this.#people = new PersonFinder(gap, findings, this.#phrase, this.#before);
    this.#addresses = new AddressFinder(gap, findings, this.#phrase, this.#before);
    this.#places = new PlaceFinder(gap, findings, this.#phrase, this.#before);
  }

  /** Reads the value of a field that by its name holds such a value. */
  readField(type: EntityType): void {
    readField(this.#gap, type, this.#phrase, this.#findings);
  }

  /** Reads the gap that is open word by word, in a text where nothing is written with capitals. */
  readLowerCase(): void {
    const gap = this.#gap;
    const { hi } = gap;
    this.#phrase.isLowerCase = true;
    let isInWord = false;
    for (let at = gap.lo; at < hi;) {
      const isInside = isWord(gap.at(at));
      const isStart = isInside && !isInWord && !isGlue(gap.at(at - 1)) && gap.at(at - 1) !== 58;
      isInWord = isInside;
      const end = !isStart ? at + 1 : isDigit(gap.at(at)) ? this.#readNumberAt(at) : this.#readAt(at);
      if (end > at + 1) isInWord = true;
      at = Math.max(end, at + 1);
    }
    this.#phrase.isLowerCase = false;
  }

  /** Reads the gap that is open, where names begin in `from` … `to`. */
  read(view: TextView, from: number, to: number): void {
    const { starts, startCount } = view.triggers;
    const gap = this.#gap;
    const first = from === 0 ? 0 : firstAtLeast(starts, startCount, from);
    // What was glued to the value before now begins here.
    let taken = from === gap.lo && from > 0 && starts[first] !== from ? this.#readStart(from, from) : from;
    for (let next = first; next < startCount; next++) {
      const at = starts[next] as number;
      if (at >= to) break;
      if (at >= taken && !isGlue(gap.at(at - 1))) taken = this.#readStart(at, taken);
    }
  }

  /** Reads what begins at a place. Returns the end of what it read, `taken` where nothing may begin. */
  #readStart(at: number, taken: number): number {
    const gap = this.#gap;
    if (isDigit(gap.at(at))) return this.#readNumberAt(at);
    if (gap.isCapitalAt(at)) return this.#readAt(at);
    return gap.baseAt(at) === OTHER_LETTER ? this.#readForeignAt(at) : taken;
  }

  /** Reads the address that begins with a number, or the code of a place. */
  #readNumberAt(at: number): number {
    const gap = this.#gap;
    let end = at + 1;
    while (end < at + 7 && isDigit(gap.at(end))) end++;
    const isFollowed = mayFollowNumber(gap, end);
    if (!isFollowed && (end - at < 3 || !isBlank(gap.at(at - 1)))) return end;
    this.#phrase.open(at);
    if (!this.#phrase.has(0)) return end;
    return (isFollowed && this.#addresses.find()) || this.#places.findCode() || end;
  }

  #readForeignAt(at: number): number {
    this.#phrase.open(at);
    return this.#phrase.has(0) ? this.#people.findForeign() || this.#phrase.endAt(0) : at + 1;
  }

  /** Reads the run of capitalised words at a place. Returns the end of what it took, or of the run. */
  #readAt(at: number): number {
    const phrase = this.#phrase;
    // "I cannot": every fourth capital of a ticket in English, and nobody's name.
    if (this.#gap.at(at) === 73 && this.#gap.at(at + 1) === 32 && isLower(this.#gap.at(at + 2))) return at + 1;
    phrase.open(at);
    if (!phrase.has(0)) return at + 1;
    if (this.#standsAlone() && this.#isPlainStart()) return phrase.endAt(0);
    const count = this.#runLength();
    if (count === 1 && this.#isPlainStart()) return phrase.endAt(0);
    const end = this.#isNumbered(count) ? this.#readAddress(at, count) : 0;
    return end || this.#places.find(count) || this.#people.find(count) || phrase.endAt(count - 1);
  }

  /**
   * No capital and no particle follows, told from the letters alone: most capitals only open a sentence, and reading the word
   * behind each of them took a tenth of the time. False where it takes more to know.
   */
  #standsAlone(): boolean {
    const phrase = this.#phrase;
    const glue = phrase.afterAt(0);
    if (glue === phrases.COMMA || glue === phrases.STOP) return true;
    if (glue !== phrases.BLANK || phrase.isLowerCase) return false;
    const gap = this.#gap;
    const next = phrase.endAt(0) + 1;
    if (!isLower(gap.at(next))) return false;
    if (!mayBeginParticle(gap.at(next))) return true;
    for (let i = 1; i <= longestParticle; i++) if (!isLower(gap.at(next + i))) return false;
    return true;
  }

  /** A common word that opens a sentence, and no number behind it: most of what begins with a capital. */
  #isPlainStart(): boolean {
    const phrase = this.#phrase;
    const flags = phrase.flagsAt(0);
    if (flags === 0 || (flags & NAME_FLAGS) !== 0 || placeOf(flags) > 0) return false;
    const gap = this.#gap;
    const at = phrase.startAt(0);
    const before = gap.at(at - 1);
    if (before !== 32 && before !== 10 && before !== 0) return false;
    const mark = before === 32 ? gap.at(at - 2) : before;
    const opens = mark === 46 || mark === 33 || mark === 63 || mark === 10 || mark === 0;
    if (!opens || phrase.hasCue(0, cue.UNIT | cue.STREET | cue.STREET_FIRST)) return false;
    return !isDigit(gap.at(phrase.endAt(0) + 1));
  }

  /** A street behind which a number stands, or which names a flat. */
  #isNumbered(count: number): boolean {
    const phrase = this.#phrase;
    for (let i = 0; i < count; i++) if (phrase.hasCue(i, cue.UNIT)) return true;
    const glue = phrase.afterAt(count - 1);
    if (glue === phrases.STOP || !phrase.has(count)) return false;
    return phrase.isShaped(count, phrases.NUMBER) || phrase.hasCue(count, cue.UNIT | cue.STREET | cue.PARTICLE);
  }

  /** The word of the street may stand before its name, in lower case: "ul. Długa 5". */
  #readAddress(at: number, _count: number): number {
    const before = this.#before;
    before.open(at);
    const words = (before.of(0) & cue.PARTICLE) === 0 ? 0 : (before.of(1) & cue.PARTICLE) === 0 ? 1 : 2;
    const isNear = before.glue === phrases.BLANK || before.glue === phrases.DOT;
    if (!isNear || (before.of(words) & cue.STREET_FIRST) === 0) return this.#addresses.find();
    this.#phrase.open(before.startOf(words));
    const end = this.#phrase.has(0) ? this.#addresses.find() : 0;
    if (end > 0) return end;
    this.#phrase.open(at);
    this.#runLength();
    return 0;
  }

  /** How many tokens belong to the run that begins with the first: capitals, and particles between them. */
  #runLength(): number {
    const phrase = this.#phrase;
    let count = 1;
    for (; count < LONGEST_RUN; count++) {
      const glue = phrase.afterAt(count - 1);
      const isAbbreviated = glue === phrases.DOT && phrase.isShaped(count - 1, phrases.INITIAL);
      if (glue !== phrases.BLANK && !isAbbreviated && !(glue === phrases.DOT && phrase.hasCue(count - 1, cue.TITLE)))
        break;
      if (!phrase.has(count)) break;
      if (!phrase.isShaped(count, phrases.CAPITAL) && !(phrase.hasCue(count, cue.PARTICLE) && this.#isBridged(count)))
        break;
    }
    return count;
  }

  /** A particle, or two, with a capital behind. */
  #isBridged(i: number): boolean {
    const phrase = this.#phrase;
    for (let next = i + 1; next < i + 3 && phrase.afterAt(next - 1) === phrases.BLANK && phrase.has(next); next++) {
      if (phrase.isShaped(next, phrases.CAPITAL)) return true;
      if (!phrase.hasCue(next, cue.PARTICLE)) return false;
    }
    return false;
  }
}

/** Before a part of an address on the net, a path or an identifier: / \ _ @ # $ . & */
const isGlue = (code: number): boolean =>
  code === 47 || code === 92 || code === 95 || code === 64 || code === 35 || code === 36 || code === 46 || code === 38;

/** A number of a street is followed by a word, or by another number. */
function mayFollowNumber(gap: Gap, end: number): boolean {
  let i = end;
  if (isLetter(gap.at(i))) i++;
  if (gap.at(i) === 44) i++;
  if (gap.at(i) === 45 || gap.at(i) === 47) return isDigit(gap.at(i + 1));
  if (gap.at(i) !== 32) return false;
  while (i < end + 4 && gap.at(i) === 32) i++;
  return isLetter(gap.at(i)) || isDigit(gap.at(i));
}
