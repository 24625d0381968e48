import type { NamedSpan } from '../second-pass.ts';
import type { Word } from './words.ts';

export interface Scored extends NamedSpan {
  readonly score: number;
}

/**
 * The kind a word is of, by the scores of its tokens (`scores` holds `kinds.length` of them for each): the probabilities
 * of all labels of one kind are added up, and the token that is surest speaks for the word, so that no name is masked by
 * half.
 */
export function kindOfWord(
  word: Word,
  scores: Float32Array,
  kinds: readonly (string | undefined)[],
  threshold: number,
): Scored | undefined {
  let best: Scored | undefined;
  for (let at = 0; at + kinds.length <= scores.length; at += kinds.length) {
    for (const [type, score] of addUp(softmax(scores.subarray(at, at + kinds.length)), kinds)) {
      if (score >= threshold && score > (best?.score ?? 0)) best = { start: word.start, end: word.end, type, score };
    }
  }
  return best;
}

function softmax(scores: Float32Array): number[] {
  const highest = scores.reduce((a, b) => Math.max(a, b), -Infinity);
  const powers = Array.from(scores, (score) => Math.exp(score - highest));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

function addUp(shares: readonly number[], kinds: readonly (string | undefined)[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  kinds.forEach((kind, i) => {
    if (kind !== undefined) sums.set(kind, (sums.get(kind) ?? 0) + (shares[i] ?? 0));
  });
  return sums;
}

/** What may stand between two words of one value. A line's end never does: the next line is the next field. */
const joints: Readonly<Record<string, RegExp>> = {
  PERSON: /^[ \u00A0.'’-]{0,2}$/,
  STREET_ADDRESS: /^[ \u00A0.,'’/-]{0,2}$/,
};
const BLANK = /^[ \u00A0-]?$/;

/** The words of one value become one span. A word that two windows saw counts once, as the surer of them has it. */
export function joinWords(text: string, words: readonly Scored[]): NamedSpan[] {
  const spans: NamedSpan[] = [];
  for (const word of surest(words)) {
    const last = spans.at(-1);
    if (last?.type === word.type && (joints[word.type] ?? BLANK).test(text.slice(last.end, word.start)))
      spans[spans.length - 1] = { ...last, end: word.end };
    else spans.push({ start: word.start, end: word.end, type: word.type });
  }
  return spans;
}

function surest(words: readonly Scored[]): Scored[] {
  const byStart = new Map<number, Scored>();
  for (const word of words) {
    if (word.score > (byStart.get(word.start)?.score ?? -1)) byStart.set(word.start, word);
  }
  return [...byStart.values()].toSorted((a, b) => a.start - b.start);
}
