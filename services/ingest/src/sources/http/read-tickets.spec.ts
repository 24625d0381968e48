import { topics } from '@assay/shared/contracts/topics';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type DocIdOf,
  isTicketContentType,
  readTickets,
  ticketContentTypes,
  type TicketContentType,
} from './read-tickets.ts';

const judgeAs = (type: TicketContentType) => (given: Buffer) => {
  const all = [...ticketContentTypes[type](given)];
  return {
    submissions: all.filter((one) => 'ticket' in one),
    rejections: all.filter((one) => 'code' in one),
  };
};
const json = judgeAs('application/json');
const lines = judgeAs('application/x-ndjson');
const ticket = (n: number) => ({ source: 's', ticket_id: `t-${n}`, text: `text ${n}` });
const body = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
const idsOf = ({ submissions }: ReturnType<typeof json>) => submissions.map((one) => one.ticket.ticketId);

const docIdOf: DocIdOf = ({ source, ticketId, text }) => `${source}/${ticketId}/${text}`;

const types = Object.keys(ticketContentTypes) as TicketContentType[];

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

describe('the doc_id of a ticket', () => {
  const docIds = async (type: TicketContentType, given: Buffer) => {
    const options = { maxTickets: 10, docIdOf, letOthersWork: async () => {} };
    return (await readTickets(type, given, options)).submissions.map(({ docId }) => docId);
  };
  const event = (data: unknown) => ({ specversion: '1.0', type: 'ticket', source: 'crm', id: 'e', data });

  it('is told for each, in order, through any content type', async () => {
    const expected = ['s/t-1/text 1', 's/t-2/text 2'];
    const all = [ticket(1), event(ticket(2))];
    expect(await docIds('application/json', body(all))).toEqual(expected);
    const text = all.map((one) => JSON.stringify(one)).join('\n\n');
    expect(await docIds('application/x-ndjson', body(text))).toEqual(expected);
  });

  it('of a ticket that looks like an event is that of what the lane will find in it', async () => {
    const ambiguous = { ...ticket(1), ...event(ticket(2)) };
    expect(await docIds('application/json', body(event(ambiguous)))).toEqual(['s/t-2/text 2']);
    const [submission] = json(body(event(ambiguous))).submissions;
    expect(JSON.parse(String(submission!.value)), 'it is published as it was sent').toEqual(ambiguous);
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
      fc.property(bodies, fc.constantFrom(...types), (given, type) => {
        const read = judgeAs(type);
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

describe('a body that is meant to hurt', () => {
  const read = async (type: TicketContentType, given: Buffer, maxTickets = 10_000) => {
    let turns = 0;
    const answer = await readTickets(type, given, { maxTickets, docIdOf, letOthersWork: async () => turns++ });
    return { ...answer, turns };
  };

  it('of 8 million lines is not judged further than the refusals that are told', async () => {
    const { rejections, submissions } = await read('application/x-ndjson', Buffer.alloc(16_000_000, '1\n'));
    expect([rejections.length, rejections.at(-1)?.index, submissions.length]).toEqual([100, 99, 0]);
  });

  it('of 1 million small values in a list neither', async () => {
    const list = Buffer.from(`[${'1,'.repeat(400_000)}1]`);
    expect((await read('application/json', list)).rejections).toHaveLength(100);
  });

  it.each([
    ['numbers', '1,'.repeat(1_000_000), '1'],
    ['lists', '[],'.repeat(500_000), '[]'],
    ['objects', '{},'.repeat(500_000), '{}'],
  ])('of more %s than fit in memory is refused before it is parsed', async (_what, many, last) => {
    const { rejections } = await read('application/json', Buffer.from(`[${many}${last}]`));
    expect(rejections).toEqual([
      { index: 0, code: 'CONTRACT_VIOLATED', detail: 'ticket: holds more than 500000 values' },
    ]);
  });

  it('is not what looks like many values inside a string', async () => {
    const odd = { ...ticket(1), text: '[{,"\\'.repeat(150_000) };
    expect((await read('application/json', body(odd))).submissions).toHaveLength(1);
  });

  it('of 16 million blank lines has no ticket', async () => {
    const { rejections, submissions } = await read('application/x-ndjson', Buffer.alloc(16_000_000, '\n'));
    expect([rejections, submissions]).toEqual([[], []]);
  });

  it('of a line larger than any message is refused without being read', async () => {
    const line = Buffer.alloc(5_000_000, '[');
    expect((await read('application/x-ndjson', line)).rejections).toMatchObject([{ code: 'PAYLOAD_TOO_LARGE' }]);
  });

  it('of more tickets than a request may hold stops there, and others get their turn on the way', async () => {
    const many = Array.from({ length: 1_001 }, (_, n) => ticket(n));
    for (const [type, given] of [
      ['application/json', body(many)],
      ['application/x-ndjson', body(many.map((one) => JSON.stringify(one)).join('\n'))],
    ] as const) {
      expect(await read(type, given, 1_000)).toMatchObject({ tooMany: true, turns: 10 });
      expect(await read(type, given, 1_001)).toMatchObject({ tooMany: false, turns: 10 });
    }
  });
});
