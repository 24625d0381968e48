import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { generateTickets, ticketLine, type TicketOptions } from './tickets.ts';

const digest = (options: TicketOptions): string => {
  const hash = createHash('sha256');
  for (const each of generateTickets(options)) hash.update(`${ticketLine(each)}\n`);
  return hash.digest('hex').slice(0, 16);
};

describe('generateTickets', () => {
  // Frozen: benches are compared across machines and days, so the bytes may not drift.
  it.each<[string, TicketOptions, string]>([
    ['six kinds in ASCII', { count: 500 }, '1b1e4455562f37d1'],
    ['all kinds in many languages', { count: 500, seed: 11, kinds: 'all', language: 'world' }, '190453ae22f2d9f5'],
  ])('gives the same bytes for %s', (_, options, expected) => {
    expect(digest(options)).toBe(expected);
  });

  it('says which values each ticket hides', () => {
    for (const { ticket, planted } of generateTickets({ count: 500, kinds: 'all', pii: 1 })) {
      expect(planted.length).toBeGreaterThan(0);
      for (const { value } of planted) expect(ticket.text).toContain(value);
    }
  });

  it('keeps the asked share of tickets free of personal values', () => {
    const tickets = [...generateTickets({ count: 2000, pii: 0.4 })];
    const share = tickets.filter(({ planted }) => planted.length > 0).length / tickets.length;
    expect(share).toBeGreaterThan(0.36);
    expect(share).toBeLessThan(0.44);
  });

  it('writes pure ASCII unless other languages are asked for', () => {
    const isAscii = (text: string): boolean => /^[ -~]*$/.test(text);
    expect([...generateTickets({ count: 300 })].every(({ ticket }) => isAscii(ticket.text))).toBe(true);
    expect([...generateTickets({ count: 300, language: 'world' })].some(({ ticket }) => isAscii(ticket.text))).toBe(
      false,
    );
  });
});
