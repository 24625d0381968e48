import type { BuiltInEntity } from './entity.ts';
import type { Span } from './masker.ts';

const kinds: readonly { type: BuiltInEntity; pattern: RegExp; holds: (value: string) => boolean }[] = [
  {
    type: 'EMAIL_ADDRESS',
    pattern: /(?<![\w.%+-])[\w.%+-]{1,64}@(?:[a-z\d-]{1,63}\.){1,8}[a-z]{2,24}/gi,
    holds: () => true,
  },
  {
    type: 'IBAN_CODE',
    pattern: /(?<![a-z\d])[a-z]{2}\d{2}(?: ?[a-z\d]){11,30}(?![a-z\d])/gi,
    holds: (value) => modulo97(value) === 1,
  },
  { type: 'CREDIT_CARD', pattern: /(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)/g, holds: passesLuhn },
  {
    type: 'IP_ADDRESS',
    pattern: /(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|(?![\d.]))){4}/g,
    holds: () => true,
  },
  { type: 'PHONE_NUMBER', pattern: /\+\d(?:[ ().-]{0,2}\d){7,14}(?!\d)/g, holds: () => true },
  { type: 'PHONE_NUMBER', pattern: /(?<!\d)(?:\(\d{3}\) ?|\d{3}[-. ])\d{3}[-. ]\d{4}(?!\d)/g, holds: () => true },
];

/** A first, regex-made finder; the scanner takes its place behind the same interface. */
export function findFirstKinds(text: string): Span[] {
  const spans: Span[] = [];
  for (const { type, pattern, holds } of kinds) {
    for (const match of text.matchAll(pattern)) {
      const span = { start: match.index, end: match.index + match[0].length, type };
      if (holds(match[0]) && !spans.some((other) => other.start < span.end && span.start < other.end)) spans.push(span);
    }
  }
  return spans.toSorted((a, b) => a.start - b.start);
}

function passesLuhn(value: string): boolean {
  const digits = value.replace(/\D/g, '');
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    const doubled = i % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum > 0 && sum % 10 === 0;
}

function modulo97(value: string): number {
  const compact = value.replace(/ /g, '').toUpperCase();
  let remainder = 0;
  for (const char of compact.slice(4) + compact.slice(0, 4)) {
    const number = Number.parseInt(char, 36);
    remainder = (remainder * (number > 9 ? 100 : 10) + number) % 97;
  }
  return remainder;
}
