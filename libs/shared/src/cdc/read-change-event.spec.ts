import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SourceRecord } from '../pipeline/record.ts';
import type { ChangeEvent } from './change-event.ts';
import { readChangeEvent } from './read-change-event.ts';

/** Messages a real Debezium 3.7.0 wrote. */
interface Sample {
  readonly topic: string;
  readonly value: unknown;
}

const samples = (file: string): readonly Sample[] => {
  const found = JSON.parse(readFileSync(join(import.meta.dirname, 'fixtures', `${file}.json`), 'utf8')) as
    | Sample
    | Sample[];
  return Array.isArray(found) ? found : [found];
};

const recordOf = (value: Buffer | null, topic = 'assay.public.documents'): SourceRecord => ({
  topic,
  partition: 0,
  offset: 0n,
  timestamp: 0,
  key: null,
  value,
  headers: {},
});

const read = ({ topic, value }: Sample): ChangeEvent =>
  readChangeEvent(recordOf(value === null ? null : Buffer.from(JSON.stringify(value)), topic));

const shortly = (event: ChangeEvent): string => (event.kind === 'row' ? event.op : event.kind);

describe('readChangeEvent', () => {
  it.each([
    ['insert', ['insert']],
    ['insert-nulls-infinity', ['insert']],
    ['insert-same-transaction', ['insert', 'insert']],
    ['insert-with-schema', ['insert']],
    ['snapshot', ['snapshot']],
    ['snapshot-last', ['snapshot']],
    ['update-identity-default', ['update']],
    ['update-identity-full', ['update']],
    ['update-toast-unchanged', ['update']],
    ['delete-identity-default', ['delete']],
    ['delete-identity-full', ['delete']],
    ['tombstone', ['tombstone']],
    ['heartbeat', ['heartbeat']],
    ['transaction-topic', ['transaction', 'transaction', 'transaction', 'transaction']],
    ['primary-key-change-sequence', ['delete', 'tombstone', 'insert']],
    ['variant-string-decimal-isostring-txmeta', ['insert', 'delete', 'tombstone', 'snapshot']],
    ['variant-unwrap-flat', ['insert', 'delete', 'snapshot']],
  ])('reads %s as %j', (file, kinds) => {
    expect(samples(file).map((sample) => shortly(read(sample)))).toEqual(kinds);
  });

  it('gives the row behind a schema', () => {
    expect(read(samples('insert-with-schema')[0]!)).toEqual({
      kind: 'row',
      op: 'insert',
      row: { id: 2, body: 'two', score: 'CcQ=', created_at: '2026-01-02T03:04:05.100000Z' },
      unavailable: [],
    });
  });

  it('takes what unwrapping added out of the row', () => {
    expect(read(samples('variant-unwrap-flat')[0]!)).toMatchObject({
      row: { id: 2, body: 'two', score: 'CcQ=', created_at: '2026-01-02T03:04:05.100000Z' },
    });
    expect(Object.keys((read(samples('variant-unwrap-flat')[0]!) as { row: object }).row)).toHaveLength(4);
  });

  it('leaves columns that Debezium did not get out of the row, and names them', () => {
    const event = read(samples('update-toast-unchanged')[0]!);
    expect(event).toMatchObject({ kind: 'row', unavailable: ['body'] });
    expect((event as { row: object }).row).not.toHaveProperty('body');
  });

  it.each([
    ['an array of it', ['__debezium_unavailable_value']],
    ['its bytes', Buffer.from('__debezium_unavailable_value').toString('base64')],
  ])('knows the placeholder as %s', (_name, big) => {
    const value = { op: 'u', before: null, after: { id: 1, big }, source: {} };
    expect(read({ topic: 't', value })).toMatchObject({ row: { id: 1 }, unavailable: ['big'] });
  });

  it.each([
    ['string', 'true', 'snapshot'],
    ['string of a batch', 'first', 'snapshot'],
    ['boolean', true, 'snapshot'],
    ['string', 'false', 'insert'],
    ['boolean', false, 'insert'],
    ['nothing', undefined, 'insert'],
  ])('reads source.snapshot as %s %s', (_kind, snapshot, op) => {
    expect(read({ topic: 't', value: { op: 'c', after: { id: 1 }, source: { snapshot } } })).toMatchObject({ op });
  });

  it.each([
    ['truncate', { op: 't', before: null, after: null, source: { table: 'documents' } }, 'truncate'],
    ['a logical message', { op: 'm', source: {}, message: { prefix: 'p', content: 'aGk=' } }, 'message'],
    ['an unknown op', { op: 'x', source: {}, after: {} }, 'unreadable'],
    ['an insert without a row', { op: 'c', source: {}, after: null }, 'unreadable'],
    ['a list', [1, 2], 'unreadable'],
    ['a number', 7, 'unreadable'],
    ['null behind a schema', { schema: null, payload: null }, 'tombstone'],
    ['a heartbeat behind a schema', { schema: { type: 'struct' }, payload: { ts_ms: 1 } }, 'heartbeat'],
    ['a row with columns schema and payload', { schema: 'public', payload: 'x' }, 'update'],
    ['a row with a column op', { op: 'open', source: 'mail', id: 1 }, 'update'],
    ['a row that was unwrapped and says nothing of itself', { id: 1 }, 'update'],
    ['an unwrapped delete with a boolean', { id: 1, __deleted: true }, 'delete'],
  ])('reads %s', (_name, value, kind) => {
    expect(shortly(read({ topic: 't', value }))).toBe(kind);
  });

  it.each([
    ['an empty value', Buffer.alloc(0), 'tombstone'],
    ['bytes that are not UTF-8', Buffer.from([0xff, 0xfe]), 'unreadable'],
    ['text that is not JSON', Buffer.from('{"op":"c",'), 'unreadable'],
  ])('reads %s', (_name, value, kind) => {
    expect(readChangeEvent(recordOf(value)).kind).toBe(kind);
  });

  it('quotes nothing of what it cannot read', () => {
    const event = readChangeEvent(recordOf(Buffer.from('secret@example.com')));
    expect(JSON.stringify(event)).not.toContain('secret');
  });

  it('never throws, whatever the bytes', () => {
    const text = (strings: fc.Arbitrary<string>) => strings.map((string) => Buffer.from(string));
    const anything = fc.oneof(fc.uint8Array(), text(fc.string()), text(fc.json()));
    const half = fc
      .record({ op: fc.constantFrom('c', 'r', 'u', 'd', 't', 'm'), after: fc.json(), source: fc.anything() })
      .map((value) =>
        Buffer.from(JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? 0 : part))),
      );
    fc.assert(
      fc.property(fc.oneof(anything, half), (bytes) => {
        expect(readChangeEvent(recordOf(Buffer.from(bytes)))).toHaveProperty('kind');
      }),
    );
  });
});
