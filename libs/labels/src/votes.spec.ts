import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareRows, settleVotes } from './votes.ts';
import type { Vote } from './votes.ts';

let nextRow = 0;

function vote(changes: Partial<Vote> & { choice?: string }): Vote {
  nextRow += 1;
  const { choice = 'bug', ...rest } = changes;
  return {
    field: 'label',
    annotator: 'ann',
    label: { kind: 'choice', choice },
    confidence: 0.9,
    annotatedAt: null,
    text: 'a text',
    path: 'a.csv',
    row: nextRow,
    ...rest,
  };
}

const choices = (votes: readonly Vote[]) => votes.map(({ label }) => (label.kind === 'choice' ? label.choice : ''));

describe('settleVotes', () => {
  it('lets the last row of an annotator count where nothing has a time', () => {
    const { live, superseded, duplicate } = settleVotes([vote({ choice: 'a' }), vote({ choice: 'b' })]);
    expect([choices(live), choices(superseded), duplicate]).toEqual([['b'], ['a'], []]);
  });

  it('lets the time decide before the order', () => {
    const { live } = settleVotes([vote({ choice: 'a', annotatedAt: 2 }), vote({ choice: 'b', annotatedAt: 1 })]);
    expect(choices(live)).toEqual(['a']);
  });

  it('sorts a row without a time before any with one', () => {
    const { live } = settleVotes([vote({ choice: 'a', annotatedAt: 1 }), vote({ choice: 'b' })]);
    expect(choices(live)).toEqual(['a']);
  });

  it('does not let a redelivered old file overturn a newer vote: A, B, A stays B', () => {
    const { live, duplicate } = settleVotes([
      vote({ choice: 'a', path: '1.csv', row: 1 }),
      vote({ choice: 'b', path: '2.csv', row: 1 }),
      vote({ choice: 'a', path: '3.csv', row: 1 }),
    ]);
    expect(choices(live)).toEqual(['b']);
    expect(duplicate).toMatchObject([{ path: '3.csv' }]);
  });

  it.each<[string, Partial<Vote> & { choice?: string }]>([
    ['label', { choice: 'other' }],
    ['confidence', { confidence: 0.91 }],
    ['time', { annotatedAt: 1 }],
    ['text', { text: 'another text' }],
    ['annotator', { annotator: 'bob' }],
    ['field', { field: 'urgency' }],
  ])('takes a row with another %s for no duplicate', (_name, changes) => {
    expect(settleVotes([vote({}), vote(changes)]).duplicate).toEqual([]);
  });

  it('keeps anonymous votes beside each other, but counts an equal one once', () => {
    const anonymous = { annotator: null };
    const rows = [vote({ ...anonymous }), vote({ ...anonymous, choice: 'b' }), vote({ ...anonymous })];
    const { live, superseded, duplicate } = settleVotes(rows);
    expect([choices(live), superseded, duplicate.length]).toEqual([['bug', 'b'], [], 1]);
  });

  it('settles each field on its own', () => {
    const { live } = settleVotes([vote({}), vote({ field: 'urgency', choice: 'high' })]);
    expect(live).toHaveLength(2);
  });

  it('does not depend on the order in which rows arrive', () => {
    const rows = fc.array(
      fc.record({
        choice: fc.constantFrom('a', 'b'),
        annotator: fc.constantFrom('x', 'y', null),
        annotatedAt: fc.constantFrom(null, 1, 2),
        path: fc.constantFrom('1.csv', '2.csv'),
      }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(rows, fc.infiniteStream(fc.nat()), (changes, keys) => {
        const all = changes.map((change) => vote(change));
        const shuffled = all
          .map((row) => ({ row, key: keys.next().value ?? 0 }))
          .toSorted((left, right) => left.key - right.key)
          .map(({ row }) => row);
        expect(settleVotes(shuffled)).toEqual(settleVotes(all));
      }),
    );
  });
});

describe('compareRows', () => {
  it('compares paths by bytes, not by UTF-16 units', () => {
    const [high, astral] = [
      { path: '\uffee.csv', row: 1 },
      { path: '\u{1f600}.csv', row: 1 },
    ];
    expect(compareRows(high, astral)).toBeLessThan(0);
    expect(high.path < astral.path).toBe(false);
  });
});
