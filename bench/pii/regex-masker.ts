/**
 * What most projects write: one regular expression with six ways (e-mail, phone, card, IPv4, IBAN, US SSN). No Luhn, no
 * modulo 97, no folding, no context. It stands here as the yardstick for speed; see the ADR for what it misses.
 */
const sixWays =
  /(?<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)|(?<iban>\b[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){3,7}(?: ?[A-Z\d]{1,3})?\b)|(?<card>\b(?:\d[ -]?){13,16}\b)|(?<ssn>\b\d{3}-\d{2}-\d{4}\b)|(?<ip>\b(?:\d{1,3}\.){3}\d{1,3}\b)|(?<phone>(?:\+\d{1,3}[ .-]?)?\(?\d{3}\)?[ .-]?\d{3}[ .-]?\d{4}\b)/g;

export const maskByRegex = (text: string): string =>
  text.replace(sixWays, (...groups) => {
    const named = groups.at(-1) as Record<string, string | undefined>;
    for (const name in named) if (named[name] !== undefined) return `<${name.toUpperCase()}>`;
    return '<PII>';
  });

/** The same six as six passes, as the packages do it. */
const passes: readonly (readonly [string, RegExp])[] = [
  ['<EMAIL>', /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g],
  ['<IBAN>', /\b[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){3,7}(?: ?[A-Z\d]{1,3})?\b/g],
  ['<CARD>', /\b(?:\d[ -]?){13,16}\b/g],
  ['<SSN>', /\b\d{3}-\d{2}-\d{4}\b/g],
  ['<IP>', /\b(?:\d{1,3}\.){3}\d{1,3}\b/g],
  ['<PHONE>', /(?:\+\d{1,3}[ .-]?)?\(?\d{3}\)?[ .-]?\d{3}[ .-]?\d{4}\b/g],
];

export function maskByPasses(text: string): string {
  let out = text;
  for (const [placeholder, pattern] of passes) out = out.replace(pattern, placeholder);
  return out;
}
