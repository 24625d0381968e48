import { hashNext, hashStart } from './hash.ts';
import { packedWeights } from './lexicon-data.ts';

/** How many weights the model has. */
export const weightCount = 1 << 13;

/** The weights that the three letters count for; a word's begin and end are letters too. */
export const weightOf = (a: number, b: number, c: number): number =>
  mixed(hashNext(hashNext(hashNext(hashStart, a), b), c));

const mixed = (hash: number): number => Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 19;

export const EDGE = 32;

/**
 * Whether a word that no list knows is spelled like a name: a linear model over its letter triples, trained on the lists
 * (`lexicon/make-lexicon.ts`). Above 0 it is rather a name than a word; a unit is a sixteenth of a logit.
 */
export class Spelling {
  readonly #weights = Int8Array.from(atob(packedWeights.replaceAll('\n', '')), (c) => c.charCodeAt(0));

  scoreOf(letterAt: (index: number) => number, start: number, end: number): number {
    let first = EDGE;
    let second = EDGE;
    let sum = this.#weights[0] as number;
    for (let i = start; i <= end; i++) {
      const third = i < end ? letterAt(i) : EDGE;
      sum += this.#weights[weightOf(first, second, third)] as number;
      first = second;
      second = third;
    }
    return sum;
  }
}
