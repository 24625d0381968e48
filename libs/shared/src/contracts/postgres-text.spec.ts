import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { postgresTextFault, toPostgresJson, toPostgresText } from './postgres-text.ts';

const anyText = fc.string({ unit: fc.constantFrom('a', '\0', '\ud83d', '\ude00', '😀', '\ufffd') });

describe('what Postgres can hold', () => {
  it.each([
    ['a text', null],
    ['a pair 😀', null],
    ['a\0b', 'NUL'],
    ['half \ud83d', 'a lone surrogate'],
    ['other half \ude00', 'a lone surrogate'],
    ['\ude00\ud83d turned', 'a lone surrogate'],
  ])('%j: %s', (text, fault) => {
    expect(postgresTextFault(text)).toBe(fault);
  });

  it('is what is left of any text, and nothing else of it is changed', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(postgresTextFault(toPostgresText(text))).toBeNull();
        expect(toPostgresText(text) === text).toBe(postgresTextFault(text) === null);
      }),
    );
  });

  it('reaches every name and every text of a JSON value', () => {
    expect(toPostgresJson({ 'a\0': ['b\ud83d', 1, null, { c: '\0' }] })).toEqual({
      a: ['b\ufffd', 1, null, { c: '' }],
    });
  });
});
