import { describe, expect, it } from 'vitest';
import { vote } from '../../testing/known-vote.ts';
import { countChanges, countedVotes, pairDigestOf, VOTES_COUNTED } from './count-votes.ts';

const rows = (count: number) => Array.from({ length: count }, (_, index) => vote(`annotator ${index}`).row);

describe('what agreement is counted over', () => {
  it('is every pair of few votes', () => {
    const counts = countChanges([], rows(3));
    expect(counts.map(({ kind }) => kind).toSorted()).toEqual('item pair pair pair rater rater rater'.split(' '));
  });

  it('is a stated number of many votes, so that their pairs stay few', () => {
    const counts = countChanges([], rows(2_000));
    expect(counts.filter(({ kind }) => kind === 'pair')).toHaveLength((VOTES_COUNTED * (VOTES_COUNTED - 1)) / 2);
  });

  it('leaves nothing behind when all votes are taken back, in whatever order they are named', () => {
    const live = rows(60);
    const put = countChanges([], live);
    const taken = countChanges(live.toReversed(), []);
    const sums = new Map<string, number>();
    for (const { key_digest, n } of [...put, ...taken]) sums.set(key_digest, (sums.get(key_digest) ?? 0) + n);
    expect([...sums.values()].filter((n) => n !== 0)).toEqual([]);
  });

  it('is found by digests, however long the labels and names are', () => {
    const long = ['a', 'b'].map((who) => ({ ...vote(who.repeat(512)).row, label: `text:${who.repeat(4_000)}` }));
    for (const { key_digest, pair_digest } of countChanges([], long)) {
      expect(key_digest).toMatch(/^[0-9a-f]{32}$/);
      expect(pair_digest ?? 'f'.repeat(32)).toMatch(/^[0-9a-f]{32}$/);
    }
  });

  it('knows a pair by its two names, in the order of its key', () => {
    const [pair] = countChanges([], [vote('bob').row, vote('ann').row]).filter(({ kind }) => kind === 'pair');
    expect(pair!.pair_digest).toBe(pairDigestOf('label', ['ann', 'bob']));
    expect(pairDigestOf('label', ['ann', 'bob'])).not.toBe(pairDigestOf('tone', ['ann', 'bob']));
  });

  it('is kept apart by field', () => {
    const [topic, tone] = [vote('ann', { field: 'topic' }).row, vote('ann', { field: 'tone' }).row];
    expect([...countedVotes([topic, tone]).keys()]).toEqual(['topic', 'tone']);
  });
});
