import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type KnownValue, ValueAutomaton } from './value-automaton.ts';

const standsAlone = (text: string, start: number, end: number): boolean =>
  !/\w/.test(text.charAt(start - 1)) && !/\w/.test(text.charAt(end));

function longestByHand(text: string, at: number, values: readonly KnownValue[]): number {
  const here = values.filter(
    ({ spelling, isAlone }) =>
      text.startsWith(spelling, at) && (!isAlone || standsAlone(text, at, at + spelling.length)),
  );
  return Math.max(0, ...here.map(({ spelling }) => spelling.length));
}

describe('the automaton', () => {
  it('finds the longest value at each place, as looking for each of them does', () => {
    const units = fc.constantFrom('a', 'b', ' ', 'é');
    const spelling = fc.array(units, { minLength: 1, maxLength: 6 }).map((all) => all.join(''));
    const valuesOf = fc.uniqueArray(fc.record({ spelling, isAlone: fc.boolean() }), {
      minLength: 1,
      maxLength: 12,
      selector: (value) => value.spelling,
    });
    const textOf = fc.array(units, { maxLength: 60 }).map((all) => all.join(''));
    fc.assert(
      fc.property(valuesOf, textOf, (values, text) => {
        const lengths = new Int32Array(text.length);
        new ValueAutomaton(values).measure(text, 0, text.length, standsAlone, lengths);
        expect([...lengths]).toEqual(Array.from(text, (_, at) => longestByHand(text, at, values)));
      }),
      { numRuns: 500 },
    );
  });

  it('finds nothing that reaches over the end of a part', () => {
    const lengths = new Int32Array(9);
    new ValueAutomaton([{ spelling: 'abc', isAlone: false }]).measure('abcabcabc', 1, 8, standsAlone, lengths);
    expect([...lengths]).toEqual([0, 0, 0, 3, 0, 0, 0, 0, 0]);
  });
});
