import { describe, expect, it } from 'vitest';
import { maskedText, type KeptCase, type MaskedCase } from '../testing/masked-text.ts';

describe('IBANs', () => {
  it.each<MaskedCase>([
    ['in fours', 'IBAN DE89 3704 0044 0532 0130 00, thanks', 'IBAN <IBAN_1>, thanks'],
    ['in one piece', 'NL91ABNA0417164300.', '<IBAN_1>.'],
    ['with dashes', 'DE89-3704-0044-0532-0130-00', '<IBAN_1>'],
    ['in lower case', 'gb82 west 1234 5698 7654 32', '<IBAN_1>'],
    ['over a line end', 'DE89 3704 0044 0532\n0130 00', '<IBAN_1>'],
    ['with no-break blanks', 'DE89\u00a03704\u00a00044\u00a00532\u00a00130\u00a000', '<IBAN_1>'],
    ['the shortest', 'NO9386011117947', '<IBAN_1>'],
    ['the longest', 'RU0304452522540817810538091310419', '<IBAN_1>'],
    ['glued to its name', 'IBANDE89370400440532013000', 'IBAN<IBAN_1>'],
    ['before another word', 'FR14 2004 1010 0505 0001 3M02 606 please', '<IBAN_1> please'],
  ])('masks one %s', (_, text, masked) => {
    expect(maskedText(text)).toBe(masked);
  });

  it.each<KeptCase>([
    ['that fails modulo 97', 'DE88370400440532013000'],
    ['of a wrong length', 'DE8937040044053201300'],
    ['of no country', 'ZZ89370400440532013000'],
    ['inside a longer word', 'XDE89370400440532013000'],
  ])('leaves one %s', (_, text) => {
    expect(maskedText(text)).toBe(text);
  });
});
