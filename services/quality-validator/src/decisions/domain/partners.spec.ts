import { describe, expect, it } from 'vitest';
import { judge, pick, vote, withdrawn } from '../../testing/known-vote.ts';
import { PAIRS_READ, partnersOf, voterKey } from './partners.ts';

const voted = (...names: (string | null)[]) => judge(names.map((name) => vote(name)));
const shown = (partners: ReturnType<typeof partnersOf>) =>
  Object.fromEntries([...partners].map(([voter, { raters }]) => [(JSON.parse(voter) as string[])[1], raters]));

describe('whom a voter is compared with', () => {
  it('is whom they met most in these documents', () => {
    expect(shown(partnersOf([voted('ann', 'bob'), voted('ann', 'cid'), voted('ann', 'cid')]))).toEqual({
      ann: ['ann', 'cid'],
      bob: ['ann', 'bob'],
      cid: ['ann', 'cid'],
    });
  });

  it('is the first by name of several', () => {
    expect(shown(partnersOf([voted('bob', 'zoe', 'ann')]))['bob']).toEqual(['ann', 'bob']);
  });

  it('is nobody for one who voted alone, beside an anonymous vote, or beside a vote that was taken back', () => {
    const withdrawal = judge([vote('ann'), withdrawn(vote('bob'))]);
    expect(partnersOf([voted('ann'), voted('bob', null), withdrawal])).toEqual(new Map());
  });

  it('is told by field', () => {
    const both = judge([vote('ann', { field: 'tone' }), vote('bob', { field: 'topic', says: pick('x') })]);
    expect(partnersOf([both])).toEqual(new Map());
  });

  it('is looked for among a stated number of voters', () => {
    const partners = partnersOf(Array.from({ length: PAIRS_READ }, (_, index) => voted(`a${index}`, `b${index}`)));
    expect(partners.size).toBe(PAIRS_READ);
    expect(partners.has(voterKey({ field: 'label', annotator_id: 'a0' }))).toBe(true);
  });
});
