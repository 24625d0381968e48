import { describe, expect, it } from 'vitest';
import { createMasker } from './masker.ts';
import { createRegistry } from './registry.ts';

const key = new Uint8Array(32).fill(7);

describe('createMasker', () => {
  it('tells where the values stood and where their placeholders stand', () => {
    const masked = createMasker().mask('😀 mail jane@example.com now');
    expect(masked).toEqual({
      text: '😀 mail <EMAIL_1> now',
      spans: [{ start: 8, end: 24, type: 'EMAIL_ADDRESS' }],
      maskedSpans: [{ start: 8, end: 17, type: 'EMAIL_ADDRESS' }],
    });
  });

  it('gives places in the text, not in its folded form', () => {
    const text = 'a\u200bb 𝟒𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏 \u200b';
    const [span] = createMasker().mask(text).spans;
    expect(text.slice(span?.start, span?.end)).toBe('𝟒𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏');
  });

  it('returns a text without values as it is', () => {
    expect(createMasker().mask('nothing 12 here')).toEqual({ text: 'nothing 12 here', spans: [], maskedSpans: [] });
  });

  it('masks only the types that are asked for', () => {
    const masker = createMasker({ types: ['EMAIL_ADDRESS'] });
    expect(masker.mask('a@b.co, 4111111111111111').text).toBe('<EMAIL_1>, 4111111111111111');
  });
});

describe('the strings of a ticket', () => {
  it('say the same again, however often and beside whatever they come', () => {
    const masker = createMasker();
    const mask = (...texts: string[]) =>
      masker.maskTogether(texts, ['text', 'fields.channel', 'fields.note']).map(({ text }) => text);
    const first = mask('I am Jane Doe', 'mail', 'Jane Doe');
    expect(mask('Nothing to hide.', 'mail', 'order')).toEqual(['Nothing to hide.', 'mail', 'order']);
    expect(mask('I am Jane Doe', 'mail', 'Jane Doe')).toEqual(first);
    expect(first).toEqual(['I am <PERSON_1>', 'mail', '<PERSON_1>']);
  });

  it('are masked by what stands elsewhere, also when nothing was found in them before', () => {
    const masker = createMasker();
    const names = ['text', 'fields.reference'];
    expect(masker.maskTogether(['Hello.', 'AB12 5551234'], names)[1]?.text).toBe('AB12 5551234');
    const [, reference] = masker.maskTogether(['Call me on (415) 555-0132.', '415 555 0132'], names);
    expect(reference?.text).toBe('<PHONE_1>');
  });
});

describe('operators', () => {
  it('numbers equal values alike, however they are written', () => {
    const { text } = createMasker().mask(
      'JANE@x.org jane@x.org jane%40x.org 4111111111111111 4111-1111-1111-1111 b@x.org',
    );
    expect(text).toBe('<EMAIL_1> <EMAIL_1> <EMAIL_1> <CARD_1> <CARD_1> <EMAIL_2>');
  });

  it('numbers across the strings of a ticket, and anew for the next ticket', () => {
    const masker = createMasker();
    const ticket = masker.maskTogether(['a@x.org b@x.org', 'B@x.org']);
    expect(ticket.map(({ text }) => text)).toEqual(['<EMAIL_1> <EMAIL_2>', '<EMAIL_2>']);
    expect(masker.mask('b@x.org').text).toBe('<EMAIL_1>');
  });

  it('goes on behind the numbers that already stand in the ticket', () => {
    const ticket = createMasker().maskTogether(['was <EMAIL_7>', 'now a@x.org']);
    expect(ticket.map(({ text }) => text)).toEqual(['was <EMAIL_7>', 'now <EMAIL_8>']);
  });

  it('redacts to the bare label', () => {
    expect(createMasker({ operator: 'redact' }).mask('a@x.org, b@x.org').text).toBe('<EMAIL>, <EMAIL>');
  });

  it('gives one pseudonym to a value in all tickets, and another under another key', () => {
    const one = createMasker({ operator: { pseudonym: { keyId: 'k1', key } } });
    const other = createMasker({ operator: { pseudonym: { keyId: 'k2', key: new Uint8Array(32).fill(8) } } });
    const digest = (text: string): string | undefined => /^<EMAIL:k\d:([a-p]{20})>$/.exec(text)?.[1];
    expect(digest(one.mask('a@x.org').text)).toBe(digest(one.mask('A@X.org').text));
    expect(digest(one.mask('a@x.org').text)).toMatch(/^[a-p]{20}$/);
    expect(digest(other.mask('a@x.org').text)).not.toBe(digest(one.mask('a@x.org').text));
  });

  it('refuses a key that is short or whose id could not be read back', () => {
    expect(() => createMasker({ operator: { pseudonym: { keyId: 'k1', key: new Uint8Array(8) } } })).toThrow(
      '16 bytes',
    );
    expect(() => createMasker({ operator: { pseudonym: { keyId: 'k:1', key } } })).toThrow('key id');
  });

  it('never looks into what any operator left behind', () => {
    const text = 'call <PHONE_4>, <CARD>, <EMAIL:k1:abcdefghijklmnopabcd> or <PERSON_1>';
    for (const operator of ['replace', 'redact', { pseudonym: { keyId: 'k9', key } }] as const) {
      expect(createMasker({ operator }).mask(text).text).toBe(text);
    }
  });
});

describe('a value known from elsewhere in the ticket', () => {
  it('is masked where nothing else tells it', () => {
    const ticket = createMasker().maskTogether(['call 5551234', 'order 5551234', '95551234x']);
    expect(ticket.map(({ text }) => text)).toEqual(['call <PHONE_1>', 'order <PHONE_1>', '9<PHONE_1>x']);
  });

  it('is masked in another way of writing', () => {
    expect(createMasker().mask('(415) 555-0132 is415-555-0132').text).toBe('<PHONE_1> is<PHONE_1>');
  });

  it('is masked as a word of its own when it is short', () => {
    expect(createMasker().mask('PIN: 4711, 4711 and 14711').text).toBe('PIN: <SECRET_1>, <SECRET_1> and 14711');
  });

  it('is found among many', () => {
    const numbers = Array.from({ length: 40 }, (_, i) => `555${1000 + i}`);
    const [said, bare] = createMasker().maskTogether([
      `call ${numbers.join(', ')}`,
      numbers.map((n) => `x${n}`).join(' '),
    ]);
    expect(said?.spans).toHaveLength(40);
    expect(bare?.text).toBe(numbers.map((_, i) => `x<PHONE_${i + 1}>`).join(' '));
  });
});

describe("the user's own registry", () => {
  const registry = createRegistry([
    { type: 'EMPLOYEE', shape: 'EMP-#{4,6}' },
    { type: 'BOOKING', shape: '@@####', check: (value) => value.endsWith('7') },
    { type: 'PROJECT', terms: ['Blue Whale', 'Żółw', 'blue'] },
  ]);
  const masker = createMasker({ registry });

  it('masks its shapes and terms', () => {
    expect(masker.mask('emp-00123 booked AB1237 and AB1238').text).toBe('<EMPLOYEE_1> booked <BOOKING_1> and AB1238');
    expect(masker.mask('Project BLUE \n whale, żółw, xółx, blues').text).toBe(
      'Project <PROJECT_1>, <PROJECT_2>, xółx, blues',
    );
  });

  it('takes no part of a longer word or number', () => {
    expect(masker.mask('XEMP-00123 EMP-0012345 Blue Whales').text).toBe('XEMP-00123 EMP-0012345 <PROJECT_1> Whales');
  });

  it('outranks what the scanner knows, and is known by its placeholders', () => {
    const own = createMasker({ registry: createRegistry([{ type: 'DESK', terms: ['desk@example.com'] }]) });
    const once = own.mask('write to desk@example.com or a@example.com').text;
    expect(once).toBe('write to <DESK_1> or <EMAIL_1>');
    expect(own.mask(once).text).toBe(once);
  });

  it.each<[string, Parameters<typeof createRegistry>[0], string]>([
    ['a type that is no label', [{ type: 'employee', shape: '#' }], 'capitals'],
    ['a built-in type', [{ type: 'EMAIL', shape: '#' }], 'built in'],
    ['a shape of nothing', [{ type: 'X', shape: '#?' }], 'empty text'],
    ['a shape without end', [{ type: 'X', shape: '#{999}' }], 'longer'],
    ['a repeat of nothing', [{ type: 'X', shape: '{3}' }], 'repeats nothing'],
    ['a broken repeat', [{ type: 'X', shape: '#{3' }], '{n}'],
    ['an empty term', [{ type: 'X', terms: [' '] }], 'characters'],
  ])('refuses %s', (_, entries, message) => {
    expect(() => createRegistry(entries)).toThrow(message);
  });
});
