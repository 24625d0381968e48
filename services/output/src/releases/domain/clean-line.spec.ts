import { goldLineSchema } from '@assay/shared/contracts/gold-line';
import { cleanLineSchema } from '@assay/shared/contracts/release';
import { describe, expect, it } from 'vitest';
import { decidedField, decision } from '../../testing/known-decision.ts';
import { cleanLineOf } from './clean-line.ts';
import { linesFor } from '../../stream/domain/stream-lines.ts';

const goldLine = (given = {}) => {
  const [line] = linesFor(decision(7, 2, 'gold', given), 'the text', null);
  return goldLineSchema.parse(JSON.parse(line!.line));
};

describe('cleanLineOf', () => {
  it('keeps what a trainer needs, in the order of the contract', () => {
    const clean = cleanLineOf(goldLine());

    expect(JSON.stringify(clean)).toBe(
      '{"doc_id":"00000000000000000000000000000007","text":"the text","label":"billing","confidence_score":0.9,"annotators":["1","2"],"decided_at":"2026-11-21T10:00:00.000000Z","life":1,"version":2}',
    );
    expect(cleanLineSchema.safeParse(clean).success).toBe(true);
  });

  it('says nothing of lives where the line does not: it is from before there were any', () => {
    const { life: _, ...line } = goldLine();
    expect(Object.keys(cleanLineOf(goldLineSchema.parse(line))!)).not.toContain('life');
  });

  it('names the fields when there are more', () => {
    const fields = { topic: decidedField('gold'), tone: decidedField('gold', { label: 'angry' }) };

    expect(cleanLineOf(goldLine({ fields }))).toMatchObject({ labels: { topic: 'billing', tone: 'angry' } });
  });

  it('is nothing for a document that was taken out', () => {
    expect(cleanLineOf({ v: 1, op: 'retract', doc_id: 'd', version: 3, reason: 'disagreement' })).toBeNull();
  });
});
