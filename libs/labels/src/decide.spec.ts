import { describe, expect, it } from 'vitest';
import { decide, decideRows, defaultRules } from './decide.ts';
import type { DecisionRules, Verdict } from './decide.ts';
import { decideOriginal } from './original-rules.ts';
import type { Vote } from './votes.ts';

type Shorthand = readonly [choice: string, confidence: number, annotator?: string | null, field?: string];

function votesOf(...list: readonly Shorthand[]): Vote[] {
  return list.map(([choice, confidence, annotator = `annotator ${choice} ${confidence}`, field = 'label'], at) => ({
    field,
    annotator,
    label: { kind: 'choice', choice },
    confidence,
    annotatedAt: null,
    text: 'a text',
    path: 'a.csv',
    row: at + 1,
  }));
}

const rules = (changes: Partial<DecisionRules>): DecisionRules => ({ ...defaultRules, ...changes });

describe('decide', () => {
  it.each<[string, Shorthand[], DecisionRules, Verdict]>([
    ['0.8 is kept', [['bug', 0.8]], defaultRules, 'gold'],
    ['0.7999999 is not', [['bug', 0.7999999]], defaultRules, 'low_confidence'],
    [
      'weak dissent counts',
      [
        ['billing', 0.95],
        ['bug', 0.6],
      ],
      defaultRules,
      'disagreement',
    ],
    [
      'dissent comes before too few votes',
      [
        ['a', 0.9],
        ['b', 0.9],
      ],
      rules({ minAnnotators: 3 }),
      'disagreement',
    ],
    ['too few votes come before confidence', [['a', 0.1]], rules({ minAnnotators: 2 }), 'pending'],
    [
      'one confident vote is enough',
      [
        ['a', 0.1, 'x'],
        ['a', 0.9, 'y'],
      ],
      defaultRules,
      'gold',
    ],
    [
      'unless two are asked for',
      [
        ['a', 0.1, 'x'],
        ['a', 0.9, 'y'],
      ],
      rules({ minConfidentVotes: 2 }),
      'low_confidence',
    ],
    ['no vote at all', [], defaultRules, 'pending'],
    [
      'an anonymous vote is a vote',
      [
        ['a', 0.9, null],
        ['a', 0.9, null],
      ],
      rules({ minAnnotators: 2 }),
      'gold',
    ],
    [
      'both fields gold',
      [
        ['a', 0.9, 'x', 'f'],
        ['b', 0.9, 'x', 'g'],
      ],
      defaultRules,
      'gold',
    ],
    [
      'one field weak',
      [
        ['a', 0.9, 'x', 'f'],
        ['b', 0.1, 'x', 'g'],
      ],
      defaultRules,
      'low_confidence',
    ],
    ['a required field without votes', [['a', 0.9, 'x', 'f']], rules({ requiredFields: ['f', 'g'] }), 'pending'],
    [
      'disagreement in any field comes first',
      [
        ['a', 0.9, 'x', 'f'],
        ['a', 0.9, 'x', 'g'],
        ['b', 0.9, 'y', 'g'],
      ],
      rules({ requiredFields: ['f', 'g', 'h'] }),
      'disagreement',
    ],
    [
      'fields that are not required decide nothing',
      [
        ['a', 0.9, 'x', 'f'],
        ['a', 0.9, 'x', 'g'],
        ['b', 0.9, 'y', 'g'],
      ],
      rules({ requiredFields: ['f'] }),
      'gold',
    ],
  ])('%s', (_case, votes, applied, verdict) => {
    expect(decide(votesOf(...votes), applied).verdict).toBe(verdict);
  });

  it('gives gold the smallest confidence that reached the threshold, and who cast those votes', () => {
    const { fields } = decide(
      votesOf(['a', 0.95, 'zoe'], ['a', 0.85, 'ann'], ['a', 0.2, 'bob'], ['a', 0.9, null]),
      defaultRules,
    );
    expect(fields['label']).toMatchObject({
      label: 'a',
      confidence: 0.85,
      annotators: ['ann', 'zoe'],
      confidentVotes: 3,
    });
  });

  it('tells the labels of a disagreement', () => {
    const { fields } = decide(votesOf(['b', 0.95], ['a', 0.6]), defaultRules);
    expect(fields['label']).toMatchObject({ label: null, labels: ['a', 'b'] });
  });
});

describe('decideRows', () => {
  it('decides from the live votes only', () => {
    const { votes, decision } = decideRows(votesOf(['a', 0.9, 'x'], ['b', 0.9, 'x'], ['b', 0.9, 'y']), defaultRules);
    expect(decision.verdict).toBe('gold');
    expect(votes.superseded).toHaveLength(1);
  });
});

describe('decideOriginal', () => {
  it('loses the weak dissent that the default rules see', () => {
    const { clean, disagreements, belowThreshold } = decideOriginal(votesOf(['billing', 0.95], ['bug', 0.6]), 0.8);
    expect(clean).toHaveLength(1);
    expect([...disagreements]).toEqual([]);
    expect(belowThreshold).toHaveLength(1);
  });

  it('groups by exact text and keeps every clean row, even twice', () => {
    const [first, second, third] = votesOf(['a', 0.9], ['a', 0.9], ['b', 0.9]);
    const batch = [first, second, { ...third, text: 'a  text' }].filter((row) => row !== undefined) as Vote[];
    expect(decideOriginal(batch, 0.8).clean).toHaveLength(3);
  });

  it('drops both sides of a disagreement', () => {
    const { clean, disagreements } = decideOriginal(votesOf(['a', 0.9], ['b', 0.9]), 0.8);
    expect(clean).toEqual([]);
    expect(disagreements.get('a text')).toHaveLength(2);
  });
});
