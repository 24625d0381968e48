import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeFormula, ofUnescapedText, unescapeFormula } from './formula-cells.ts';

describe('a cell that spreadsheets would run', () => {
  it.each(['=1+1', '+49 30', '-1', '@SUM(A1)', '\t=x', '\r=x', '\n=x', '＝1+1', "'=1", "''=1"])(
    'gets an apostrophe in front of it: %j',
    (text) => {
      expect(escapeFormula(text)).toBe(`'${text}`);
      expect(unescapeFormula(escapeFormula(text))).toBe(text);
    },
  );

  it.each(['', 'a', "'", "''", "'a", 'a=1', ' =1', "it's", '😀', '1-1'])('is not %j, which stays as it is', (text) => {
    expect(escapeFormula(text)).toBe(text);
    expect(unescapeFormula(text)).toBe(text);
  });
});

it('every text comes back, and none that is escaped begins like a formula', () => {
  const text = fc.string({
    unit: fc.constantFrom("'", '=', '+', '-', '@', '\t', '\r', '\n', '＝', 'a', ' ', '"', '😀'),
  });
  fc.assert(
    fc.property(fc.oneof(text, fc.string({ unit: 'binary' })), (any) => {
      expect(unescapeFormula(escapeFormula(any))).toBe(any);
      expect(escapeFormula(any)).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/);
    }),
    { numRuns: 2_000 },
  );
});

describe('a label of an escaped text', () => {
  it('has its places in the text itself', () => {
    const text = '=refund 4,000 €';
    const shown = escapeFormula(text);
    const span = (start: number, end: number) => ({ start, end, label: 'AMOUNT' });
    const at = shown.indexOf('4,000');
    const label = { text: shown, value: { kind: 'spans', spans: [span(at, at + 5), span(0, 8)] } } as const;
    const { text: found, value } = ofUnescapedText(label);
    expect(found).toBe(text);
    expect(value.spans.map(({ start, end }) => text.slice(start, end))).toEqual(['4,000', '=refund']);
  });

  it('is untouched where the text was not escaped', () => {
    const label = { text: "it's", value: { kind: 'spans', spans: [{ start: 1, end: 2, label: null }] } } as const;
    expect(ofUnescapedText(label)).toBe(label);
  });
});
