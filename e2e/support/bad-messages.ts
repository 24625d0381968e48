import { headers } from '@assay/shared/contracts/headers';
import { MIB } from '@assay/shared/contracts/units';
import type { Message } from 'kafkajs';

/** Stands in every refused message; no reason and no log line may ever hold it. */
export const SECRET = 'Jane.Roe-4929';

function odd(id: string) {
  return { source: 'odd', ticket_id: id, text: `an odd ticket: ${id}` };
}

interface BadMessage {
  readonly why: string;
  readonly code: string;
  readonly reason: RegExp;
  readonly value: Buffer | string | null;
  readonly headers?: Message['headers'];
}

const ticket = (changes: object): string =>
  JSON.stringify({ source: 'e2e', ticket_id: 'T-bad', text: SECRET, ...changes });

const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

const DECODE: Omit<BadMessage, 'reason'>[] = [
  { why: 'not JSON', code: 'DECODE_FAILED', value: `{"source":"e2e","text":"${SECRET}` },
  { why: 'empty', code: 'DECODE_FAILED', value: '' },
  { why: 'no value', code: 'DECODE_FAILED', value: null },
  {
    why: 'not UTF-8',
    code: 'DECODE_FAILED',
    value: Buffer.concat([Buffer.from(`{"text":"${SECRET}`), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]),
  },
];

const VIOLATED: readonly [why: string, value: string, reason: RegExp][] = [
  ['JSON, but not an object', JSON.stringify(SECRET), /^ticket: /],
  ['a list', `[${ticket({})}]`, /^ticket: /],
  ['source is missing', ticket({ source: undefined }), /^source: /],
  ['ticket_id is missing', ticket({ ticket_id: undefined }), /^ticket_id: /],
  ['text is missing', JSON.stringify({ source: 'e2e', ticket_id: SECRET }), /^text: /],
  ['text is not text', ticket({ text: [SECRET] }), /^text: /],
  ['text is blank', ticket({ text: ' \n', note: SECRET }), /^text: is empty$/],
  ['a priority beyond 9', ticket({ priority: 10 }), /^priority: /],
  ['a time without a zone', ticket({ created_at: '2026-11-21T09:30:00' }), /^created_at: /],
  ['a time Postgres does not know', ticket({ created_at: '0000-01-01T00:00:00Z' }), /^created_at: /],
  ['a zone Postgres does not know', ticket({ created_at: '2026-11-21T09:30:00+23:00' }), /^created_at: /],
  ['NUL in the text', ticket({ text: `${SECRET}\0` }), /^text: contains NUL$/],
  ['NUL in a field', ticket({ fields: { [SECRET]: '\0' } }), /^fields: contains NUL$/],
  ['NUL in a key', ticket({ [`${SECRET}\0`]: 1 }), /^a key of the ticket: contains NUL$/],
  ['half a surrogate pair', ticket({}).replace(SECRET, `${SECRET}\\ud83d`), /^text: contains a lone surrogate$/],
  [
    'a number beyond all bounds',
    ticket({ fields: { [SECRET]: 0 } }).replace(':0}', ':1e999}'),
    /^ticket: a number is /,
  ],
  ['an id longer than an index takes', ticket({ ticket_id: SECRET.repeat(1000) }), /^ticket_id: /],
  ['a source longer than an index takes', ticket({ source: SECRET.repeat(1000) }), /^source: /],
  ['nested beyond all bounds', ticket({ fields: 0 }).replace(':0}', `:{"a":${nested(50_000)}}}`), /nested/],
  ['nested beyond all bounds at the top', ticket({ other: 0 }).replace(':0}', `:${nested(50_000)}}`), /nested/],
  [
    'a CloudEvent without a ticket',
    JSON.stringify({ specversion: '1.0', type: 't', data: { text: SECRET } }),
    /^source: /,
  ],
  ['a CloudEvent without data', JSON.stringify({ specversion: '1.0', type: 't', data: null, id: SECRET }), /^ticket: /],
];

/** Every way in which a message can be refused that we have thought of, or met. */
export const badMessages: readonly BadMessage[] = [
  ...DECODE.map((message) => ({ ...message, reason: /^the (message|value) / })),
  ...VIOLATED.map(([why, value, reason]) => ({ why, code: 'CONTRACT_VIOLATED', value, reason })),
  {
    why: 'a text of 2 MiB',
    code: 'PAYLOAD_TOO_LARGE',
    reason: /^text: 2097\d\d\d bytes, at most 1048576 are accepted$/,
    value: ticket({ text: SECRET + 'x'.repeat(2 * MIB) }),
  },
  {
    why: 'a version from the future',
    code: 'CONTRACT_VERSION_UNKNOWN',
    reason: /^assay-version: not one of 1$/,
    value: ticket({}),
    headers: { [headers.version]: `2-${SECRET}`, trace: 'kept' },
  },
];

/** Messages that look odd and are tickets all the same. */
export const oddTickets: readonly { readonly why: string; readonly message: Message }[] = [
  { why: 'a CloudEvent', message: { value: JSON.stringify({ specversion: '1.0', type: 't', data: odd('event') }) } },
  {
    why: 'a CloudEvent in binary mode',
    message: { value: JSON.stringify(odd('binary')), headers: { ce_specversion: '1.0', ce_type: 't', ce_id: '1' } },
  },
  {
    why: 'version 1, said so',
    message: { value: JSON.stringify(odd('version')), headers: { [headers.version]: '1' } },
  },
  { why: 'no key', message: { key: null, value: JSON.stringify(odd('keyless')) } },
  { why: 'a key that is not text', message: { key: Buffer.from([0xff, 0]), value: JSON.stringify(odd('key')) } },
  { why: 'a header twice', message: { value: JSON.stringify(odd('twice')), headers: { trace: ['a', 'b'] } } },
  { why: 'a byte order mark in the text', message: { value: JSON.stringify({ ...odd('bom'), text: '\uFEFFhi' }) } },
  // Repairing what looks like misread UTF-8 must not make a NUL of the last character.
  {
    why: 'a control character after an accent',
    message: { value: JSON.stringify({ ...odd('c1'), text: 'caf\u00C3\u00A9\u0080' }) },
  },
  {
    why: 'the longest ids there may be',
    message: { value: JSON.stringify({ ...odd(''), source: '漢'.repeat(128), ticket_id: '字'.repeat(512) }) },
  },
  { why: 'a time in nanoseconds', message: { value: JSON.stringify(odd('late')), timestamp: '1795257225911000000' } },
  { why: 'a time before all times', message: { value: JSON.stringify(odd('early')), timestamp: '-1' } },
];
