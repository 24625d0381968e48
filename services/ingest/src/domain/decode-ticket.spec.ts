import { describe, expect, it } from 'vitest';
import { decodeJson, toTicket } from './decode-ticket.ts';

const bytes = (json: string) => Buffer.from(json);
const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
const detailOf = (outcome: object) => ('detail' in outcome ? outcome.detail : undefined);

describe('decodeJson', () => {
  it('takes values as deep as people nest them, and refuses what ends a recursion', () => {
    expect(decodeJson(bytes(nested(64)))).toMatchObject({ kind: 'accepted' });
    expect(detailOf(decodeJson(bytes(nested(65))))).toBe('ticket: is nested deeper than 64 levels');
    expect(detailOf(decodeJson(bytes(nested(100_000))))).toBe('ticket: is nested deeper than 64 levels');
  });

  it('refuses a number that JavaScript only knows as infinite: it would be stored as null', () => {
    expect(detailOf(decodeJson(bytes('{"a":[1e999]}')))).toBe('ticket: a number is beyond all bounds');
  });
});

describe('toTicket', () => {
  const ticket = { source: 's', ticket_id: 't', text: 'x' };

  it.each(['0000-01-01T00:00:00Z', '2026-11-21T09:30:00+16:00', '2026-11-21T09:30:00-23:59'])(
    'refuses %s, which Postgres cannot store',
    (time) => {
      expect(detailOf(toTicket({ ...ticket, created_at: time }))).toMatch(/^created_at: /);
    },
  );

  it.each(['0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999999Z', '2026-11-21T09:30:00+14:00'])('takes %s', (time) => {
    expect(toTicket({ ...ticket, created_at: time })).toMatchObject({ kind: 'accepted', value: { createdAt: time } });
  });

  it('refuses ids that no index entry could hold', () => {
    expect(detailOf(toTicket({ ...ticket, source: 's'.repeat(129) }))).toMatch(/^source: /);
    expect(detailOf(toTicket({ ...ticket, ticket_id: 't'.repeat(513) }))).toMatch(/^ticket_id: /);
  });

  it('names the field at the top only: the names below it are the customer’s', () => {
    expect(detailOf(toTicket({ ...ticket, fields: { 'jane@example.com': undefined } }))).toMatch(/^fields: /);
  });
});
