import type { EntityType } from '../entity.ts';
import { isBlank, isLetter, isWord } from '../scan/char-class.ts';
import type { Candidate } from '../scan/findings.ts';
import type { Gap } from '../scan/gap.ts';
import { hashNext, hashStart, topicBit, topics, topicsOf, type Topic } from './vocabulary.ts';

const REACH = 56;
const MAX_WORDS = 7;
const FAR = 99;

/**
 * How many words away each topic was named before a place (1 is the word just before). The nearest word decides between
 * two topics, so "call me about order 12345678" is an order.
 */
export class Context {
  readonly #distances = new Uint8Array(topics.length);

  distance(topic: Topic): number {
    return this.#distances[topics.indexOf(topic)] as number;
  }

  isNear(topic: Topic, words: number): boolean {
    return this.distance(topic) <= words;
  }

  /** Whether `topic` was named, and nearer than any of `others`. */
  favours(topic: Topic, ...others: readonly Topic[]): boolean {
    const distance = this.distance(topic);
    return distance < FAR && others.every((other) => this.distance(other) > distance);
  }

  /**
   * @param hint topics of the words that stand before the whole text, nearest first: the name of the field.
   * @param last the value found last, whose words do not count.
   */
  read(gap: Gap, at: number, hint: readonly number[], last: Candidate | undefined): void {
    this.#distances.fill(FAR);
    const isAfterLast = last !== undefined && last.end > gap.lo && last.end <= at;
    const lo = isAfterLast ? last.end : gap.lo;
    const limit = Math.max(lo, at - REACH);
    let words = 0;
    let i = at - 1;
    while (i >= limit && words < MAX_WORDS) {
      if (isLetter(gap.at(i))) {
        let hash = hashStart;
        for (; i >= limit && isLetter(gap.at(i)); i--) hash = hashNext(hash, gap.at(i));
        this.#note(topicsOf(hash), ++words);
      } else if (endsThought(gap, i)) return;
      else i--;
    }
    if (i >= lo) return;
    const before = isAfterLast ? last.type : gap.before;
    if (before !== undefined) this.#noteBarrier(before, words);
    else if (lo === 0) for (const bits of hint) this.#note(bits, ++words);
  }

  #noteBarrier(before: EntityType, words: number): void {
    if (before === 'PHONE_NUMBER' && words <= 3) this.#note(topicBit('phone'), words + 1);
  }

  #note(bits: number, words: number): void {
    if (bits === 0) return;
    for (let topic = 0; topic < topics.length; topic++) {
      if ((bits & (1 << topic)) !== 0 && (this.#distances[topic] as number) === FAR) this.#distances[topic] = words;
    }
  }
}

/** The end of a sentence (but not of an abbreviation), or an empty line that no colon announces. */
function endsThought(gap: Gap, i: number): boolean {
  const code = gap.at(i);
  if (code === 10 && gap.at(i - 1) === 10) return gap.at(i - 2) !== 58;
  if (code !== 46 && code !== 33 && code !== 63) return false;
  if (!isBlank(gap.at(i + 1))) return false;
  if (code !== 46) return true;
  for (let back = 1; back <= 4; back++) if (!isWord(gap.at(i - back))) return false;
  return true;
}

/** The topics of the one word that follows a number on its line: "… office", "…-Fax", "… (mobile)". */
export function topicsAfter(gap: Gap, end: number): number {
  let i = end;
  while (i < end + 3 && (gap.at(i) === 32 || gap.at(i) === 45 || gap.at(i) === 40)) i++;
  if (i === end || !isLetter(gap.at(i))) return 0;
  let last = i;
  while (last < i + 24 && isLetter(gap.at(last))) last++;
  let hash = hashStart;
  for (let back = last - 1; back >= i; back--) hash = hashNext(hash, gap.at(back));
  return topicsOf(hash);
}
