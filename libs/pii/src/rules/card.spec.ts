import { describe, expect, it } from 'vitest';
import { maskedText, type KeptCase, type MaskedCase } from '../testing/masked-text.ts';

describe('payment cards', () => {
  it.each<readonly [string, string]>([
    ['Visa', '4111111111111111'],
    ['Visa of 13 digits', '4222222222222'],
    ['Mastercard', '5555 5555 5555 4444'],
    ['Mastercard, second range', '2223003122003222'],
    ['American Express', '3782 822463 10005'],
    ['Diners Club', '3056 930902 5904'],
    ['Discover', '6011111111111117'],
    ['JCB', '3530111333300000'],
    ['UnionPay of 19 digits', '6205500000000000004'],
    ['Maestro', '6759649826438453'],
    ['double blanks', '4111  1111  1111  1111'],
    ['dots', '4111.1111.1111.1111'],
    ['bars', '4111|1111|1111|1111'],
    ['underscores', '4111_1111_1111_1111'],
    ['a line end', '4111 1111\n1111 1111'],
    ['a quoted line end', '4111 1111\n> 1111 1111'],
    ['thin blanks', '4111\u20091111\u20091111\u20091111'],
    ['nothing visible', '4111\u200b1111\u200b1111\u200b1111'],
    ['one by one', '4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1'],
    ['Arabic digits', '٤١١١ ١١١١ ١١١١ ١١١١'],
    ['mathematical digits', '𝟒𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏'],
    ['keycaps', Array.from('4111111111111111', (digit) => `${digit}\ufe0f\u20e3`).join('')],
  ])('masks %s', (_, number) => {
    expect(maskedText(`my card ${number} please`)).toBe('my card <CARD_1> please');
  });

  it.each<MaskedCase>([
    ['glued to a word', 'visa4111111111111111', 'visa<CARD_1>'],
    ['before an expiry', '4111111111111111 12/27', '<CARD_1> 12/27'],
    ['between marks of direction', '\u202e4111111111111111\u202c ok', '\u202e<CARD_1>\u202c ok'],
    ['two in a row', '4111111111111111 5555555555554444', '<CARD_1> <CARD_2>'],
    ['one in two manners', '4111111111111111 4111-1111-1111-1111', '<CARD_1> <CARD_1>'],
  ])('masks a number %s', (_, text, masked) => {
    expect(maskedText(text)).toBe(masked);
  });

  it.each<KeptCase>([
    ['a failed check digit', 'my card 4111 1111 1111 1112'],
    ['zeros', '0000 0000 0000 0000'],
    ['an EAN', 'EAN 4006381333931'],
    ['a hash', 'commit 9fceb02d0ae598e95dc970b74767f19372d61af8'],
    ['a number within a longer one', '00752457000200000007230041111111111111116'],
    ['a time in milliseconds', 'at 1700000000123'],
    ['a decimal', 'ratio 0.4111111111111111'],
  ])('leaves %s', (_, text) => {
    expect(maskedText(text)).toBe(text);
  });
});
