import type { Range } from '../offsets.ts';
import { cueOf, isStreetWord } from './cues.ts';

/** Why a place that was not masked may hold personal data, and how much that counts when rows are put in order. */
export const doubtKinds = {
  nameAfterCue: {
    weight: 9,
    meaning: 'a capitalised word, or any word after an introduction, where a name is to be expected',
  },
  streetAndNumber: { weight: 8, meaning: 'a word for a street beside a number' },
  atSign: { weight: 7, meaning: 'an @ between two words' },
  longDigits: { weight: 6, meaning: 'seven digits or more' },
  capitalisedRun: { weight: 4, meaning: 'two capitalised words or more' },
  lettersAndDigits: { weight: 3, meaning: 'letters and digits mixed in one word of eight or more' },
} as const;

export type DoubtKind = keyof typeof doubtKinds;

export interface Doubt extends Range {
  readonly kind: DoubtKind;
}

interface Token extends Range {
  readonly word: string;
}

const STANDING = /<[A-Z][A-Z0-9_]*(?::[A-Za-z0-9.-]+:[a-p]+)?>/g;
/** Takes the place of what is masked, so that no rule sees through it. */
const wall = '\0';

/** Where a text may hold what was missed, in order: at most one doubt at a place, the heaviest. Linear in the text. */
export function findDoubts(text: string, masked: readonly Range[]): readonly Doubt[] {
  const free = wallOff(text, masked);
  const tokens = Array.from(free.matchAll(/[\p{L}\p{M}][\p{L}\p{M}'’]*|\p{N}+/gu), ({ 0: word, index }) => ({
    word,
    start: index,
    end: index + word.length,
  }));
  const all = [
    ...namesAfterCues(free, tokens),
    ...streetsAndNumbers(free, tokens),
    ...atSigns(free),
    ...matches(free, /\p{N}(?:[ .\-/()]{0,2}\p{N}){6,}/gu, 'longDigits'),
    ...capitalisedRuns(free, tokens),
    ...mixedWords(free),
  ];
  return heaviest(all);
}

function wallOff(text: string, masked: readonly Range[]): string {
  let free = '';
  let at = 0;
  for (const { start, end } of masked) {
    free += text.slice(at, start) + wall.repeat(end - start);
    at = end;
  }
  return (free + text.slice(at)).replaceAll(STANDING, (placeholder) => wall.repeat(placeholder.length));
}

const isCapitalised = ({ word }: Token): boolean => /^[\p{Lu}\p{Lt}]/u.test(word);
const isNumber = ({ word }: Token): boolean => /^\p{N}/u.test(word);

/** Whether two tokens stand side by side, with at most a sign and blanks between. */
const areNeighbours = (free: string, a: Token, b: Token, between: RegExp): boolean =>
  b.start - a.end <= 4 && between.test(free.slice(a.end, b.start));

const AFTER_CUE = /^[\s,.:;!–"(-]{0,4}$/;
const IN_NAME = /^(?:[ -]|\. )?$/;

function* namesAfterCues(free: string, tokens: readonly Token[]): Generator<Doubt> {
  for (let i = 1; i < tokens.length; i++) {
    const [last, token] = [tokens[i - 1] as Token, tokens[i] as Token];
    if (isNumber(token) || !areNeighbours(free, last, token, AFTER_CUE)) continue;
    const cue = cueOf([...(i > 1 ? [(tokens[i - 2] as Token).word] : []), last.word]);
    if (cue === undefined || (cue === 'weak' && !isCapitalised(token))) continue;
    yield { kind: 'nameAfterCue', start: token.start, end: endOfRun(free, tokens, i, cue === 'strong') };
  }
}

/** The end of the capitalised words from the i-th token on; in small letters the first alone. */
function endOfRun(free: string, tokens: readonly Token[], i: number, anyLetters: boolean): number {
  let last = i;
  if (!anyLetters || isCapitalised(tokens[i] as Token)) {
    for (let next = i + 1; next < tokens.length && next <= i + 4; next++) {
      const token = tokens[next] as Token;
      if (!isCapitalised(token) || !areNeighbours(free, tokens[next - 1] as Token, token, IN_NAME)) break;
      last = next;
    }
  }
  return (tokens[last] as Token).end;
}

function* streetsAndNumbers(free: string, tokens: readonly Token[]): Generator<Doubt> {
  for (const [i, token] of tokens.entries()) {
    if (isNumber(token) || !isStreetWord(token.word)) continue;
    const near = tokens.slice(Math.max(0, i - 4), i + 5);
    const number = near.find((each) => isNumber(each) && each.word.length <= 5 && isOpen(free, token, each));
    if (number === undefined) continue;
    yield { kind: 'streetAndNumber', start: Math.min(number.start, token.start), end: Math.max(number.end, token.end) };
  }
}

/** Whether nothing masked and no end of a line or sentence stands between. */
function isOpen(free: string, a: Token, b: Token): boolean {
  const between = a.end <= b.start ? free.slice(a.end, b.start) : free.slice(b.end, a.start);
  return between.length <= 40 && !/[\0\n!?;]/.test(between);
}

function* atSigns(free: string): Generator<Doubt> {
  for (let at = free.indexOf('@'); at >= 0; at = free.indexOf('@', at + 1)) {
    let [start, end] = [at, at + 1];
    while (start > at - 64 && isWordUnit(free.charAt(start - 1))) start--;
    while (end < at + 64 && isWordUnit(free.charAt(end))) end++;
    if (start < at && end > at + 1) yield { kind: 'atSign', start, end };
  }
}

const isWordUnit = (unit: string): boolean => unit !== '' && unit !== '@' && unit !== wall && !/\s/.test(unit);

function* capitalisedRuns(free: string, tokens: readonly Token[]): Generator<Doubt> {
  for (let i = 0; i < tokens.length; i++) {
    const first = tokens[i] as Token;
    // Texts in capitals are no runs of names.
    if (!isCapitalised(first) || !/\p{Ll}/u.test(first.word)) continue;
    const start = first.start;
    let last = i;
    while (last + 1 < tokens.length) {
      const next = tokens[last + 1] as Token;
      if (!isCapitalised(next) || !areNeighbours(free, tokens[last] as Token, next, IN_NAME)) break;
      last++;
    }
    if (last > i) yield { kind: 'capitalisedRun', start, end: (tokens[last] as Token).end };
    i = last;
  }
}

function* mixedWords(free: string): Generator<Doubt> {
  for (const doubt of matches(free, /[\p{L}\p{N}_-]{8,}/gu, 'lettersAndDigits')) {
    const word = free.slice(doubt.start, doubt.end);
    if (/\p{L}/u.test(word) && (word.match(/\p{N}/gu)?.length ?? 0) >= 3) yield doubt;
  }
}

function* matches(free: string, form: RegExp, kind: DoubtKind): Generator<Doubt> {
  for (const { 0: found, index } of free.matchAll(form)) yield { kind, start: index, end: index + found.length };
}

function heaviest(doubts: readonly Doubt[]): readonly Doubt[] {
  const kept: Doubt[] = [];
  const inOrder = doubts.toSorted((a, b) => a.start - b.start || doubtKinds[b.kind].weight - doubtKinds[a.kind].weight);
  for (const doubt of inOrder) {
    const last = kept.at(-1);
    if (last === undefined || doubt.start >= last.end) kept.push(doubt);
    else if (doubtKinds[doubt.kind].weight > doubtKinds[last.kind].weight) kept[kept.length - 1] = doubt;
  }
  return kept;
}
