import { isDigit } from '../scan/char-class.ts';
import type { Findings } from '../scan/findings.ts';
import type { Gap } from '../scan/gap.ts';
import type { TextView } from '../scan/text-view.ts';
import { firstAtLeast } from '../scan/trigger.ts';
import { AddressFinder } from './address.ts';
import * as cue from './cues.ts';
import { theLexicon } from './lexicon.ts';
import { PersonFinder } from './person.ts';
import * as phrases from './phrase.ts';
import { PlaceFinder } from './place.ts';

const longestRun = 10;

/** Reads what is written with capitals: people, addresses, places. */
export class NameReader {
  readonly #gap: Gap;
  readonly #phrase: phrases.Phrase;
  readonly #people: PersonFinder;
  readonly #addresses: AddressFinder;
  readonly #places: PlaceFinder;

  constructor(gap: Gap, findings: Findings) {
    this.#gap = gap;
    this.#phrase = new phrases.Phrase(gap, theLexicon());
    this.#people = new PersonFinder(gap, findings, this.#phrase);
    this.#addresses = new AddressFinder(gap, findings, this.#phrase);
    this.#places = new PlaceFinder(gap, findings, this.#phrase);
  }

  /** Reads the gap that is open, where names begin in `from` … `to`. */
  read(view: TextView, from: number, to: number, _name: string | undefined): void {
    const { capitals, capitalCount } = view.triggers;
    const gap = this.#gap;
    let taken = from;
    for (let next = from === 0 ? 0 : firstAtLeast(capitals, capitalCount, from); next < capitalCount; next++) {
      const at = capitals[next] as number;
      if (at >= to) break;
      if (at < taken) continue;
      if (isDigit(gap.at(at))) taken = this.#readNumberAt(at);
      else if (gap.isCapitalAt(at)) taken = this.#readAt(at);
    }
  }

  /** Reads the address that begins with a number, or the code of a place. */
  #readNumberAt(at: number): number {
    this.#phrase.open(at);
    if (!this.#phrase.has(0)) return at;
    return this.#addresses.find() || this.#places.findCode() || at;
  }

  /** Reads the run of capitalised words at a place. Returns its end. */
  #readAt(at: number): number {
    const phrase = this.#phrase;
    phrase.open(at);
    if (!phrase.has(0)) return at + 1;
    const address = this.#addresses.find();
    if (address > 0) return address;
    const count = this.#runLength();
    let end = this.#places.find(count);
    if (end === 0) end = this.#people.find(count);
    return Math.max(end, phrase.end[count - 1] as number);
  }

  /** How many tokens belong to the run that begins with the first: capitals, and particles between them. */
  #runLength(): number {
    let count = 1;
    while (count < longestRun) {
      const glue = this.#phrase.afterAt(count - 1);
      const isAbbreviated = glue === phrases.DOT && (this.#phrase.shapeAt(count - 1) & phrases.INITIAL) !== 0;
      if (glue !== phrases.BLANK && !isAbbreviated) break;
      if (!this.#phrase.has(count)) break;
      if ((this.#phrase.shapeAt(count) & phrases.CAPITAL) !== 0) count++;
      else if ((this.#phrase.cuesAt(count) & cue.PARTICLE) !== 0 && this.#isBridged(count)) count++;
      else break;
    }
    return count;
  }

  /** A particle, or two, with a capital behind. */
  #isBridged(i: number): boolean {
    for (
      let next = i + 1;
      next < i + 3 && this.#phrase.afterAt(next - 1) === phrases.BLANK && this.#phrase.has(next);
      next++
    ) {
      if ((this.#phrase.shapeAt(next) & phrases.CAPITAL) !== 0) return true;
      if ((this.#phrase.cuesAt(next) & cue.PARTICLE) === 0) return false;
    }
    return false;
  }
}
