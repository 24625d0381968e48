import { describe, expect, it } from 'vitest';
import { demoTickets, fieldOf } from './demo-tickets.ts';
import { topicOf, topics } from './topics-of-tickets.ts';

interface Parsed {
  readonly ticket_id: string;
  readonly text: string;
  readonly fields?: Readonly<Record<string, string>>;
}

const tickets = demoTickets(1000);
const parsed = tickets.map(({ line, planted }) => ({ ticket: JSON.parse(line) as Parsed, planted }));

describe('demoTickets', () => {
  it('are the same in every run', async () => {
    expect(demoTickets(1000)).toEqual(tickets);
  });

  it('hold personal values in two of five, of every kind', () => {
    const personal = tickets.filter(({ planted }) => planted.length > 0);
    expect(personal.length).toBeGreaterThan(360);
    expect(personal.length).toBeLessThan(440);
    expect(new Set(personal.flatMap(({ planted }) => planted.map(({ type }) => type)))).toEqual(
      new Set(Object.keys(fieldOf)),
    );
  });

  it('hide them in the fields and in the ticket_id too, and say all of them', () => {
    for (const { ticket, planted } of parsed) {
      const whole = [ticket.ticket_id, ticket.text, ...Object.values(ticket.fields ?? {})].join('\n');
      for (const { value } of planted) expect(whole).toContain(value);
    }
    const said = ({ planted }: (typeof parsed)[number], where: string): boolean =>
      planted.some(({ value }) => where.includes(value));
    expect(parsed.filter((each) => said(each, each.ticket.ticket_id)).length).toBeGreaterThan(20);
    expect(
      parsed.filter((each) => said(each, Object.values(each.ticket.fields ?? {}).join('\n'))).length,
    ).toBeGreaterThan(100);
  });

  it('are about every topic', () => {
    expect(new Set(parsed.map(({ ticket }) => topicOf(ticket.text)))).toEqual(new Set(topics));
  });
});
