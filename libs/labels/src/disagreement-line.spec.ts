import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDisagreementLine, parseDisagreementLine } from './disagreement-line.ts';

describe('formatDisagreementLine', () => {
  it('looks like the original where nothing is special', () => {
    const line = formatDisagreementLine({ text: 'My invoice, again, is wrong', labels: ['billing', 'bug'] });
    expect(line).toBe('My invoice, again, is wrong | billing,bug | 2');
  });

  it('keeps a text with pipes and newlines on one line', () => {
    const line = formatDisagreementLine({ text: 'a|b\r\nc\\d', labels: ['x,y', 'z'] });
    expect(line).toBe(String.raw`a\|b\r\nc\\d | x\,y,z | 2`);
  });

  it('can be read back, whatever the text and the labels are', () => {
    const special = fc.constantFrom('|', ' | ', '\\', '\n', '\r', '\u2028', '\u0085', ',', '\\n', '\u0000', ' ');
    const texts = fc.array(fc.oneof(special, fc.string({ unit: 'grapheme', maxLength: 5 })), { maxLength: 12 });
    fc.assert(
      fc.property(texts, fc.array(texts, { minLength: 1, maxLength: 4 }), (text, labels) => {
        const entry = { text: text.join(''), labels: labels.map((label) => label.join('')) };
        const line = formatDisagreementLine(entry);
        expect(line).not.toMatch(/[\n\r\v\f\u0085\u2028\u2029]/);
        expect(parseDisagreementLine(line)).toEqual(entry);
      }),
      { numRuns: 500 },
    );
  });

  it('does not read what is no such line', () => {
    expect(parseDisagreementLine('a | b')).toBeUndefined();
  });
});
