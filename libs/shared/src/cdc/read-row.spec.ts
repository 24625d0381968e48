import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { accepted } from '../pipeline/outcome.ts';
import type { SourceRecord } from '../pipeline/record.ts';
import { steps } from '../pipeline/step.ts';
import { readRow } from './read-row.ts';

const step = readRow(z.object({ doc_id: z.string(), fields: z.record(z.string(), z.unknown()) }), { json: ['fields'] });

const recordOf = (value: unknown): SourceRecord => ({
  topic: 'assay.public.documents',
  partition: 0,
  offset: 0n,
  timestamp: 0,
  key: null,
  value: value === null ? null : Buffer.from(JSON.stringify(value)),
  headers: {},
});

const change = (op: string, after: unknown) => recordOf({ op, before: null, after, source: { snapshot: 'false' } });
const row = { doc_id: 'd1', fields: '{"channel":"mail"}', more: 1 };

describe('readRow', () => {
  it('has its name in metrics and dead letters', () => {
    const chain = steps(step, function keep(value) {
      return accepted(value);
    });
    expect(chain.names).toEqual(['readRow', 'keep']);
  });

  it.each(['c', 'r', 'u'])('accepts the row of op %s with its JSON columns read', (op) => {
    expect(step(change(op, row))).toEqual({
      kind: 'accepted',
      value: { doc_id: 'd1', fields: { channel: 'mail' } },
    });
  });

  it.each([
    ['a delete', recordOf({ op: 'd', before: row, after: null, source: {} }), 'delete'],
    ['a tombstone', recordOf(null), 'tombstone'],
    ['a heartbeat', recordOf({ ts_ms: 1 }), 'heartbeat'],
    ['a truncation', recordOf({ op: 't', before: null, after: null, source: {} }), 'truncate'],
  ])('skips %s', (_name, record, reason) => {
    expect(step(record)).toEqual({ kind: 'skipped', reason });
  });

  it.each([
    ['what is no change event', recordOf([1]), 'DECODE_FAILED', 'the value is not an object'],
    [
      'a JSON column that is none',
      change('c', { ...row, fields: '{secret' }),
      'CONTRACT_VIOLATED',
      'fields: is not JSON',
    ],
    [
      'a column Debezium did not get',
      change('u', { ...row, fields: '__debezium_unavailable_value' }),
      'CONTRACT_VIOLATED',
      'fields: not in the change event (an update left it out)',
    ],
  ])('refuses %s', (_name, record, code, detail) => {
    expect(step(record)).toEqual({ kind: 'deadLettered', code, detail });
  });

  it('names the column of a row that breaks its schema, and not its value', () => {
    const outcome = step(change('c', { ...row, doc_id: 12345 }));
    expect(outcome).toMatchObject({ kind: 'deadLettered', code: 'CONTRACT_VIOLATED' });
    expect(JSON.stringify(outcome)).toMatch(/doc_id(?!.*12345)/);
  });

  it('does not miss a column the lane does not need', () => {
    expect(step(change('u', { ...row, more: '__debezium_unavailable_value' })).kind).toBe('accepted');
  });
});
