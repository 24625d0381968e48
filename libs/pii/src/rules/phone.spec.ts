import { describe, expect, it } from 'vitest';
import { createMasker } from '../masker.ts';
import { maskedText, type KeptCase, type MaskedCase } from '../testing/masked-text.ts';

describe('phone numbers', () => {
  it.each<readonly [string]>([
    ['+14155550132'],
    ['+1 (415) 555-0132'],
    ['+1\u2011415\u2011555\u20110132'],
    ['+44 (0)20 7946 0958'],
    ['+49 (0) 30 1234567'],
    ['+33 1 42 68 53 00'],
    ['(+44) (555)123-1234'],
    ['00 44 20 7946 0958'],
    ['001-518-640-0854'],
    ['(415)555-0132x99'],
    ['415.555.0132 ext. 99'],
    ['1-800-555-0132'],
    ['91-415-555-0132'],
    ['0490 75 40 81'],
    ['06-24312407'],
    ['03.93.92.16.85'],
    ['030/1234567'],
    ['(11) 98456-5666'],
    ['532 123 45 67'],
    ['＋１ ４１５ ５５５ ０１３２'],
  ])('masks %s by its form alone', (number) => {
    expect(maskedText(`Desk ${number}, thanks`)).toBe('Desk <PHONE_1>, thanks');
    expect(maskedText(`xyz: ${number} thanks`)).toBe('xyz: <PHONE_1> thanks');
  });

  it.each<MaskedCase>([
    ['after a word', 'please call 4155550132 today', 'please call <PHONE_1> today'],
    ['after a word and a line end', 'Phone:\n60-56-85-91', 'Phone:\n<PHONE_1>'],
    ['before a word', '451 5986 office\n416 60 039-Fax', '<PHONE_1> office\n<PHONE_2>-Fax'],
    ['in another language', 'Teléfono 451 5986, Téléphone 451 5987', 'Teléfono <PHONE_1>, Téléphone <PHONE_2>'],
    ['Cyrillic', 'Телефон: 451 5986', 'Телефон: <PHONE_1>'],
    ['in JSON', '{"mobile":"5551231234"}', '{"mobile":"<PHONE_1>"}'],
    ['in a link', 'https://wa.me/4915112345678', 'https://wa.me/<PHONE_1>'],
    ['in a list', 'call 4155550132 or 4155550133', 'call <PHONE_1> or <PHONE_2>'],
    ["somebody's number", 'My CN number is 13812345678', 'My CN number is <PHONE_1>'],
    ['dictated', 'call 4 1 5 5 5 5 0 1 3 2 today', 'call <PHONE_1> today'],
    ['a field of its own', '5321234567', '<PHONE_1>'],
    ['the same number without reason', 'call 4155550132, ticket 415 5550132', 'call <PHONE_1>, ticket <PHONE_1>'],
  ])('masks what words vouch for: %s', (_, text, masked) => {
    expect(maskedText(text)).toBe(masked);
  });

  it.each<KeptCase>([
    ['dates', 'called on 2024-05-01, 01.02.2024 14:30 and 12-05-2024'],
    ['times', 'phone hours 10:30-11:45'],
    ['years', 'call records 2019-2020'],
    ['an order', 'call me about order 12345678'],
    ['a part number', 'Part number: 555-123-4567-A'],
    ['an ISBN', 'ISBN 978-3-16-148410-0'],
    ['a UUID', 'phone 550e8400-e29b-41d4-a716-446655440000'],
    ['ZIP+4', 'zip 12345-6789'],
    ['an amount', 'they phoned about 1 234 567 €'],
    ['a decimal', '3.14159265358979'],
    ['an account number', 'account number is 1234567890'],
    ['an IBAN that fails its check', 'DE89 3704 0044 0532 0130 01'],
    ['a tracking number', 'tracking number 1Z 999 AA1 01 2345 6784'],
    ['repeated codes', 'error 404 404 404 at line 12345'],
  ])('leaves %s', (_, text) => {
    expect(maskedText(text)).toBe(text);
  });

  it('goes by the name of the field', () => {
    const [phone, ticket] = createMasker().maskTogether(['555 0132', '555 0199'], ['customerPhone', 'ticket_id']);
    expect(phone?.text).toBe('<PHONE_1>');
    expect(ticket?.text).toBe('555 0199');
  });
});
