import { defaultRules } from '@assay/labels/decide';
import { describe, expect, it } from 'vitest';
import { after, DOC, judge, NO_HEAD, pick, standingsOf, urgent, vote, withdrawn } from '../../testing/known-vote.ts';
import { canonical, type Head, type Judgement } from './judge-document.ts';

describe('judgeDocument after a change', () => {
  it('writes no decision and no standing when nothing has changed', () => {
    const votes = [vote('a'), vote('b', { confidence_score: 0.3 })];
    const first = judge(votes);
    const { head, votes: known } = after(votes, first);
    expect(judge(known, defaultRules, head)).toMatchObject({ decision: null, standings: [], counts: [] });
  });

  it('knows fields that Postgres gave back with their keys in another order', () => {
    const votes = [vote('a'), urgent('a')];
    const { head, votes: known } = after(votes, judge(votes));
    const shuffled = JSON.parse(JSON.stringify(head), (_key, part: unknown) =>
      typeof part === 'object' && part !== null && !Array.isArray(part)
        ? Object.fromEntries(Object.entries(part).toReversed())
        : part,
    ) as Head;
    expect(Object.keys(shuffled.fields)).not.toEqual(Object.keys(head.fields));
    expect(judge(known, defaultRules, shuffled).decision).toBeNull();
  });

  it('a dissent takes gold back, in the next version', () => {
    const votes = [vote('a')];
    const { head, votes: known } = after(votes, judge(votes));
    const dissent = judge([...known, vote('b', { says: pick('praise'), confidence_score: 0.1 })], defaultRules, head);
    expect(dissent.decision).toMatchObject({ verdict: 'disagreement', version: 2, decision_id: `${DOC}.2` });
    expect(standingsOf(dissent)).toEqual(['live: low_confidence']);
  });

  it('taking the newest vote back revives the one before it', () => {
    const votes = [vote('a', { says: pick('old') }), vote('a', { says: pick('new') })];
    const { head, votes: known } = after(votes, judge(votes));
    expect(head.fields['label']).toMatchObject({ label: 'new' });
    const revived = judge([known[0]!, withdrawn(known[1]!)], defaultRules, head);
    expect(revived.decision).toMatchObject({ verdict: 'gold', version: 2, fields: { label: { label: 'old' } } });
    expect(standingsOf(revived)).toEqual(['live: confident', 'withdrawn: taken back by its annotator']);
  });

  it('taking every vote back leaves the document pending', () => {
    const votes = [vote('a'), vote('b')];
    const { head, votes: known } = after(votes, judge(votes));
    const emptied = judge(known.map(withdrawn), defaultRules, head);
    expect(emptied.decision).toMatchObject({ verdict: 'pending', version: 2, fields: {}, reason: 'no live vote' });
    expect(after(known, emptied, head).votes.map(({ standing }) => standing)).toEqual(['withdrawn', 'withdrawn']);
  });

  it.each([
    ['whatever fields it has', defaultRules],
    ['with a field that is asked for', { ...defaultRules, requiredFields: ['label'] }],
  ])('a document whose only vote was taken back before it came was never decided, %s', (_, rules) => {
    const judgement = judge([vote('a', { isWithdrawn: true })], rules);
    expect(judgement.decision).toBeNull();
    expect(standingsOf(judgement)).toEqual(['withdrawn: taken back by its annotator']);
    expect(judgement.counts).toEqual([]);
  });

  it('a document that was erased stays so', () => {
    const erased: Head = { life: 1, version: 4, verdict: 'erased', fields: {} };
    const judgement = judge([vote('a')], defaultRules, erased);
    expect(judgement.decision).toBeNull();
    expect(standingsOf(judgement)).toEqual(['live: confident']);
  });

  it('in a new life of the database a decision is said again, once, under an id of its own', () => {
    const votes = [vote('a')];
    const { head, votes: known } = after(votes, judge(votes));
    const again = judge(known, defaultRules, head, 2);
    expect(again.decision).toMatchObject({ decision_id: `${DOC}.2.2`, life: 2, version: 2, verdict: 'gold' });
    expect([again.standings, again.counts]).toEqual([[], []]);
    expect(judge(known, defaultRules, after(known, again, head).head, 2).decision).toBeNull();
  });

  it('a document nobody voted on, or that was erased, is not decided because of a new life', () => {
    expect(judge([], defaultRules, NO_HEAD, 2).decision).toBeNull();
    const erased: Head = { life: 1, version: 4, verdict: 'erased', fields: {} };
    expect(judge([vote('a')], defaultRules, erased, 2).decision).toBeNull();
  });

  it('another threshold moves verdict and standings', () => {
    const votes = [vote('a', { confidence_score: 0.85 })];
    const { head, votes: known } = after(votes, judge(votes));
    const stricter = judge(known, { ...defaultRules, threshold: 0.9 }, head);
    expect(stricter.decision).toMatchObject({ verdict: 'low_confidence', version: 2 });
    expect(standingsOf(stricter)).toEqual(['live: low_confidence']);
    expect(stricter.counts, 'who agrees with whom has nothing to do with confidence').toEqual([]);
  });
});

describe('judgeDocument counts agreement', () => {
  const sorted = ({ counts }: Judgement) =>
    counts.map(({ field, kind, key, n }) => `${field} ${kind} ${key} ${n}`).toSorted();

  it('by field, from the live votes', () => {
    expect(sorted(judge([vote('a'), vote('b', { says: pick('praise') }), vote(null), urgent('a')]))).toEqual([
      'label item ["choice:bug","choice:bug","choice:praise"] 1',
      'label pair [["a","choice:bug"],["b","choice:praise"]] 1',
      'label rater "a" 1',
      'label rater "b" 1',
      'label rater null 1',
      'urgency item ["choice:high"] 1',
      'urgency rater "a" 1',
    ]);
  });

  it('and takes back what it counted before', () => {
    const votes = [vote('a'), vote('b')];
    const { head, votes: known } = after(votes, judge(votes));
    const change = judge([known[0]!, withdrawn(known[1]!)], defaultRules, head);
    expect(sorted(change)).toEqual([
      'label item ["choice:bug","choice:bug"] -1',
      'label item ["choice:bug"] 1',
      'label pair [["a","choice:bug"],["b","choice:bug"]] -1',
      'label rater "b" -1',
    ]);
  });
});

describe('canonical', () => {
  it.each([
    ['keys at any depth', { b: 1, a: { d: [{ y: 1, x: 2 }], c: null } }, { a: { c: null, d: [{ x: 2, y: 1 }] }, b: 1 }],
    ['keys that look like numbers', { 10: 'x', 9: 'y' }, { 9: 'y', 10: 'x' }],
    ['-0', { n: -0 }, { n: 0 }],
  ])('is the same for %s in another order', (_, left, right) => {
    expect(canonical(left)).toBe(canonical(right));
  });

  it.each([
    ['the order of a list', { a: [1, 2] }, { a: [2, 1] }],
    ['a number and its text', { a: 1 }, { a: '1' }],
    ['null and nothing', { a: null }, {}],
  ])('tells %s apart', (_, left, right) => {
    expect(canonical(left)).not.toBe(canonical(right));
  });
});
