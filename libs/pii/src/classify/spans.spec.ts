import { describe, expect, it } from 'vitest';
import { kindOf } from './labels.ts';
import { joinWords, kindOfWord, type Scored } from './spans.ts';

describe('kindOf', () => {
  it.each([
    ['B-GIVEN_NAME', 'PERSON'],
    ['i-per', 'PERSON'],
    ['STREET_NAME', 'STREET_ADDRESS'],
    ['B-EMAIL', undefined],
    ['O', undefined],
  ])('%s is %s', (label, kind) => {
    expect(kindOf(label)).toBe(kind);
  });
});

describe('kindOfWord', () => {
  const kinds = [undefined, 'PERSON', 'PERSON', 'LOCATION'];
  const word = { start: 3, end: 7 };
  const logits = (...shares: number[]): number[] => shares.map((share) => Math.log(share));

  it('adds up the labels of one kind', () => {
    const scores = Float32Array.from(logits(0.4, 0.3, 0.25, 0.05));
    expect(kindOfWord(word, scores, kinds, 0.5)).toMatchObject({ ...word, type: 'PERSON' });
    expect(kindOfWord(word, scores, kinds, 0.6)).toBeUndefined();
  });

  it('takes the word of the token that is surest', () => {
    const scores = Float32Array.from([...logits(0.9, 0.05, 0.04, 0.01), ...logits(0.1, 0.1, 0.1, 0.7)]);
    expect(kindOfWord(word, scores, kinds, 0.5)?.type).toBe('LOCATION');
  });

  it('stands numbers that are none', () => {
    expect(kindOfWord(word, Float32Array.from([NaN, NaN, NaN, NaN]), kinds, 0.5)).toBeUndefined();
    expect(kindOfWord(word, new Float32Array(0), kinds, 0.5)).toBeUndefined();
  });
});

describe('joinWords', () => {
  function spansIn(text: string, ...words: readonly (readonly [string, string, number?])[]): string[] {
    const scored: Scored[] = words.map(([value, type, score]) => {
      const start = text.indexOf(value);
      return { start, end: start + value.length, type, score: score ?? 0.9 };
    });
    return joinWords(text, scored).map(({ start, end, type }) => `${type} ${text.slice(start, end)}`);
  }

  it.each<[string, string, readonly string[], readonly string[]]>([
    [
      'a hyphen and an apostrophe',
      "Anne-Marie O'Brien",
      ['Anne', 'Marie', 'O', 'Brien'],
      ["PERSON Anne-Marie O'Brien"],
    ],
    ['an initial', 'J. Smith', ['J', 'Smith'], ['PERSON J. Smith']],
    ['no line', 'Tom\nAnn', ['Tom', 'Ann'], ['PERSON Tom', 'PERSON Ann']],
    ['no comma', 'Tom, Ann', ['Tom', 'Ann'], ['PERSON Tom', 'PERSON Ann']],
  ])('joins names over %s', (_, text, words, spans) => {
    expect(spansIn(text, ...words.map((word) => [word, 'PERSON'] as const))).toEqual(spans);
  });

  it('joins an address over commas, and only its own kind', () => {
    const text = '12 Oak Street, Flat 3, Leeds';
    const address = ['12', 'Oak', 'Street', 'Flat', '3'].map((word) => [word, 'STREET_ADDRESS'] as const);
    expect(spansIn(text, ...address, ['Leeds', 'LOCATION'])).toEqual([
      'STREET_ADDRESS 12 Oak Street, Flat 3',
      'LOCATION Leeds',
    ]);
  });

  it('counts a word that two windows saw once, as the surer has it', () => {
    expect(spansIn('Paris', ['Paris', 'LOCATION', 0.6], ['Paris', 'PERSON', 0.8], ['Paris', 'LOCATION', 0.7])).toEqual([
      'PERSON Paris',
    ]);
  });
});
