import type { VoteRow } from '../../votes/domain/vote-row.ts';
import type { Judgement } from './judge-document.ts';

/** Two annotators of a field, in the order in which a count's key names them. */
export interface Pair {
  readonly field: string;
  readonly raters: readonly [string, string];
}

/** Pairs whose counts one batch reads. A hundred annotators at once in one partition are more than any team has. */
export const PAIRS_READ = 100;

export const voterKey = ({ field, annotator_id }: Pick<VoteRow, 'field' | 'annotator_id'>): string =>
  JSON.stringify([field, annotator_id]);

/**
 * Whom each voter is compared with: the annotator whose live votes stand beside theirs most often in these documents, the
 * first by name of several. So what is read depends on the batch, not on how many people ever labelled.
 */
export function partnersOf(judgements: readonly Judgement[]): ReadonlyMap<string, Pair> {
  const meetings = new Map<string, Map<string, number>>();
  for (const { standings, counted } of judgements)
    for (const { vote, status } of standings) {
      if (status !== 'live' || vote.annotator_id === null) continue;
      const met = meetings.get(voterKey(vote)) ?? new Map<string, number>();
      meetings.set(voterKey(vote), met);
      for (const { annotator_id: other } of counted.get(vote.field) ?? [])
        if (other !== null && other !== vote.annotator_id) met.set(other, (met.get(other) ?? 0) + 1);
    }
  const partners = [...meetings].flatMap(([voter, met]): [string, Pair][] => {
    const [field, annotator] = JSON.parse(voter) as [string, string];
    const [partner] = [...met].toSorted(([a, left], [b, right]) => right - left || (a < b ? -1 : 1))[0] ?? [];
    if (partner === undefined) return [];
    return [[voter, { field, raters: annotator < partner ? [annotator, partner] : [partner, annotator] }]];
  });
  return new Map(partners.slice(0, PAIRS_READ));
}
