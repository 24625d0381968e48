import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TextKeys, documentText, textKey } from './document-key.ts';

describe('documentText', () => {
  it.each([
    ['trims and collapses every kind of white space', ' a\t\n b\u00a0\u2003\u3000\ufeffc\r\n', 'a b c'],
    ['is NFC', 'e\u0301', 'é'],
    ['keeps case and punctuation', 'My INVOICE!', 'My INVOICE!'],
  ])('%s', (_case, text, normal) => {
    expect(documentText(text)).toBe(normal);
  });
});

describe('textKey', () => {
  it('is the prefix and the first 32 hex digits of SHA-256', () => {
    const digest = createHash('sha256').update('My invoice is wrong').digest('hex');
    expect(textKey('  My invoice\nis wrong ')).toBe(`text:${digest.slice(0, 32)}`);
  });
});

describe('TextKeys', () => {
  const keys = new TextKeys();
  const spaces = fc.constantFrom(' ', '\n', '\t', '\u00a0', '\u1680', '\u2003', '\u2028', '\u205f', '\u3000', '\ufeff');
  const marks = fc.constantFrom('e\u0301', 'Å', 'Â', 'ß', '€', '한', '\u0344', '😀', '\u00c2', '\u0085', '\u200b');
  const texts = fc.array(fc.oneof(fc.string({ maxLength: 8 }), spaces, marks, fc.constant('a')), { maxLength: 30 });

  it('gives the same digest from bytes as textKey from the text', () => {
    fc.assert(
      fc.property(texts, (parts) => {
        const text = parts.join('').toWellFormed();
        const bytes = Buffer.from(`"${text}"`);
        expect(`text:${keys.digest(bytes, 1, bytes.length - 1)}`).toBe(textKey(text));
      }),
      { numRuns: 500 },
    );
  });

  it('grows with the text', () => {
    const text = 'ä  '.repeat(200_000);
    const bytes = Buffer.from(text);
    expect(`text:${keys.digest(bytes, 0, bytes.length)}`).toBe(textKey(text));
  });
});
