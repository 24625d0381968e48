import { describe, expect, it } from 'vitest';
import { maskedText, type KeptCase, type MaskedCase } from '../testing/masked-text.ts';

describe('identifiers of people and machines', () => {
  it.each<MaskedCase>([
    ['SSN', 'my ssn is 078-05-1121.', 'my ssn is <SSN_1>.'],
    ['SSN with en dashes', 'ssn 078–05–1123', 'ssn <SSN_1>'],
    ['SSN with blanks', 'abc 078 05 1123 abc', 'abc <SSN_1> abc'],
    ['SSN, bare but named', 'my ssn is 078051121', 'my ssn is <SSN_1>'],
    ['SSN in a field', '{"ssn":"111-22-3333"}', '{"ssn":"<SSN_1>"}'],
    ['ITIN', 'itin 912-70-1234', 'itin <ITIN_1>'],
    ['NHS number', 'NHS number: 943 476 5919', 'NHS number: <NHS_1>'],
    ['NHS number, bare but named', 'patient 9434765919', 'patient <NHS_1>'],
    ['NINO', 'NI AB 12 34 56 C', 'NI <NINO_1>'],
    ['NINO in one piece', 'tw987654a', '<NINO_1>'],
    ['MAC with colons', 'mac 00:1A:2B:3C:4D:5E', 'mac <MAC_1>'],
    ['MAC with dashes and no digit', 'AA-BB-CC-DD-EE-FF', '<MAC_1>'],
    ['MAC in three groups', 'aabb.ccdd.eeff', '<MAC_1>'],
    ['Bitcoin', 'btc 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa', 'btc <CRYPTO_1>'],
    ['Bitcoin, segregated witness', 'bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq', '<CRYPTO_1>'],
    ['Ethereum', '0x52908400098527886E0F7030069857D2E4169EE7', '<CRYPTO_1>'],
  ])('masks an %s', (_, text, masked) => {
    expect(maskedText(text)).toBe(masked);
  });

  it.each<KeptCase>([
    ['an SSN of area 666', 'Invalid SSN 666-12-9999'],
    ['an SSN with a digit too many', 'Bad SSN 123-45-67890'],
    ['a bare nine-digit ticket', 'ticket #123456789 is open'],
    ['a stock number', 'SKU 123-45-6789'],
    ['an ITIN of no group', 'tax id 911-89-1234'],
    ['an NHS number that fails its check', 'nhs 9434765918'],
    ['an ISBN that passes as an NHS number', 'isbn 0306406152'],
    ['a NINO of no prefix', 'FQ 12 34 56 C'],
    ['a NINO of no suffix', 'AB 12 34 56 E'],
    ['a MAC with two separators', '10:2F:33-AC-29-C3'],
    ['a clock', '00:11:22'],
    ['a Bitcoin address that fails its check', '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb'],
    ['a digest', 'sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['a short hexadecimal', 'code=0x80070005'],
  ])('leaves %s', (_, text) => {
    expect(maskedText(text)).toBe(text);
  });
});
