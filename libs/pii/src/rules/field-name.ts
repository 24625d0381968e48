import { foldUnit } from '../scan/fold.ts';
import { hashNext, hashStart, topicsOf } from './vocabulary.ts';

/** The topics of the words in a field's name (`customerPhone`, `phone_number`), the nearest to the value first. */
export function topicsOfName(name: string | undefined): readonly number[] {
  if (name === undefined) return [];
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
