import { MIB } from '@assay/shared/contracts/units';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeJson, toTicket, unwrapCloudEvent } from './decode-ticket.ts';

const bytes = (json: string) => Buffer.from(json);
const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
const detailOf = (outcome: object) => ('detail' in outcome ? outcome.detail : undefined);
/** The refusal of a message, as one line; or `accepted`. */
const refusalOf = (value: Uint8Array | null): string => {
  const decoded = decodeJson(value);
  const outcome = decoded.kind === 'accepted' ? toTicket(unwrapCloudEvent(decoded.value)) : decoded;
  return outcome.kind === 'deadLettered' ? `${outcome.code} ${outcome.detail}` : outcome.kind;
};
const minimal = { source: 's', ticket_id: 't', text: 'x' };
const ticketWith = (overrides: object) => bytes(JSON.stringify({ ...minimal, ...overrides }));

describe('bytes that are no ticket', () => {
  it.each([
    ['no value', null, 'DECODE_FAILED the message has no value'],
    ['nothing', bytes(''), 'DECODE_FAILED the value is not JSON'],
    ['not UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'DECODE_FAILED the value is not UTF-8'],
    ['half a letter at the end', Buffer.from('{"a":"é').subarray(0, 7), 'DECODE_FAILED the value is not UTF-8'],
    ['UTF-16', Buffer.from('{"a":1}', 'utf16le'), 'DECODE_FAILED the value is not JSON'],
    ['a byte order mark', Buffer.from('\uFEFF{}'), 'DECODE_FAILED the value is not JSON'],
    ['half an object', bytes('{"source":'), 'DECODE_FAILED the value is not JSON'],
    ['two objects', bytes('{}{}'), 'DECODE_FAILED the value is not JSON'],
    ['single quotes', bytes("{'a':1}"), 'DECODE_FAILED the value is not JSON'],
    ['a raw NUL in a string', bytes('{"text":"a\0b"}'), 'DECODE_FAILED the value is not JSON'],
    ['a list', bytes('[]'), 'CONTRACT_VIOLATED ticket: Invalid input: expected object, received array'],
    ['null', bytes('null'), 'CONTRACT_VIOLATED ticket: Invalid input: expected object, received null'],
    ['a string', bytes('"x"'), 'CONTRACT_VIOLATED ticket: Invalid input: expected object, received string'],
    ['an empty object', bytes('{}'), 'CONTRACT_VIOLATED source: Invalid input: expected string, received undefined'],
  ])('%s', (_what, value, expected) => {
    expect(refusalOf(value)).toBe(expected);
  });
});

describe('a ticket that breaks the contract', () => {
  it.each([
    ['no text', { text: undefined }, /^CONTRACT_VIOLATED text: /],
    ['no ticket_id', { ticket_id: undefined }, /^CONTRACT_VIOLATED ticket_id: /],
    ['an empty source', { source: '' }, /^CONTRACT_VIOLATED source: /],
    ['a number as its id', { ticket_id: 1042 }, /^CONTRACT_VIOLATED ticket_id: .*received number$/],
    ['a text of white space', { text: ' \n\t\u00A0' }, /^CONTRACT_VIOLATED text: is empty$/],
    ['priority 10', { priority: 10 }, /^CONTRACT_VIOLATED priority: /],
    ['priority -1', { priority: -1 }, /^CONTRACT_VIOLATED priority: /],
    ['priority 1.5', { priority: 1.5 }, /^CONTRACT_VIOLATED priority: /],
    ['priority "2"', { priority: '2' }, /^CONTRACT_VIOLATED priority: /],
    ['a date without a zone', { created_at: '2026-11-21T09:30:00' }, /^CONTRACT_VIOLATED created_at: /],
    ['a day that does not exist', { created_at: '2026-02-30T00:00:00Z' }, /^CONTRACT_VIOLATED created_at: /],
    ['seconds since 1970', { created_at: 1_795_253_400 }, /^CONTRACT_VIOLATED created_at: /],
    ['fields that are a list', { fields: [1] }, /^CONTRACT_VIOLATED fields: /],
    ['fields that are null', { fields: null }, /^CONTRACT_VIOLATED fields: /],
    ['NUL in its text', { text: 'a\0b' }, /^CONTRACT_VIOLATED text: contains NUL$/],
    ['NUL in a field', { fields: { a: ['b\0'] } }, /^CONTRACT_VIOLATED fields\[0\]: contains NUL$/],
    ['NUL in a key', { fields: { 'a\0': 1 } }, /^CONTRACT_VIOLATED a key of fields: contains NUL$/],
    ['NUL in a key we do not know', { 'a\0': 1 }, /^CONTRACT_VIOLATED a key of the ticket: contains NUL$/],
    ['half a surrogate pair in its text', { text: 'a\uD83D' }, /^CONTRACT_VIOLATED text: contains a lone surrogate$/],
    ['half a surrogate pair in its id', { ticket_id: '\uDE00' }, /^CONTRACT_VIOLATED ticket_id: contains a lone/],
  ])('%s', (_what, overrides, expected) => {
    expect(refusalOf(ticketWith(overrides))).toMatch(expected);
  });

  it('by a text over 1 MiB of UTF-8, counted in bytes', () => {
    expect(refusalOf(ticketWith({ text: 'x'.repeat(MIB) }))).toBe('accepted');
    expect(refusalOf(ticketWith({ text: 'x'.repeat(MIB + 1) }))).toBe(
      'PAYLOAD_TOO_LARGE text: 1048577 bytes, at most 1048576 are accepted',
    );
    expect(refusalOf(ticketWith({ text: 'é'.repeat(MIB / 2 + 1) }))).toMatch(/^PAYLOAD_TOO_LARGE /);
  });

  it('by ids that no index entry could hold', () => {
    expect(refusalOf(ticketWith({ source: 's'.repeat(129) }))).toMatch(/^CONTRACT_VIOLATED source: /);
    expect(refusalOf(ticketWith({ ticket_id: 't'.repeat(513) }))).toMatch(/^CONTRACT_VIOLATED ticket_id: /);
    expect(refusalOf(ticketWith({ source: 's'.repeat(128), ticket_id: 't'.repeat(512) }))).toBe('accepted');
  });

  it.each([
    '0000-01-01T00:00:00Z',
    '2026-11-21T09:30:00+16:00',
    '2026-11-21T09:30:00-23:59',
    `2026-11-21T09:30:00.${'1'.repeat(200)}Z`,
  ])('by the time %s, which Postgres cannot store', (time) => {
    expect(refusalOf(ticketWith({ created_at: time }))).toMatch(/^CONTRACT_VIOLATED created_at: /);
  });

  it('by nesting that ends the recursion of whoever takes it next', () => {
    expect(decodeJson(bytes(nested(64)))).toMatchObject({ kind: 'accepted' });
    expect(detailOf(decodeJson(bytes(nested(65))))).toBe('ticket: is nested deeper than 64 levels');
    expect(detailOf(decodeJson(bytes(nested(100_000))))).toBe('ticket: is nested deeper than 64 levels');
  });

  it('by more values than anybody means, in one list, in many objects, or at the top', () => {
    const manyOf = (count: number) => Array.from({ length: count }, () => 1);
    expect(refusalOf(ticketWith({ fields: { a: manyOf(19_990) } }))).toBe('accepted');
    const many = [
      { fields: { a: manyOf(20_000) } },
      { fields: { a: Array.from({ length: 10_001 }, () => ({ b: 1 })) } },
      Object.fromEntries(manyOf(20_001).map((one, index) => [`k${index}`, one])),
    ];
    for (const overrides of many)
      expect(refusalOf(ticketWith(overrides))).toBe('CONTRACT_VIOLATED ticket: holds more than 20000 values');
  });

  it.each(['{"__proto__":1}', '{"fields":{"__proto__":{"a":1}}}', '{"fields":{"a":[{"b":{"__proto__":1}}]}}'])(
    'by a key that would be dropped in silence: %s',
    (json) => {
      const ticket = bytes(JSON.stringify(minimal).replace('}', `,${json.slice(1)}`));
      expect(refusalOf(ticket)).toMatch(/^CONTRACT_VIOLATED ticket: has a key named __proto__/);
    },
  );

  it.each(['constructor', 'prototype', 'toString', 'hasOwnProperty'])('but not by a key named %s', (name) => {
    const ticket = { ...minimal, fields: { [name]: { [name]: 1 } } };
    expect(toTicket(ticket)).toMatchObject({ value: { fields: ticket.fields } });
  });

  it('by a number that JavaScript only knows as infinite: it would be stored as null', () => {
    expect(detailOf(decodeJson(bytes('{"a":[1e999]}')))).toBe('ticket: a number is beyond all bounds');
  });
});

describe('a ticket', () => {
  it('is taken with everything it says', () => {
    const given = {
      source: 'zendesk',
      ticket_id: 'T-1042',
      text: ' The invoice is wrong. ',
      created_at: '2026-11-21T09:30:00.123456+01:00',
      priority: 0,
      fields: { channel: 'mail', tags: ['a', 'b'], deep: { n: 1.5, yes: true, none: null } },
    };
    expect(toTicket(given)).toEqual({
      kind: 'accepted',
      value: {
        source: 'zendesk',
        ticketId: 'T-1042',
        // Not trimmed: identity comes after this and is frozen.
        text: ' The invoice is wrong. ',
        createdAt: '2026-11-21T09:30:00.123456+01:00',
        priority: 0,
        fields: { channel: 'mail', tags: ['a', 'b'], deep: { n: 1.5, yes: true, none: null } },
      },
    });
  });

  it('is taken with the least there must be, and the defaults', () => {
    expect(toTicket(minimal)).toEqual({
      kind: 'accepted',
      value: { source: 's', ticketId: 't', text: 'x', createdAt: null, priority: 5, fields: {} },
    });
  });

  it('keeps what it says beside the contract, and what it says in fields wins', () => {
    expect(toTicket({ ...minimal, channel: 'mail', agent: 'jo', fields: { channel: 'phone' } })).toMatchObject({
      value: { fields: { channel: 'phone', agent: 'jo' } },
    });
  });

  it.each([
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59.999999Z',
    '2026-11-21T09:30:00+14:00',
    '2024-02-29T00:00:00Z',
    '2026-11-21T09:30:00.123456789012Z',
  ])('may be of %s', (time) => {
    expect(toTicket({ ...minimal, created_at: time })).toMatchObject({ value: { createdAt: time } });
  });

  it.each(['emoji 👩🏽‍💻', 'می‌خواهم', 'a\tb\r\nc', '"quoted" \\ \u2028', '\uFFFD'])('may say %j', (text) => {
    expect(toTicket(JSON.parse(JSON.stringify({ ...minimal, text })))).toMatchObject({ value: { text } });
  });
});

describe('a CloudEvent', () => {
  const envelope = { specversion: '1.0', type: 'ticket.created', source: '/crm', id: 'e-1' };
  it('in structured mode is taken out of its envelope', () => {
    expect(unwrapCloudEvent({ ...envelope, data: minimal })).toEqual(minimal);
  });
  it('without data is its own value, and the contract says what is missing', () => {
    expect(unwrapCloudEvent(envelope)).toEqual(envelope);
    expect(detailOf(toTicket(unwrapCloudEvent(envelope)))).toMatch(/^ticket_id: /);
  });
  it.each([
    ['a ticket with a field called data', { ...minimal, data: { a: 1 } }],
    ['a ticket with a field called type', { ...minimal, type: 'question', data: 'x' }],
    ['a list', [1]],
    ['a string', 'x'],
    ['null', null],
  ])('is not %s', (_what, value) => {
    expect(unwrapCloudEvent(value)).toEqual(value);
  });
});

describe('whatever arrives', () => {
  const jsonBytes = fc.json().map(bytes);
  const almostTickets = fc
    .record(
      { source: fc.string(), ticket_id: fc.anything(), text: fc.string({ unit: 'binary' }), fields: fc.jsonValue() },
      { requiredKeys: [] },
    )
    .map((value) => bytes(JSON.stringify(value)));

  it('has an outcome and never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), jsonBytes, almostTickets), (value) => {
        expect(refusalOf(value)).toMatch(/^(accepted|DECODE_FAILED |CONTRACT_VIOLATED |PAYLOAD_TOO_LARGE )/);
      }),
      { numRuns: 500 },
    );
  });

  it('is never quoted in the reason: dead-letter headers and logs are read by people', () => {
    const secret = 'jane.doe@example.com';
    const placed = [
      secret,
      `{"text": "${secret}"`,
      JSON.stringify({ ...minimal, text: `${secret}\0` }),
      JSON.stringify({ ...minimal, created_at: secret }),
      JSON.stringify({ ...minimal, priority: secret }),
      JSON.stringify({ ...minimal, [`${secret}\0`]: 1 }),
      JSON.stringify({ ...minimal, fields: { [secret]: 'a\0' } }),
      JSON.stringify({ ...minimal, fields: secret }),
      JSON.stringify({ ...minimal, fields: [secret] }),
      JSON.stringify({ source: secret, text: secret }),
      JSON.stringify([secret]),
      JSON.stringify(secret),
    ];
    const refusals = placed.map((text) => refusalOf(bytes(text)));
    expect(refusals.filter((refusal) => refusal === 'accepted' || refusal.includes('jane'))).toEqual([]);
    expect(detailOf(toTicket({ ...minimal, fields: { [secret]: undefined } }))).toMatch(/^fields: /);
  });
});
