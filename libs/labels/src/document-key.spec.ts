import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TextKeys, documentText, textHash, textKey } from './document-key.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('documentText', () => {
  it.each([
    ['trims and collapses every kind of white space', ' a\t\n b\u00a0\u2003\u3000\ufeffc\r\n', 'a b c'],
    ['is NFC', 'e\u0301', 'é'],
    ['keeps case and punctuation', 'My INVOICE!', 'My INVOICE!'],
  ])('%s', (_case, text, normal) => {
    expect(documentText(text)).toBe(normal);
  });
});

describe('the hash of a text, by which label files may name a document', () => {
  it.each([
    ['is of its UTF-8', 'a text', 'a text'],
    ['takes a run of white space as one space', 'a \t\r\n\u00A0 text', 'a text'],
    ['does not see white space around it', '\n a text \n', 'a text'],
    ['is of NFC', 'cafe\u0301', 'caf\u00E9'],
    ['sees capitals', 'A Text', 'A Text'],
    ['sees joiners', 'می\u200Cخواهم', 'می\u200Cخواهم'],
  ])('%s', (_what, text, canonical) => {
    expect(textHash(text)).toBe(sha256(canonical));
  });

  it('takes every run of white space, of any kind and length, as one space', () => {
    const characters = fc.constantFrom('a', ' ', '\t', '\n', '\r', '\u00A0', '\u2003', '\uFEFF');
    fc.assert(
      fc.property(fc.string({ unit: characters }), (text) => {
        expect(textHash(text)).toBe(sha256(text.replaceAll(/\s+/g, ' ').trim()));
      }),
    );
  });

  it('stays what the rows of a running system were stored under', () => {
    expect(textHash(' My invoice\n is wrong ')).toBe(
      'e09fc9483fb66596ff5a507f421f7834f224c8e06cfb96025b15f68dfb363572',
    );
    expect(textHash('cafe\u0301 \u{1F600}\u00a0!')).toBe(
      'e40b6caf24451982f5d70b550fcb5fb86897548225fe795d9ed893b21e34be23',
    );
  });

  it('is the same after a spreadsheet or an editor has been at the white space', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme-ascii' }).filter((word) => /^\S+$/.test(word))), (words) => {
        expect(textHash(` ${words.join('\r\n')}\n`)).toBe(textHash(words.join(' ')));
      }),
    );
  });
});

describe('textKey', () => {
  it('is the prefix and the first 32 hex digits of SHA-256', () => {
    expect(textKey('  My invoice\nis wrong ')).toBe(`text:${sha256('My invoice is wrong').slice(0, 32)}`);
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
