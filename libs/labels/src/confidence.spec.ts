import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConfidence } from './confidence.ts';

function parse(text: string, hasDecimalComma = false): number {
  const bytes = Buffer.from(`<${text}>`);
  return parseConfidence(bytes, 1, bytes.length - 1, hasDecimalComma);
}

describe('parseConfidence', () => {
  it.each([
    ['0.8', 0.8],
    ['1', 1],
    ['1.', 1],
    ['.5', 0.5],
    ['+0.25', 0.25],
    ['-0.1', -0.1],
    ['95', 95],
    ['9e-1', 0.9],
    ['0.7999999', 0.7999999],
    ['0.80000000000000004', 0.8],
    ['1e400', Number.POSITIVE_INFINITY],
  ])('reads %s', (text, value) => {
    expect(parse(text)).toBe(value);
  });

  it.each([
    '',
    '95%',
    '0,95',
    'NaN',
    'inf',
    'Infinity',
    '0x1',
    'high',
    '1_0',
    '.',
    '+',
    '-',
    'e1',
    '1e',
    '0.9 5',
    '٠.٩',
    '1.2.3',
  ])('takes "%s" for no number', (text) => {
    expect(parse(text)).toBeNaN();
  });

  it('reads a decimal comma only where the source is said to write it', () => {
    expect(parse('0,95', true)).toBe(0.95);
    expect(parse('0.95', true)).toBe(0.95);
    expect(parse('1.000,5', true)).toBeNaN();
  });

  it('gives the very double that Number gives', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 20 }), (value, digits) => {
        const text = value.toFixed(digits);
        expect(parse(text)).toBe(Number(text));
      }),
    );
  });
});
