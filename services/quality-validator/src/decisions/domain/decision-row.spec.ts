import { decide, defaultRules } from '@assay/labels/decide';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge, pick, vote } from '../../testing/known-vote.ts';
import { storedVote } from '../../votes/domain/vote-row.ts';
import { ANNOTATORS_SHOWN, bytesInEvent, LABELS_SHOWN, outcomeOf, reasonOf, VOTES_SHOWN } from './decision-row.ts';

const many = (count: number, says: (index: number) => string, isWithdrawn = (_index: number) => false) =>
  Array.from({ length: count }, (_, index) =>
    vote(`annotator ${String(index).padStart(4, '0')}`, { says: pick(says(index)), isWithdrawn: isWithdrawn(index) }),
  );
const decisionOf = (votes: ReturnType<typeof many>) =>
  decide(
    votes.map(({ row }) => storedVote(row)),
    defaultRules,
  );

describe('a decision about very many votes', () => {
  it('shows a stated number of them, live ones first and in row order, and counts all', () => {
    const { decision } = judge(
      many(
        1_000,
        () => 'bug',
        (index) => index < 950,
      ),
    );
    expect(decision!.votes).toHaveLength(VOTES_SHOWN);
    expect(decision!.votes.filter(({ status }) => status === 'live')).toHaveLength(50);
    const rows = decision!.votes.map(({ annotation_id }) => annotation_id);
    expect(rows).toEqual(rows.toSorted());
    expect(decision!.reason).toContain('50 live votes, 1 label');
  });

  it('shows a stated number of labels and annotators, and counts all labels', () => {
    const { decision } = judge(many(1_000, (index) => `label ${index % 500}`));
    expect(decision!.fields['label']!.labels).toHaveLength(LABELS_SHOWN);
    expect(decision!.fields['label']!.annotators).toHaveLength(ANNOTATORS_SHOWN);
    expect(decision!.reason).toContain('1000 live votes, 500 labels');
  });

  it('tells of a stated number of fields how they were decided', () => {
    const votes = Array.from({ length: 30 }, (_, index) => vote('a', { field: `field ${index + 10}` }));
    expect(judge(votes).decision!.reason).toMatch(/field 29: gold .*; and 10 more fields$/);
  });

  it('shows no vote beyond its bytes', () => {
    const votes = many(100, () => '\u0001'.repeat(4_000));
    expect(bytesInEvent(judge(votes).decision!.votes)).toBeLessThan(1.1 * 1024 * 1024);
    expect(judge(votes).decision!.votes.length).toBeGreaterThan(10);
  });

  it('is pending, with the reason, when its fields are larger together than a decision may be', () => {
    const votes = Array.from({ length: 400 }, (_, index) =>
      vote('a', { field: `${index} ${'"'.repeat(500)}`, says: pick('"'.repeat(1_000)) }),
    );
    const { decision } = judge(votes);
    expect(decision).toMatchObject({ verdict: 'pending', fields: {} });
    expect(decision!.reason).toMatch(
      /^its labels or fields are larger together than a decision may be \(2097152 bytes\); /,
    );
  });

  it('counts the whole label of a field whose label it has shortened', () => {
    const votes = [vote('a', { says: pick('bug') })];
    const wholeBytes = 2 * 1024 * 1024;
    expect(outcomeOf(decisionOf(votes), 1_000, defaultRules).verdict).toBe('gold');
    expect(outcomeOf(decisionOf(votes), wholeBytes, defaultRules).verdict).toBe('pending');
    expect(reasonOf(decisionOf(votes), defaultRules)).toContain('gold');
  });
});

/** As Postgres prints jsonb: a blank after each comma and colon. */
function jsonbText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(jsonbText).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, part]) => `${JSON.stringify(name)}: ${jsonbText(part)}`);
  return `{${members.join(', ')}}`;
}

it('the bytes of a value in an event are never more than counted', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(Buffer.byteLength(JSON.stringify(jsonbText(value)))).toBeLessThanOrEqual(bytesInEvent(value));
    }),
  );
  expect(bytesInEvent([1e300, 1e-300]), 'which Postgres writes out').toBeGreaterThan(600);
});
