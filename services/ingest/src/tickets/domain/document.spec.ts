import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { bytesOf, documentOf, mostBytesOf, ROW_MAX_BYTES } from './document.ts';
import type { Json } from '@assay/shared/contracts/ticket';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('a document', () => {
  it('is the masked ticket under its id, with the hash of the masked text', () => {
    const ticket = {
      source: 'zendesk',
      ticketId: 'T-1042',
      text: 'Mail <EMAIL_1>',
      createdAt: null,
      priority: 2,
      fields: { channel: 'mail' },
    };
    const report = { counts: { EMAIL_ADDRESS: 1 }, places: {} };
    expect(documentOf('0'.repeat(32), { ticket, report })).toEqual({
      doc_id: '0'.repeat(32),
      source: 'zendesk',
      ticket_id: 'T-1042',
      text: 'Mail <EMAIL_1>',
      text_hash: sha256('Mail <EMAIL_1>'),
      priority: 2,
      fields: { channel: 'mail' },
      masked: report,
      created_at: null,
    });
  });
});

describe('the size of a document', () => {
  const sizeOf = (fields: Readonly<Record<string, Json>>, text = 'x') => {
    const ticket = { source: 's', ticketId: 't', text, createdAt: null, priority: 5, fields };
    return bytesOf(documentOf('0'.repeat(32), { ticket, report: { counts: {}, places: {} } }));
  };
  const growth = (fields: Readonly<Record<string, Json>>) => sizeOf(fields) - sizeOf({});

  it.each([
    ['letters, as UTF-8', { a: 'äöü' }, '{\\"a\\": \\"äöü\\"}'],
    ['quotes and backslashes, escaped twice', { a: '"\\' }, '{\\"a\\": \\"\\\\\\"\\\\\\\\\\"}'],
    ['a number written out', { a: 1e300 }, `{\\"a\\": 1${'0'.repeat(300)}}`],
    ['a small number written out', { a: [1.5e-7, 2e-300] }, `{\\"a\\": [0.00000015, 0.${'0'.repeat(299)}2]}`],
    ['control characters', { a: '\u0001' }, '{\\"a\\": \\"\\\\u0001\\"}'],
  ])('is at least what a change event has for %s', (_what, fields, written) => {
    expect(growth(fields)).toBeGreaterThanOrEqual(Buffer.byteLength(written) - '{}'.length);
    expect(growth(fields)).toBeLessThan(Buffer.byteLength(written) + 16);
  });

  it('is at most what each letter, value and number may take, so that it is seldom asked for', () => {
    const of = (fields: Readonly<Record<string, Json>>, text: string) =>
      documentOf('0'.repeat(32), {
        ticket: { source: 's', ticketId: 't', text, createdAt: null, priority: 5, fields },
        report: { counts: {}, places: {} },
      });
    expect(mostBytesOf(of({ trace: '0123e4567', n: 12 }, 'x'.repeat(500)))).toBeLessThan(5_000);
    expect(mostBytesOf(of({}, 'x'.repeat(ROW_MAX_BYTES / 6)))).toBeGreaterThan(ROW_MAX_BYTES);
    const most = (fields: Readonly<Record<string, Json>>) => mostBytesOf(of(fields, 'x'));
    const numbers = [1e300, -1e300, 5e-324, 1e21, 1e-7, 0, -0, 123_456.789, Number.MAX_VALUE];
    for (const number of numbers) expect(sizeOf({ a: number })).toBeLessThanOrEqual(most({ a: number }));
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.dictionary(fc.string(), fc.jsonValue()), (text, fields) => {
        const document = of(fields as Record<string, Json>, text);
        expect(bytesOf(document)).toBeLessThanOrEqual(mostBytesOf(document));
      }),
    );
  });

  it('counts the text as JSON has it', () => {
    expect(sizeOf({}, 'x\u0001"') - sizeOf({}, 'x')).toBe(8);
  });
});
