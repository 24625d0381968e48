import { cuesOf } from './cues.ts';
import { hashNext, hashStart } from './hash.ts';
import { classFlags, classLetters, packedFilter, packedWords } from './lexicon-data.ts';

/**
 * What the lists know about a word, by the hash of its base letters: how often it is a given name, a family name, a
 * common word or a place. Two bits each: 0 not at all, 1 rarely, 2 often.
 */
export const givenOf = (flags: number): number => flags & 3;
export const familyOf = (flags: number): number => (flags >> 2) & 3;
export const wordOf = (flags: number): number => (flags >> 4) & 3;
export const placeOf = (flags: number): number => (flags >> 6) & 3;

export const NAME_FLAGS = 15;
/** A common word that is no name, by the filter. */
export const PLAIN_WORD = 2 << 4;

/** The four bits that a word has in a filter of `size` bits. */
export function bitsOfWord(hash: number, size: number): readonly number[] {
  const step = mix(hash) | 1;
  return [0, 1, 2, 3].map((i) => ((hash + Math.imul(step, i)) >>> 0) % size);
}

const mix = (hash: number): number => Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);

const slots = 1 << 17;

/** Open addressing over typed arrays: the look-up of a word costs one cache line, and the whole is built in 10 ms. */
export class Lexicon {
  readonly #hashes = new Int32Array(slots);
  readonly #flags = new Uint8Array(slots);
  readonly #filter = Uint8Array.from(atob(packedFilter.replaceAll('\n', '')), (c) => c.charCodeAt(0));
  readonly #filterBits = this.#filter.length * 8;

  readonly #seen = new Int32Array(4096);
  readonly #flagsSeen = new Uint8Array(4096);
  readonly #cuesSeen = new Int32Array(4096);

  constructor() {
    const words = packedWords;
    const letters: number[] = [];
    let i = 0;
    while (i < words.length) {
      if (words.charCodeAt(i) === 10) {
        i++;
        continue;
      }
      letters.length = words.charCodeAt(i++) - 48;
      let code = words.charCodeAt(i++);
      for (; (code >= 97 && code <= 122) || code === 10; code = words.charCodeAt(i++))
        if (code !== 10) letters.push(code);
      let hash = hashStart;
      for (const letter of letters) hash = hashNext(hash, letter);
      this.#add(hash, classFlags[classLetters.indexOf(String.fromCharCode(code))] as number);
    }
  }

  /** The flags of a word; 0 for one that no list knows. */
  look(hash: number): number {
    return this.#flagsSeen[this.#recall(hash)] as number;
  }

  /** What the word says about the words next to it. */
  cuesOf(hash: number): number {
    return this.#cuesSeen[this.#recall(hash)] as number;
  }

  /** Where the answers for a word are kept: the same few thousand words come again and again. */
  #recall(hash: number): number {
    const slot = mix(hash) >>> 20;
    if (this.#seen[slot] !== hash) {
      this.#seen[slot] = hash;
      this.#flagsSeen[slot] = this.#find(hash);
      this.#cuesSeen[slot] = cuesOf(hash);
    }
    return slot;
  }

  #find(hash: number): number {
    for (let slot = slotOf(hash); this.#flags[slot] !== 0; slot = (slot + 1) & (slots - 1)) {
      if (this.#hashes[slot] === hash) return this.#flags[slot] as number;
    }
    return this.#isPlainWord(hash) ? PLAIN_WORD : 0;
  }

  #add(hash: number, flags: number): void {
    let slot = slotOf(hash);
    while (this.#flags[slot] !== 0) slot = (slot + 1) & (slots - 1);
    this.#hashes[slot] = hash;
    this.#flags[slot] = flags;
  }

  #isPlainWord(hash: number): boolean {
    const step = mix(hash) | 1;
    let bits = hash;
    for (let i = 0; i < 4; i++, bits = (bits + step) | 0) {
      const bit = (bits >>> 0) % this.#filterBits;
      if (((this.#filter[bit >> 3] as number) & (1 << (bit & 7))) === 0) return false;
    }
    return true;
  }
}

const slotOf = (hash: number): number => mix(hash) >>> 15;

let shared: Lexicon | undefined;

/** Built at the first use and kept: the lists are the same for every masker. */
export const theLexicon = (): Lexicon => (shared ??= new Lexicon());
