import { AFFIX, PARTICLE, TITLE } from './names/cues.ts';
import { hashNext, hashOf, hashStart } from './names/hash.ts';
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
  let names: string[] | undefined;
  let hash = hashStart;
  let start = 0;
  for (let i = 0; i < address.length; i++) {
    const code = address.charCodeAt(i) | 32;
    if (code >= 97 && code <= 122) {
      hash = hashNext(hash, code);
      continue;
    }
    if (i - start > 2 && isListedName(theLexicon().look(hash))) {
      (names ??= []).push(address.charAt(start).toUpperCase() + address.slice(start + 1, i).toLowerCase());
    }
    if (address.charCodeAt(i) === 64) break;
    hash = hashStart;
    start = i + 1;
  }
  return names ?? none;
}

const none: string[] = [];

const isListedName = (flags: number): boolean =>
  (flags & NAME_FLAGS) !== 0 && wordOf(flags) === 0 && placeOf(flags) === 0;

export const isCommonWord = (word: string): boolean => wordOf(flagsOf(word)) > 0;

function isOnlyName(word: string): boolean {
  const flags = flagsOf(word);
  return wordOf(flags) === 0 && placeOf(flags) === 0;
}

const flagsOf = (word: string): number => {
  const base = baseWord(word);
  return base === '' ? 0 : theLexicon().look(hashOf(base));
};
