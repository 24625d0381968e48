import { sourceRecord } from '@assay/shared/testing/source-record';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bronzeLine, readBronzeLine } from './bronze-line.ts';

type Part = string | null | { readonly base64: string };
interface Line {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly timestamp: number;
  readonly key: Part;
  readonly value: Part;
  readonly headers: readonly (readonly [string, Part])[];
}

const lineOf = (given: Parameters<typeof sourceRecord>[0]) => JSON.parse(bronzeLine(sourceRecord(given))) as Line;
/** What somebody who replays the line sends again. */
const bytesOf = (part: Part): Buffer | null =>
  part === null ? null : typeof part === 'string' ? Buffer.from(part) : Buffer.from(part.base64, 'base64');

describe('a bronze line', () => {
  it('is one line, whatever the message holds', () => {
    expect(bronzeLine(sourceRecord({ value: Buffer.from('a\nb\r\nc\u2028d') }))).not.toMatch(/[\n\r]/);
  });

  it('says where the message stood, without rounding its offset', () => {
    const line = lineOf({ topic: 'a.topic', partition: 3, offset: 2n ** 60n + 1n, timestamp: 1_795_253_400_123 });
    expect(line).toMatchObject({
      topic: 'a.topic',
      partition: 3,
      offset: '1152921504606846977',
      timestamp: 1_795_253_400_123,
    });
  });

  it('keeps text readable and everything else in base64', () => {
    expect(lineOf({ value: Buffer.from('{"text":"café 👍"}') }).value).toBe('{"text":"café 👍"}');
    expect(lineOf({ value: Buffer.from([0xff, 0x00]) }).value).toEqual({ base64: '/wA=' });
    expect(lineOf({ value: null, key: null })).toMatchObject({ value: null, key: null });
  });

  it('gives back key and value byte for byte', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
      fc.constantFrom(Buffer.from('\uFEFF{}'), Buffer.from('\uFFFD'), Buffer.alloc(0), Buffer.from([0xed, 0xa0, 0x80])),
    );
    fc.assert(
      fc.property(bytes, bytes, (key, value) => {
        const line = lineOf({ key: Buffer.from(key), value: Buffer.from(value) });
        expect(bytesOf(line.key)).toEqual(Buffer.from(key));
        expect(bytesOf(line.value)).toEqual(Buffer.from(value));
      }),
      { numRuns: 300 },
    );
  });

  it('is read back as the message it was', () => {
    const message = sourceRecord({
      offset: 2n ** 60n + 1n,
      key: null,
      value: Buffer.from([0xff, 0x00]),
      headers: { one: Buffer.from('1'), two: [Buffer.from('a'), Buffer.from('b')], none: null },
    });
    expect(readBronzeLine(bronzeLine(message))).toEqual(message);
  });

  it('gives back every header, also one that comes twice or holds no text', () => {
    const { headers } = lineOf({
      headers: { one: Buffer.from('1'), two: [Buffer.from('a'), 'b'], raw: Buffer.from([0xff]), text: 'x' },
    });
    expect(headers.map(([name, part]) => [name, bytesOf(part)?.toString('hex')])).toEqual([
      ['one', '31'],
      ['two', '61'],
      ['two', '62'],
      ['raw', 'ff'],
      ['text', '78'],
    ]);
  });
});
