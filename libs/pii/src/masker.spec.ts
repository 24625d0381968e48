import { describe, expect, it } from 'vitest';
import { createMasker } from './masker.ts';

describe('createMasker', () => {
  it.each([
    ['e-mail', 'write to jane@example.com.', 'write to <EMAIL_1>.'],
    ['phone', 'call (415) 555-0132 or +49 301 2345678', 'call <PHONE_1> or <PHONE_2>'],
    ['card', 'card 4111 1111 1111 1111 please', 'card <CARD_1> please'],
    ['card whose check digit is wrong', 'order 4111 1111 1111 1112', 'order 4111 1111 1111 1112'],
    ['IBAN', 'IBAN DE89 3704 0044 0532 0130 00.', 'IBAN <IBAN_1>.'],
    ['IP', 'from 203.0.113.7 today', 'from <IP_1> today'],
  ])('masks %s', (_, text, masked) => {
    expect(createMasker().mask(text).text).toBe(masked);
  });

  it('gives equal values one number across the strings of a ticket', () => {
    const masked = createMasker().maskTogether(['a@x.org b@x.org', 'B@x.org']);
    expect(masked.map((each) => each.text)).toEqual(['<EMAIL_1> <EMAIL_2>', '<EMAIL_2>']);
  });
});
