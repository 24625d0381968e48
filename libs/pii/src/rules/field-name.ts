import { foldUnit } from '../scan/fold.ts';
import { hashNext, hashStart, topicsOf } from './vocabulary.ts';

const known = new Map<string, readonly number[]>();
const MOST_KNOWN = 1000;

/** The topics of the words in a field's name (`customerPhone`, `phone_number`), the nearest to the value first. */
export function topicsOfName(name: string | undefined): readonly number[] {
  if (name === undefined) return NONE;
  let topics = known.get(name);
  if (topics === undefined) {
    // Whoever sends ever new names must not fill the memory.
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(name, (topics = topicsOfWords(name)));
  }
  return topics;
}

const NONE: readonly number[] = [];

function topicsOfWords(name: string): readonly number[] {
  const words = name.replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2').match(/\p{L}+/gu) ?? [];
  return words
    .slice(-7)
    .toReversed()
    .map((word) => {
      let hash = hashStart;
      for (let i = word.length - 1; i >= 0; i--) hash = hashNext(hash, foldUnit(word.charCodeAt(i)));
      return topicsOf(hash);
    });
}
