import { topics } from '@assay/shared/contracts/topics';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isTicketContentType, ticketContentTypes } from './read-tickets.ts';

const json = ticketContentTypes['application/json'];
const lines = ticketContentTypes['application/x-ndjson'];
const ticket = (n: number) => ({ source: 's', ticket_id: `t-${n}`, text: `text ${n}` });
const body = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
const idsOf = ({ submissions }: ReturnType<typeof json>) => submissions.map((one) => one.ticket.ticketId);

describe('a body of JSON', () => {
  it('is one ticket', () => {
    expect(idsOf(json(body(ticket(1))))).toEqual(['t-1']);
  });

  it('is a list of tickets, in order', () => {
    expect(idsOf(json(body([ticket(1), ticket(2), ticket(3)])))).toEqual(['t-1', 't-2', 't-3']);
  });

  it('is a CloudEvent or a list of them; the ticket inside is what is published', () => {
    const event = { specversion: '1.0', type: 'ticket.created', source: '/crm', id: 'e', data: ticket(1) };
    const { submissions } = json(body([event, ticket(2)]));
    expect(submissions.map(({ value }) => JSON.parse(String(value)) as unknown)).toEqual([ticket(1), ticket(2)]);
  });

  it('tells of every ticket that breaks the contract, by its place, and takes the others apart', () => {
    const { submissions, rejections } = json(body([ticket(0), { ...ticket(1), text: '' }, ticket(2), 'no ticket']));
    expect(submissions).toHaveLength(2);
    expect(rejections).toEqual([
      { index: 1, code: 'CONTRACT_VIOLATED', detail: 'text: is empty' },
      { index: 3, code: 'CONTRACT_VIOLATED', detail: expect.stringMatching(/^ticket: /) },
    ]);
  });

  it.each([
    ['nothing', '', 'DECODE_FAILED'],
    ['half a list', '[{"source":', 'DECODE_FAILED'],
    ['lines', `${JSON.stringify(ticket(1))}\n${JSON.stringify(ticket(2))}`, 'DECODE_FAILED'],
  ])('that is %s is refused as a whole', (_what, text, code) => {
    expect(json(body(text))).toMatchObject({ submissions: [], rejections: [{ index: 0, code }] });
  });

  it('that is an empty list has no ticket and no fault', () => {
    expect(json(body([]))).toEqual({ submissions: [], rejections: [] });
  });
});

describe('a body of lines', () => {
  it.each([
    ['with a newline at its end', '\n'],
    ['without one', ''],
    ['from Windows', '\r\n'],
    ['with blank lines, as people write them', '\n\n  \n'],
  ])('%s is a ticket a line', (_what, end) => {
    const text = [1, 2].map((n) => JSON.stringify(ticket(n))).join(end || '\n') + end;
    expect(idsOf(lines(body(text)))).toEqual(['t-1', 't-2']);
  });

  it('tells of a broken line by its number among the tickets', () => {
    const text = `${JSON.stringify(ticket(0))}\n\n{"half":\n${JSON.stringify(ticket(2))}`;
    expect(lines(body(text)).rejections).toEqual([
      { index: 1, code: 'DECODE_FAILED', detail: 'the value is not JSON' },
    ]);
  });

  it('that are not UTF-8 are told one by one', () => {
    const text = Buffer.concat([body(ticket(0)), Buffer.from([0x0a, 0xff, 0x0a]), body(ticket(2))]);
    const { submissions, rejections } = lines(text);
    expect(submissions).toHaveLength(2);
    expect(rejections).toEqual([{ index: 1, code: 'DECODE_FAILED', detail: 'the value is not UTF-8' }]);
  });

  it('that are lists are no tickets', () => {
    expect(lines(body(JSON.stringify([ticket(1)]))).rejections).toHaveLength(1);
  });
});

describe('what is published', () => {
  it('is the ticket as it was sent: another door gives the same document', () => {
    const odd = { ...ticket(1), text: 'é👍 "q" \\ \n', fields: { a: [1, null, { b: true }] }, extra: 'kept' };
    for (const { value } of [...json(body(odd)).submissions, ...lines(body(odd)).submissions])
      expect(JSON.parse(String(value))).toEqual(odd);
  });

  it('fits the topic: a larger ticket is refused here, because Kafka would refuse it for ever', () => {
    const large = { ...ticket(1), fields: { blob: 'x'.repeat(topics.ticketsRaw.maxMessageBytes) } };
    expect(json(body([ticket(0), large]))).toMatchObject({
      submissions: [{ ticket: { ticketId: 't-0' } }],
      rejections: [
        { index: 1, code: 'PAYLOAD_TOO_LARGE', detail: expect.stringMatching(/^ticket: \d+ bytes, at most \d+/) },
      ],
    });
  });

  it('is decided without throwing, whatever the body is', () => {
    const bodies = fc.oneof(
      fc.uint8Array(),
      fc.json().map(body),
      fc.array(fc.json()).map((all) => body(all.join('\n'))),
    );
    fc.assert(
      fc.property(bodies, fc.constantFrom(...Object.values(ticketContentTypes)), (given, read) => {
        const { submissions, rejections } = read(Buffer.from(given));
        expect(submissions.length + rejections.length).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the content types', () => {
  it.each(Object.keys(ticketContentTypes))('take %s', (type) => expect(isTicketContentType(type)).toBe(true));
  it.each(['text/plain', '', 'application/json; charset=utf-8', 'constructor', '__proto__', 'toString'])(
    'do not take %j',
    (type) => expect(isTicketContentType(type)).toBe(false),
  );
});
