import { AFFIX, PARTICLE, TITLE } from './names/cues.ts';
import { hashOf } from './names/hash.ts';
import { NAME_FLAGS, placeOf, theLexicon, wordOf } from './names/lexicon.ts';
import { baseWord } from './names/letters.ts';

/** A word of a name, and where it stands in what it was taken from. */
export interface NamePart {
  readonly word: string;
  readonly at: number;
}

/** The words that tell a person: without titles, initials and particles. */
export function partsOfName(name: string): NamePart[] {
  const parts: NamePart[] = [];
  for (const match of name.matchAll(/[\p{L}\p{M}'’-]+/gu)) {
    const word = match[0];
    if (word.length > 1 && (cuesOf(word) & (TITLE | PARTICLE | AFFIX)) === 0) parts.push({ word, at: match.index });
  }
  return parts;
}

const cuesOf = (word: string): number => {
  const base = baseWord(word);
  return base === '' ? 0 : theLexicon().cuesOf(hashOf(base));
};

/** What two mentions of a person have in common, however they are titled. */
export const keyOfPerson = (name: string): string => {
  const parts = partsOfName(name);
  return (parts.length === 0 ? name : parts.map(({ word }) => word).join(' ')).toLowerCase();
};

/** The words of a name that are safe to mask wherever they stand: no common words, no places. */
export function tellingParts(name: string): NamePart[] {
  const parts = partsOfName(name);
  return parts.length < 2 ? [] : parts.filter(({ word }) => word.length > 2 && isOnlyName(word));
}

/** The names in the local part of an address, as they are written in a text: `john.smith@…` → John, Smith. */
export function namesInAddress(address: string): string[] {
  const local = address.slice(0, Math.max(0, address.search(/@|%40| ?[[(]/)));
  const words = local.split(/[^\p{L}]+/u).filter((word) => word.length > 2 && isOnlyName(word) && isListed(word));
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase());
}

function isOnlyName(word: string): boolean {
  const flags = flagsOf(word);
  return wordOf(flags) === 0 && placeOf(flags) === 0;
}

const isListed = (word: string): boolean => (flagsOf(word) & NAME_FLAGS) !== 0;

const flagsOf = (word: string): number => {
  const base = baseWord(word);
  return base === '' ? 0 : theLexicon().look(hashOf(base));
};
