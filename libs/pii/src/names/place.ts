import { rank } from '../entity.ts';
import type { Findings } from '../scan/findings.ts';
import type { Gap } from '../scan/gap.ts';
import * as cue from './cues.ts';
import { placeOf, wordOf } from './lexicon.ts';
import * as phrases from './phrase.ts';

/** A city or country after a word that says somebody lives, is or goes there. */
export class PlaceFinder {
  readonly #gap: Gap;
  readonly #findings: Findings;
  readonly #phrase: phrases.Phrase;
  readonly #before = new phrases.Before();

  constructor(gap: Gap, findings: Findings, phrase: phrases.Phrase) {
    this.#gap = gap;
    this.#findings = findings;
    this.#phrase = phrase;
  }

  /** Judges the run of `count` tokens at the phrase's begin. Returns the end of the place, or 0. */
  find(count: number): number {
    let isListed = false;
    let isCountry = false;
    let isPlain = true;
    for (let i = 0; i < count; i++) {
      if (placeOf(this.#phrase.flagsAt(i)) > 0) isListed = true;
      if (placeOf(this.#phrase.flagsAt(i)) === 3) isCountry = true;
      if (wordOf(this.#phrase.flagsAt(i)) < 2) isPlain = false;
    }
    if (isPlain && !isListed) return 0;
    this.#before.read(this.#gap, this.#phrase.startAt(0));
    if (this.#before.count === 0 || this.#before.glue[0] !== phrases.BLANK) return 0;
    const isTowards = (this.#before.of(0) & cue.TOWARDS) !== 0;
    const lives = ((this.#before.of(0) | (isTowards ? this.#before.of(1) | this.#before.of(2) : 0)) & cue.LIVES) !== 0;
    if (!isTowards || !(lives || (isListed && !isCountry))) return 0;
    this.#findings.add(this.#phrase.startAt(0), this.#phrase.endAt(count - 1), 'LOCATION', rank.NAMES);
    this.#gap.passOver(this.#phrase.endAt(count - 1), 'LOCATION');
    return this.#phrase.endAt(count - 1);
  }

  /** A postal code behind its name. Returns its end, or 0. */
  findCode(): number {
    const phrase = this.#phrase;
    const length = phrase.lengthOf(0);
    if (length < 3 || length > 10) return 0;
    const before = this.#before;
    before.read(this.#gap, phrase.startAt(0));
    const isSaid = (before.of(0) & cue.IS) !== 0 && (before.of(1) & cue.ZIP) !== 0;
    if (!isSaid && !((before.of(0) & cue.ZIP) !== 0 && before.glue[0] === phrases.COLON)) return 0;
    const end = phrase.endAt(0);
    this.#findings.add(phrase.startAt(0), end, 'ZIP_CODE', rank.NAMES);
    this.#gap.passOver(end, 'ZIP_CODE');
    return end;
  }
}
