import { rank, type EntityType } from '../entity.ts';
import type { Findings } from '../scan/findings.ts';
import type { Gap } from '../scan/gap.ts';
import * as cue from './cues.ts';
import { placeOf, wordOf } from './lexicon.ts';
import * as phrases from './phrase.ts';

/** A city after "in", "from" or "to"; any place after a word that says somebody lives or goes there; a postal code. */
export class PlaceFinder {
  readonly #gap: Gap;
  readonly #findings: Findings;
  readonly #phrase: phrases.Phrase;
  readonly #before: phrases.Before;

  constructor(gap: Gap, findings: Findings, phrase: phrases.Phrase, before: phrases.Before) {
    this.#gap = gap;
    this.#findings = findings;
    this.#phrase = phrase;
    this.#before = before;
  }

  /** Judges the run of `count` tokens at the phrase's begin. Returns the end of the place, or 0. */
  find(count: number): number {
    const phrase = this.#phrase;
    let listed = 0;
    let isPlain = true;
    for (let i = 0; i < count; i++) {
      const flags = phrase.flagsAt(i);
      listed = Math.max(listed, placeOf(flags));
      if (wordOf(flags) < 2) isPlain = false;
    }
    if (isPlain && listed === 0) return 0;
    const before = this.#before;
    before.open(phrase.startAt(0));
    if ((before.of(0) & cue.TOWARDS) === 0 || before.glue !== phrases.BLANK) return 0;
    const isHome = ((before.of(0) | before.of(1) | before.of(2)) & cue.LIVES) !== 0;
    if (!isHome && (listed === 0 || listed === 3)) return 0;
    return this.#take(phrase.startAt(0), phrase.endAt(count - 1), 'LOCATION');
  }

  /** A postal code that the text says to be one. Returns its end, or 0. */
  findCode(): number {
    const phrase = this.#phrase;
    const length = phrase.lengthOf(0);
    if (length < 3 || length > 10) return 0;
    const before = this.#before;
    before.open(phrase.startAt(0));
    const isSaid = (before.of(0) & cue.IS) !== 0 && (before.of(1) & cue.ZIP) !== 0;
    if (!isSaid && !((before.of(0) & cue.ZIP) !== 0 && before.glue === phrases.COLON)) return 0;
    return this.#take(phrase.startAt(0), phrase.endAt(0), 'ZIP_CODE');
  }

  #take(start: number, end: number, type: EntityType): number {
    this.#findings.add(start, end, type, rank.NAMES);
    this.#gap.passOver(end, type);
    return end;
  }
}
