import { createMasker } from '@assay/pii/masker';
import { headers } from '@assay/shared/contracts/headers';
import { lanes } from '@assay/shared/contracts/lanes';
import { createMemoryBlobStore } from '@assay/shared/testing/memory-blob-store';
import { sourceRecord } from '@assay/shared/testing/source-record';
import { describe, expect, it } from 'vitest';
import { createBronze } from '../bronze/bronze.ts';
import { docIdOf, parseIdentityKey } from './domain/identity.ts';
import { ticketLane } from './ticket-lane.ts';

const identityKey = parseIdentityKey('ab'.repeat(32))!;
const lane = ticketLane({
  identityKey,
  masker: createMasker(),
  nameFinder: null,
  documents: { query: () => Promise.reject(new Error('the steps ask no database')) },
  bronze: createBronze(createMemoryBlobStore(), { id: 'k', key: Buffer.alloc(32) }),
});
const run = (value: object | string | null, withHeaders: Record<string, string> = {}) =>
  lane.chain.run(
    sourceRecord({
      value: value === null ? null : Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
      headers: withHeaders,
    }),
  );
const minimal = { source: 's', ticket_id: 't', text: 'x' };

describe('the lane of tickets', () => {
  it('is decode, identify, repair, mask, document, in this order', () => {
    expect(lane.chain.names).toEqual(['decodeTicket', 'identify', 'repairText', 'maskPii', 'toDocument']);
    expect(lane.contract).toBe(lanes.tickets);
  });

  it('makes a masked document of a ticket', () => {
    const result = run({ ...minimal, text: 'Mail jane@example.com\u200B please', priority: 1 });
    expect(result).toMatchObject({
      value: { text: 'Mail <EMAIL_1> please', priority: 1, source: 's', ticket_id: 't' },
    });
  });

  it('identifies before it repairs and masks: neither ever changes an id', () => {
    const text = 'The cafÃ© of jane@example.com\u200B';
    const expected = docIdOf(identityKey.key, 's', 't', text);
    expect(run({ ...minimal, text })).toMatchObject({
      value: { doc_id: expected, text: 'The café of <EMAIL_1>' },
    });
  });

  it('gives the same ticket the same id in an envelope and without one', () => {
    const envelope = { specversion: '1.0', type: 'ticket.created', source: '/crm', id: 'e', data: minimal };
    const idOf = (result: ReturnType<typeof run>) => ('value' in result ? result.value.doc_id : 'no document');
    expect(idOf(run(envelope))).toBe(idOf(run(minimal)));
  });

  it.each([
    ['bytes that are no ticket', '{', 'DECODE_FAILED'],
    ['no value', null, 'DECODE_FAILED'],
    ['a ticket without text', { source: 's', ticket_id: 't' }, 'CONTRACT_VIOLATED'],
  ])('refuses %s at its first step', (_what, value, code) => {
    expect(run(value)).toMatchObject({ exit: { step: 'decodeTicket', outcome: { kind: 'deadLettered', code } } });
  });
});

describe('a ticket whose row no hop after this one would take', () => {
  it.each([
    ['numbers that Postgres writes out', { fields: { a: Array.from({ length: 15_000 }, () => 1e300) } }],
    ['quotes, which are escaped twice', { fields: { a: '"'.repeat(1_500_000) } }],
    ['text and fields together', { text: 'x'.repeat(1_000_000), fields: { a: 'x'.repeat(3_200_000) } }],
  ])('is refused before it is stored: %s', (_what, overrides) => {
    expect(run({ ...minimal, ...overrides })).toMatchObject({
      exit: {
        step: 'toDocument',
        outcome: {
          code: 'PAYLOAD_TOO_LARGE',
          detail: expect.stringMatching(/^ticket: \d+ bytes once masked, at most/),
        },
      },
    });
  });

  it('is none that a desk sends: a text of 1 MiB beside fields of as much', () => {
    expect(run({ ...minimal, text: 'x'.repeat(1_048_576), fields: { log: 'x'.repeat(1_048_576) } })).toHaveProperty(
      'value',
    );
  });
});

describe('a text of combining marks, which takes a minute to normalise', () => {
  const marks = '\u0316\u0301'.repeat(262_144);
  const misread = (text: string) => new TextDecoder('windows-1252').decode(Buffer.from(text));

  it.each([
    ['as they are', marks, 'decodeTicket'],
    ['misread on the way', misread(`Привет ${marks.slice(0, 100_000)}`), 'repairText'],
  ])('is refused before it is: %s', (_what, text, step) => {
    const detail = 'text: has more than 128 combining marks in a row';
    expect(run({ ...minimal, text })).toMatchObject({ exit: { step, outcome: { code: 'CONTRACT_VIOLATED', detail } } });
  });
});

describe('the version header', () => {
  it.each(['1', undefined])('%s is known', (version) => {
    const given: Record<string, string> = version === undefined ? {} : { [headers.version]: version };
    expect(run(minimal, given)).toHaveProperty('value');
  });

  it.each(['2', '0', '1.0', ' 1', ''])('%j is not, and the message is not even decoded', (version) => {
    expect(run('{', { [headers.version]: version })).toEqual({
      exit: {
        step: 'decodeTicket',
        outcome: { kind: 'deadLettered', code: 'CONTRACT_VERSION_UNKNOWN', detail: 'assay-version: not one of 1' },
      },
    });
  });
});
