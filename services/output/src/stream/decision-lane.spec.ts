import { topics } from '@assay/shared/contracts/topics';
import { sourceRecord } from '@assay/shared/testing/source-record';
import { describe, expect, it } from 'vitest';
import { decidedField, decision } from '../testing/known-decision.ts';
import { checkGold, readDecision } from './decision-lane.ts';

const record = (value: object | null) =>
  sourceRecord({
    topic: topics.decisionChanges.name,
    value: value === null ? null : Buffer.from(JSON.stringify(value)),
  });

/** A row as Debezium sends it: JSON columns as text. */
function changeOf(row: ReturnType<typeof decision>, op = 'c') {
  const after = { ...row, fields: JSON.stringify(row.fields), votes: JSON.stringify(row.votes) };
  return { before: null, after, source: { schema: 'public', table: 'decisions', snapshot: 'false' }, op, ts_ms: 1 };
}

describe('readDecision', () => {
  it.each(['c', 'r'])('reads the row of op %s, JSON columns parsed', (op) => {
    const row = decision(1, 2, 'disagreement');

    expect(readDecision(record(changeOf(row, op)))).toEqual({ kind: 'accepted', value: row });
  });

  it('skips a tombstone', () => {
    expect(readDecision(record(null))).toMatchObject({ kind: 'skipped' });
  });

  it('refuses a row that breaks the contract, and names the column', () => {
    const change = changeOf(decision(1, 1, 'gold'));

    expect(readDecision(record({ ...change, after: { ...change.after, version: 0 } }))).toMatchObject({
      kind: 'deadLettered',
      code: 'CONTRACT_VIOLATED',
      detail: expect.stringContaining('version'),
    });
  });
});

describe('checkGold', () => {
  const refused = [
    ['no field is gold', { label: decidedField('pending') }, 'fields: the verdict is gold, but no field is'],
    [
      'a label is missing',
      { label: decidedField('gold', { label: null }) },
      'fields.label: is gold without a label or a confidence_score',
    ],
    [
      'a confidence is missing',
      { label: decidedField('gold', { confidence_score: null }) },
      'fields.label: is gold without a label or a confidence_score',
    ],
  ] as const;

  it.each(refused)('refuses gold when %s', (_name, fields, detail) => {
    const outcome = checkGold(decision(1, 1, 'gold', { fields }));

    expect(outcome).toEqual({ kind: 'deadLettered', code: 'CONTRACT_VIOLATED', detail });
  });

  it.each(['gold', 'disagreement', 'low_confidence', 'pending', 'erased'] as const)('lets %s through', (verdict) => {
    expect(checkGold(decision(1, 1, verdict)).kind).toBe('accepted');
  });
});
