import { defaultRules, type DecisionRules, type Verdict } from '@assay/labels/decide';
import { describe, expect, it } from 'vitest';
import { DOC, judge, pick, standingsOf, urgent, vote } from '../../testing/known-vote.ts';
import type { KnownVote } from './judge-document.ts';
import type { VoteRow } from '../../votes/domain/vote-row.ts';

const two = { ...defaultRules, minAnnotators: 2 };
const twoFields = { ...defaultRules, requiredFields: ['label', 'urgency'] };

const verdictTable: [name: string, votes: KnownVote[], rules: DecisionRules, verdict: Verdict][] = [
  ['one confident vote', [vote('a')], defaultRules, 'gold'],
  ['exactly the threshold is kept', [vote('a', { confidence_score: 0.8 })], defaultRules, 'gold'],
  ['a hair below it is not', [vote('a', { confidence_score: 0.7999999 })], defaultRules, 'low_confidence'],
  ['one of two who agree is confident', [vote('a'), vote('b', { confidence_score: 0.1 })], defaultRules, 'gold'],
  [
    'two who agree and neither is confident',
    [0.1, 0.7].map((c) => vote('a' + c, { confidence_score: c })),
    defaultRules,
    'low_confidence',
  ],
  ['two confident votes that differ', [vote('a'), vote('b', { says: pick('praise') })], defaultRules, 'disagreement'],
  [
    'dissent below the threshold',
    [vote('a'), vote('b', { says: pick('praise'), confidence_score: 0 })],
    defaultRules,
    'disagreement',
  ],
  ['labels differ in case', [vote('a'), vote('b', { says: pick('Bug') })], defaultRules, 'disagreement'],
  ['labels differ in blanks around them', [vote('a'), vote('b', { says: pick(' bug ') })], defaultRules, 'gold'],
  [
    'a set in another order',
    [
      vote('a', { says: { kind: 'choices', choices: ['x', 'y'] } }),
      vote('b', { says: { kind: 'choices', choices: ['y', 'x', 'x'] } }),
    ],
    defaultRules,
    'gold',
  ],
  [
    'a set of one is that choice',
    [vote('a', { says: { kind: 'choices', choices: ['bug'] } }), vote('b')],
    defaultRules,
    'gold',
  ],
  [
    'a rating is not the same word',
    [vote('a', { says: { kind: 'rating', rating: 3 } }), vote('b', { says: pick('3') })],
    defaultRules,
    'disagreement',
  ],
  [
    'the annotator changed their mind in a later row',
    [vote('a', { says: pick('praise') }), vote('a')],
    defaultRules,
    'gold',
  ],
  [
    'a dissent that its annotator took back in a later row',
    [vote('a'), vote('b', { says: pick('praise') }), vote('b')],
    defaultRules,
    'gold',
  ],
  [
    'anonymous votes never replace one another',
    [vote(null, { says: pick('praise') }), vote(null)],
    defaultRules,
    'disagreement',
  ],
  ['one vote where two annotators are asked for', [vote('a')], two, 'pending'],
  ['two votes of one annotator are one', [vote('a'), vote('a')], two, 'pending'],
  ['enough annotators', [vote('a'), vote('b')], two, 'gold'],
  ['two anonymous votes count as two', [vote(null), vote(null, { confidence_score: 0.85 })], two, 'gold'],
  [
    'dissent is told before anybody counts annotators',
    [vote('a'), vote('b', { says: pick('praise') })],
    { ...two, minAnnotators: 3 },
    'disagreement',
  ],
  [
    'one confident vote where two are asked for',
    [vote('a'), vote('b', { confidence_score: 0.5 })],
    { ...defaultRules, minConfidentVotes: 2 },
    'low_confidence',
  ],
  ['a required field nobody answered', [vote('a')], twoFields, 'pending'],
  ['both required fields are gold', [vote('a'), urgent('a')], twoFields, 'gold'],
  [
    'people disagree about one of two fields',
    [vote('a'), urgent('a'), urgent('b', pick('low'))],
    twoFields,
    'disagreement',
  ],
  ['one of two fields lacks confidence', [vote('a'), urgent('a', pick('high'), 0.3)], twoFields, 'low_confidence'],
  [
    'dissent about a field that is not required',
    [vote('a'), urgent('a'), urgent('b', pick('low'))],
    { ...defaultRules, requiredFields: ['label'] },
    'gold',
  ],
  ['a withdrawn dissent', [vote('a'), vote('b', { says: pick('praise'), isWithdrawn: true })], defaultRules, 'gold'],
];

describe('judgeDocument decides', () => {
  it.each(verdictTable)('%s', (_, votes, rules, verdict) => {
    const { decision } = judge(votes, rules);
    expect(decision).toMatchObject({ verdict, version: 1, doc_id: DOC, decision_id: `${DOC}.1` });
    expect(judge(votes.toReversed(), rules).decision).toMatchObject({ verdict, fields: decision!.fields });
  });

  it('with the smallest confidence and the annotators that reached the threshold', () => {
    const votes = [
      vote('zoe', { confidence_score: 0.95 }),
      vote('bob', { confidence_score: 0.81 }),
      vote('ann', { confidence_score: 0.2 }),
      vote(null, { confidence_score: 0.99 }),
    ];
    expect(judge(votes).decision!.fields).toEqual({
      label: { verdict: 'gold', label: 'bug', labels: ['bug'], confidence_score: 0.81, annotators: ['bob', 'zoe'] },
    });
  });

  it('and says why, without repeating what anybody said', () => {
    const { decision } = judge([vote('a', { says: pick('secret') }), vote('b', { confidence_score: 0.1 })]);
    expect(decision!.reason).toBe('label: disagreement (2 live votes, 2 labels, 1 at 0.8 or more)');
    expect(decision!.votes.map(({ row, status }) => [row.split('#')[0], status])).toEqual([
      ['2026/11/01/a.csv', 'live'],
      ['2026/11/01/a.csv', 'live'],
    ]);
  });
});

describe('which vote of an annotator counts', () => {
  const early = '2026-11-20T10:00:00.000000Z';
  const late = '2026-11-20T10:00:00.000001Z';
  const at = (annotated_at: string | null, says: string, where: Partial<VoteRow> = {}) =>
    vote('a', { annotated_at, says: pick(says), ...where });

  it.each([
    ['the later time, wherever its row stands', [at(late, 'late'), at(early, 'early')], 'late'],
    ['a time before none', [at(early, 'timed'), at(null, 'timeless')], 'timed'],
    ['the later row at the same time', [at(early, 'first'), at(early, 'second')], 'second'],
    [
      'the same instant in another zone, so the later row',
      [at(early, 'utc'), at('2026-11-20T12:00:00+02:00', 'cest')],
      'cest',
    ],
    [
      'the later path, by its bytes: U+FF5E is before U+1F600',
      [
        at(null, 'astral', { raw_annotation_path: '2026/11/01/\u{1f600}.csv', raw_row: 1 }),
        at(null, 'wide', { raw_annotation_path: '2026/11/01/\uff5e.csv', raw_row: 9 }),
      ],
      'astral',
    ],
  ])('%s', (_, votes, label) => {
    for (const order of [votes, votes.toReversed()]) {
      const judgement = judge(order);
      expect(judgement.decision!.fields['label']).toMatchObject({ verdict: 'gold', label });
      expect(standingsOf(judgement).toSorted()).toEqual([
        'live: confident',
        'superseded: a newer vote of the same annotator counts',
      ]);
    }
  });
});
