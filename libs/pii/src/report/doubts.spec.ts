import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMasker } from '../masker.ts';
import { findDoubts } from './doubts.ts';

const masker = createMasker({ types: ['EMAIL_ADDRESS'] });
const doubtsIn = (text: string): string[] =>
  findDoubts(text, masker.mask(text).spans).map(({ kind, start, end }) => `${kind}: ${text.slice(start, end)}`);

describe('findDoubts', () => {
  it.each<[string, string, readonly string[]]>([
    ['a name after a title', 'ask Mr Haversham about it', ['nameAfterCue: Haversham']],
    ['a name after a greeting, over a line', 'Kind regards,\nDaniel Whitcombe', ['nameAfterCue: Daniel Whitcombe']],
    ['a name in small letters after an introduction', 'my name is jenny', ['nameAfterCue: jenny']],
    ['the same in other languages', 'ich heiße lena. je m’appelle léa', ['nameAfterCue: lena', 'nameAfterCue: léa']],
    ['another script', 'mi chiamo 王小明', ['nameAfterCue: 王小明']],
    ['whom one spoke with', 'spoke with Joanne', ['nameAfterCue: Joanne']],
    ['a number before a street', 'at 48 Harrow Lane now', ['streetAndNumber: 48 Harrow Lane']],
    ['a number behind a street', 'wohnt Lindenstraße 14', ['streetAndNumber: Lindenstraße 14']],
    ['a broken address', 'write jane@localhost', ['atSign: jane@localhost']],
    ['many digits', 'ref 12 34-56.789', ['longDigits: 12 34-56.789']],
    ['capitalised words', 'sent by Zora Quill, thanks', ['capitalisedRun: Zora Quill']],
    ['a code', 'code ab12cd34', ['lettersAndDigits: ab12cd34']],
  ])('finds %s', (_, text, doubts) => {
    expect(doubtsIn(text)).toEqual(doubts);
  });

  it.each([
    ['what is masked', 'Mr jane@example.com'],
    ['what was masked before', 'Dear <PERSON_1>, code <SECRET_12>, <EMAIL:k1:abcdefghijklmnopabcd>'],
    ['a greeting to nobody', 'hello there, thanks for 3 things'],
    ['texts in capitals', 'PLEASE FIX THE LOGIN'],
    ['a street without a number', 'the street is closed'],
    ['few digits', 'order 123456'],
  ])('passes over %s', (_, text) => {
    expect(doubtsIn(text)).toEqual([]);
  });

  it('does not see through what is masked', () => {
    expect(doubtsIn('12 a@b.co Street; 123 a@b.co 4567')).toEqual([]);
  });

  it('gives ranges of the text in order, without overlap, outside what is masked', () => {
    const words = fc.constantFrom(
      'Mr',
      'Jane',
      'Doe',
      'a@b.co',
      '12',
      '1234567',
      'Street',
      'ab12cd34',
      '\n',
      '@',
      ', ',
      ' ',
      '<EMAIL_1>',
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(words, fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 30 }),
        (pieces) => {
          const text = pieces.join('');
          const { spans } = masker.mask(text);
          let at = 0;
          for (const { start, end } of findDoubts(text, spans)) {
            expect(start).toBeGreaterThanOrEqual(at);
            expect(end).toBeGreaterThan(start);
            expect(spans.some((span) => span.start < end && start < span.end)).toBe(false);
            at = end;
          }
          expect(at).toBeLessThanOrEqual(text.length);
        },
      ),
    );
  });

  it.each(['Mr ', 'a', '1 ', '1', '@', 'Street 1 ', 'Aa ', 'a1', '<', '<A'])('stands 300,000 units of %j', (piece) => {
    expect(findDoubts(piece.repeat(3e5 / piece.length), []).length).toBeGreaterThanOrEqual(0);
  });
});
