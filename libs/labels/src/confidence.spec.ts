import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confidenceOf, onScale, parseConfidence, parseConfidenceControl } from './confidence.ts';

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

describe('a confidence as a tool says it', () => {
  it.each([
    [0.8, 0.8],
    ['0.8', 0.8],
    [' 1 ', 1],
    [null, null],
    [undefined, null],
    ['', null],
    ['  ', null],
    [1.2, 'confidence_out_of_range'],
    ['95', 'confidence_out_of_range'],
    ['95%', 'confidence_not_a_number'],
    ['0x1', 'confidence_not_a_number'],
    ['high', 'confidence_not_a_number'],
    [true, 'confidence_not_a_number'],
    [[0.9], 'confidence_not_a_number'],
  ])('%j is %s', (said, confidence) => {
    expect(confidenceOf(said)).toBe(confidence);
  });

  it.each([
    [4, 5, 0.8],
    ['4', 5, 0.8],
    [6, 5, 'confidence_out_of_range'],
    ['0x4', 5, 'confidence_not_a_number'],
    [null, 5, null],
  ])('%j of %s is %s', (said, scale, confidence) => {
    expect(confidenceOf(onScale(said, scale))).toBe(confidence);
  });

  it.each([
    ['sure', { name: 'sure', scale: 1 }],
    ['sure:5', { name: 'sure', scale: 5 }],
    ['how sure: 0.5', undefined],
    ['a:b:10', { name: 'a:b', scale: 10 }],
    ['sure:', undefined],
    ['sure:0', undefined],
    ['sure:-1', undefined],
    ['sure:0x5', undefined],
    [':5', undefined],
    ['', undefined],
  ])('%j names a control', (text, control) => {
    expect(parseConfidenceControl(text)).toEqual(control);
  });
});
