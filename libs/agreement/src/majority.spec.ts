import { describe, expect, it } from 'vitest';
import { ANONYMOUS } from './agreement-counts.ts';
import { dawidSkene } from './dawid-skene.ts';
import { majority, weightedMajority } from './majority.ts';
import { raterReliabilities, reliabilityWeighted } from './rater-reliability.ts';

describe('a tie stays a tie', () => {
  it('between equal votes', () => {
    expect(
      majority([
        [0, 2],
        [1, 0],
      ]),
    ).toMatchObject({ label: null, leading: [0, 2] });
  });

  it('between worths that sum to the same in another order', () => {
    const worth = [0.1, 0.2, 0.3, 0.3, 0.2, 0.1];
    const votes = [0, 1, 2, 3, 4, 5].map((rater) => [rater, rater < 3 ? 0 : 1] as const);
    expect(weightedMajority(votes, (rater) => worth[rater] ?? 0)).toMatchObject({ label: null, leading: [0, 1] });
  });

  it('of nobody', () => {
    expect(majority([])).toMatchObject({ label: null, leading: [] });
  });
});

describe('reliability', () => {
  const items = [
    [
      [0, 0],
      [1, 0],
      [2, 1],
    ],
    [
      [0, 1],
      [1, 1],
      [2, 0],
    ],
    // A tie and a single vote tell nothing about anyone.
    [
      [0, 0],
      [2, 1],
    ],
    [[2, 1]],
  ] as const;

  it('comes from items with a majority of at least two votes', () => {
    expect([...raterReliabilities(items)]).toEqual([
      [0, { compared: 2, agreed: 2 }],
      [1, { compared: 2, agreed: 2 }],
      [2, { compared: 2, agreed: 0 }],
    ]);
  });

  it('breaks a tie that plain counting leaves', () => {
    const votes = [
      [0, 0],
      [2, 1],
    ] as const;
    expect(majority(votes).label).toBeNull();
    expect(reliabilityWeighted(votes, raterReliabilities(items)).label).toBe(0);
  });

  it('takes strangers and nobody at half a worth', () => {
    const votes = [
      [7, 0],
      [ANONYMOUS, 1],
    ] as const;
    expect([...reliabilityWeighted(votes, new Map()).support.values()]).toEqual([0.5, 0.5]);
  });
});

describe('Dawid–Skene at its edges', () => {
  it('has nothing to say about items without votes', () => {
    const found = dawidSkene([[], []], { labels: 2 });
    expect(found).toMatchObject({ rounds: 0, converged: false });
    expect(found.probabilities.map((each) => [...each])).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  it('survives more votes on an item than a product of probabilities can bear', () => {
    const votes = Array.from({ length: 4000 }, (_, at) => [at % 40, at % 3 === 0 ? 1 : 0] as const);
    const [probabilities] = dawidSkene([votes, [[0, 1]]], { labels: 2 }).probabilities;
    expect([...(probabilities ?? [])].reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 9);
  });
});
