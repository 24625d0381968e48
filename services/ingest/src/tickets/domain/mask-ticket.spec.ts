import { createMasker } from '@assay/pii/masker';
import type { Ticket } from '@assay/shared/contracts/ticket';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskTicket, PATH_MAX_LENGTH, PLACES_TOLD } from './mask-ticket.ts';

const masker = createMasker();
const ticket = (overrides: Partial<Ticket> = {}): Ticket => ({
  source: 'zendesk',
  ticketId: 'T-1042',
  text: 'Nothing to hide here.',
  createdAt: '2026-11-21T09:30:00Z',
  priority: 5,
  fields: {},
  ...overrides,
});
const masked = (overrides: Partial<Ticket>) => maskTicket(masker, ticket(overrides));

const EMAIL = 'jane.doe@example.com';
const CARD = '4111 1111 1111 1111';
const IBAN = 'DE89 3704 0044 0532 0130 00';

describe('masking a ticket', () => {
  it('leaves one with nothing to mask as it is, and says so', () => {
    const plain = ticket({ fields: { channel: 'mail', tags: ['a'], n: 12, yes: true, none: null } });
    expect(maskTicket(masker, plain)).toEqual({ ticket: plain, report: { counts: {}, places: {} } });
  });

  it('masks the text, the id and the source', () => {
    const { ticket: out, report } = masked({
      text: `Mail me at ${EMAIL}.`,
      ticketId: `case of ${EMAIL}`,
      source: EMAIL,
    });
    expect(JSON.stringify(out)).not.toContain('jane');
    expect(report.counts).toEqual({ EMAIL_ADDRESS: 3 });
    expect(Object.keys(report.places)).toEqual(['text', 'ticket_id', 'source']);
  });

  it('masks fields at any depth, in lists and in objects, and keys as well', () => {
    const { ticket: out, report } = masked({
      fields: { contact: { mails: ['none', EMAIL] }, [EMAIL]: { note: `card ${CARD}` }, iban: IBAN },
    });
    expect(JSON.stringify(out)).not.toMatch(/jane|4111|3704/);
    expect(Object.values(report.counts).reduce((sum, count) => sum + count)).toBe(4);
    expect(Object.keys(out.fields)).toHaveLength(3);
    expect(out.fields).toMatchObject({ contact: { mails: ['none', expect.any(String)] } });
  });

  it('masks a number that is as personal without its quotes, and leaves other numbers numbers', () => {
    const { ticket: out } = masked({ fields: { card: 4111111111111111, count: 12, price: 19.99, year: 2026 } });
    expect(out.fields).toEqual({ card: expect.not.stringContaining('4111'), count: 12, price: 19.99, year: 2026 });
  });

  it('gives one value one name wherever it stands', () => {
    const { ticket: out } = masked({
      text: `From ${EMAIL}, not from john@example.org.`,
      fields: { sender: EMAIL, other: 'john@example.org' },
    });
    const [first, second] = out.text.match(/<[A-Z]+_\d+>/g)!;
    expect(first).not.toBe(second);
    expect(out.fields).toEqual({ sender: first, other: second });
  });

  it('tells the masker which field a string stands in, so that a bare number is what its field says', () => {
    const { ticket: out } = masked({ fields: { phone: '5551234', order: '5559876' } });
    expect(out.fields).toMatchObject({ phone: expect.stringMatching(/^<PHONE/), order: '5559876' });
  });

  it('keeps what is no string: time, priority, order of keys', () => {
    const { ticket: out } = masked({ priority: 2, fields: { b: EMAIL, a: 1 } });
    expect(out).toMatchObject({ priority: 2, createdAt: '2026-11-21T09:30:00Z' });
    expect(Object.keys(out.fields)).toEqual(['b', 'a']);
  });

  it('does not change the ticket it was given', () => {
    const given = ticket({ text: EMAIL, fields: { a: [EMAIL] } });
    const before = structuredClone(given);
    maskTicket(masker, given);
    expect(given).toEqual(before);
  });

  it('keeps a key named __proto__ a key', () => {
    const fields = JSON.parse(`{"__proto__": {"mail": "${EMAIL}"}}`) as Ticket['fields'];
    const { ticket: out } = masked({ fields });
    expect(JSON.stringify(out.fields)).toMatch(/^\{"__proto__":\{"mail":"<EMAIL_1>"\}\}$/);
  });
});

describe('the report of what was masked', () => {
  it('says kind, place in the masked text and place in the original', () => {
    const text = `Mail ${EMAIL} or card ${CARD}.`;
    const { ticket: out, report } = masked({ text });
    const cut = (from: number, to: number) => out.text.slice(from, to);
    for (const [type, start, end, originalStart, originalEnd] of report.places['text']!) {
      expect(cut(start, end)).toMatch(type === 'EMAIL_ADDRESS' ? /^<EMAIL_\d+>$/ : /^<CARD_\d+>$/);
      expect([EMAIL, CARD]).toContain(text.slice(originalStart, originalEnd));
    }
    expect(report.counts).toEqual({ EMAIL_ADDRESS: 1, CREDIT_CARD: 1 });
  });

  it('names paths with masked keys, and holds no value', () => {
    const { report } = masked({ fields: { [EMAIL]: { deep: [`x ${EMAIL}`] } } });
    expect(JSON.stringify(report)).not.toContain('jane');
    expect(Object.keys(report.places)).toEqual(['keys of fields', 'fields.<EMAIL_1>.deep[0]']);
  });

  it.each([
    ['29 kB, whose report had 18 MB', 1_200],
    ['144 kB, whose report had 151 MB', 10_000],
  ])('stays small for a ticket with many places below a long path: one of %s', (_size, mails) => {
    let deep: Ticket['fields'] = { x: Array.from({ length: mails }, (_, n) => `a${n}@b.de`) };
    for (let level = 0; level < 60; level++) deep = { ['k'.repeat(250)]: deep };
    const { report, ticket: out } = masked({ fields: deep });
    expect(report.counts).toEqual({ EMAIL_ADDRESS: mails });
    expect(Object.values(report.places).flat()).toHaveLength(PLACES_TOLD);
    for (const path of Object.keys(report.places)) expect(path.length).toBeLessThanOrEqual(PATH_MAX_LENGTH);
    expect(JSON.stringify(report).length).toBeLessThan(100_000);
    expect(JSON.stringify(out)).not.toContain('@b.de');
  });

  it('cuts no letter of a path in half, and keeps a path that fits as it is', () => {
    const fits = 'k'.repeat(PATH_MAX_LENGTH - 'fields.'.length - 1);
    const { report } = masked({ fields: { [fits]: EMAIL, [`${fits.slice(1)}😀`]: EMAIL } });
    expect(Object.keys(report.places)).toEqual([`fields.${fits}`, expect.stringMatching(/k.…$/u)]);
    expect(JSON.stringify(report).isWellFormed()).toBe(true);
  });

  it('adds up: every place is counted once', () => {
    const values = fc.constantFrom(EMAIL, CARD, IBAN, '192.0.2.7', 'plain words', '+49 30 901820');
    const fields = fc.dictionary(fc.constantFrom('a', 'b', 'note', 'phone'), fc.oneof(values, fc.array(values)));
    fc.assert(
      fc.property(values, values, fields, (text, ticketId, given) => {
        const { report, ticket: out } = masked({ text, ticketId, fields: given });
        const places = Object.values(report.places).flat();
        const counts = Object.values(report.counts).reduce((sum, count) => sum + count, 0);
        expect(counts).toBe(places.length);
        expect(JSON.stringify([report, out])).not.toMatch(/jane|4111|3704|192\.0\.2|901820/);
      }),
    );
  });
});
