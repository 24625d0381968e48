import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeRecords, DIGEST_DIGITS, encodeRecords } from './row-record.ts';

const hex = (digits: number) =>
  fc.uint8Array({ minLength: digits / 2, maxLength: digits / 2 }).map((bytes) => Buffer.from(bytes).toString('hex'));
const record = fc.record({
  row: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  generation: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
  key: fc.oneof(fc.constant(''), hex(32), hex(64)),
  digest: hex(DIGEST_DIGITS),
});

describe('what is remembered of a row', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(fc.array(record), (rows) => {
        expect(decodeRecords(encodeRecords(rows))).toEqual(rows);
      }),
    );
  });

  it('is 37 bytes for a row that names a doc_id', () => {
    const row = { row: 1, generation: 1, key: 'a'.repeat(32), digest: 'b'.repeat(DIGEST_DIGITS) };
    expect(encodeRecords([row])).toHaveLength(37);
  });
});
