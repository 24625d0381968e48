import { afterEach, describe, expect, it, vi } from 'vitest';
import { createMasker } from './masker.ts';
import { KnownValues } from './propagate.ts';
import { Scanner } from './scan/scanner.ts';

const masker = createMasker();

describe('a token and its beginnings', () => {
  // Repeats itself, so that each beginning stands at each sixth place: 35 million pairs of place and value at this size.
  const token = 'aBx3K9'.repeat(683);
  const beginnings = (size: number): string => {
    const all: string[] = [];
    for (let length = 40, sum = 0; sum < size; length = (length + 1) % token.length) {
      const one = `Bearer ${token.slice(0, Math.max(40, length))}`;
      all.push(one);
      sum += one.length;
    }
    return all.join(' ');
  };

  it('are masked wherever they stand, each place once, and do not fill the memory', () => {
    const text = `${beginnings(500_000)} ${`xxx${token}`.repeat(120)}`;
    const masked = masker.mask(text);
    expect(masked.text).not.toContain(token.slice(0, 40));
    expect(masked.spans.length).toBeLessThan(2_000);
  });

  it('are told apart: at each place it is the longest', () => {
    const values = Array.from({ length: 20 }, (_, n) => token.slice(0, 60 + n));
    const text = `${values.map((value) => `Bearer ${value}`).join(' ')} . ${values.map((value) => `(${value})`).join('')}`;
    const names = masker.mask(text).text.match(/<[A-Z_]+_\d+>/g)!;
    expect(names).toHaveLength(40);
    expect(names.slice(20)).toEqual(names.slice(0, 20));
  });
});

/** A token, and what nearly is one over and over: a search from each place would go through nearly the whole token there. */
const nearly: readonly (readonly [string, string, string])[] = [
  ['one that repeats itself', 'a1'.repeat(2_040), 'b'],
  ['one that repeats itself at last', `b${'a1'.repeat(2_039)}`, ''],
  ['one with long beginnings in itself', `${'a1'.repeat(1_000)}b${'a1'.repeat(1_000)}`, 'c'],
];

const values = (text: string, spellings: readonly string[]) =>
  spellings.map((spelling) => {
    const start = text.indexOf(spelling);
    return { start, end: start + spelling.length, type: 'SECRET', key: spelling };
  });

function stepsFor(token: string, end: string, size: number): number {
  const known = new KnownValues(true);
  const spellings = [`${token}${end}`, ...Array.from({ length: 12 }, (_, i) => `${token.slice(0, 300 * (i + 1))}-`)];
  const text = spellings.join(' ');
  known.learn(text, values(text, spellings));
  const scan = { found: [], weak: [], placeholders: [] };
  known.findElsewhere(token.repeat(Math.ceil(size / token.length)).slice(0, size), scan);
  return known.steps;
}

describe('the work to find known values, counted in steps', () => {
  it.each(nearly)('grows with the text and not with the token: %s', (_, token, end) => {
    const [small, large] = [stepsFor(token, end, 100_000), stepsFor(token, end, 200_000)];
    expect(large - small).toBeLessThan(100_000 * 8);
    expect(large).toBeLessThan(200_000 * 8);
  });
});

/** Sixteen digits with their check digit. */
function cardOf(n: number): string {
  const digits = `4111${String(10_000_000_000 + n * 7_919)}`;
  const sum = Array.from(digits, (digit, i) => {
    const twice = Number(digit) * 2;
    return i % 2 === 0 ? (twice > 9 ? twice - 9 : twice) : Number(digit);
  }).reduce((a, b) => a + b, 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
}

describe('values that show each other, one by one', () => {
  afterEach(() => vi.restoreAllMocks());

  it('are masked as a whole instead of a round for each', () => {
    const cards = Array.from({ length: 200 }, (_, n) => cardOf(n));
    const text = [cards[0], ...cards.slice(1).map((card, n) => `${cards[n]}${card}`)].join(' ');
    const scan = vi.spyOn(Scanner.prototype, 'scan');
    const masked = masker.mask(text).text;
    expect(scan.mock.calls.length).toBeLessThan(25);
    expect(masked).not.toMatch(/\d{5}/);
    expect(masker.mask(masked).text).toBe(masked);
  });

  it('are masked each for itself where they are few', () => {
    const [one, two, three] = [cardOf(1), cardOf(2), cardOf(3)];
    expect(masker.mask(`${one} ${one}${two} ${two}${three} fine`).text).toBe(
      '<CARD_1> <CARD_1><CARD_2> <CARD_2><CARD_3> fine',
    );
  });
});

describe('thousands of people', () => {
  const letter = (n: number): string => String.fromCharCode(97 + (n % 26));
  const nameOf = (n: number): string =>
    `Anna S${letter(n)}${letter(Math.floor(n / 26))}${letter(Math.floor(n / 676))}son`;

  it('are told apart without comparing each with each', () => {
    const text = Array.from({ length: 3_000 }, (_, n) => `my name is ${nameOf(n)}.`).join(' ');
    const has = vi.spyOn(Set.prototype, 'has');
    const masked = masker.mask(text);
    expect(has.mock.calls.length).toBeLessThan(200_000);
    has.mockRestore();
    expect(new Set(masked.text.match(/<PERSON_\d+>/g)).size).toBe(3_000);
  });
});
