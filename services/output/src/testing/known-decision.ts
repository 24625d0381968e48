import type { DecidedField, DecisionEvent, VoteView } from '@assay/shared/contracts/gold-line';

export const docIdOf = (number: number): string => number.toString(16).padStart(32, '0');

export const vote = (annotator: string | null, label: string, given: Partial<VoteView> = {}): VoteView => ({
  annotation_id: `${annotator}-${label}`,
  annotator_id: annotator,
  field: 'label',
  label: `choice:${label}`,
  value: label,
  confidence_score: 0.9,
  row: '2026/11/21/a.csv#1',
  status: 'live',
  ...given,
});

/** What the validator decides about a field when all votes are live. */
export function decidedField(verdict: DecidedField['verdict'], given: Partial<DecidedField> = {}): DecidedField {
  const isGold = verdict === 'gold';
  return {
    verdict,
    label: isGold ? 'billing' : null,
    labels: verdict === 'disagreement' ? ['billing', 'bug'] : ['billing'],
    confidence_score: isGold ? 0.9 : null,
    annotators: isGold ? ['1', '2'] : [],
    ...given,
  };
}

/** A decision about document `number`, with everything a spec does not care about filled in. */
export function decision(
  number: number,
  version: number,
  verdict: DecisionEvent['verdict'],
  given: Partial<DecisionEvent> = {},
): DecisionEvent {
  const docId = docIdOf(number);
  return {
    decision_id: `${docId}.${version}`,
    doc_id: docId,
    life: 1,
    version,
    verdict,
    fields: verdict === 'erased' ? {} : { label: decidedField(verdict) },
    votes: verdict === 'disagreement' ? [vote('1', 'billing'), vote('2', 'bug')] : [vote('1', 'billing')],
    reason: 'a spec says so',
    rules_version: 'rules-1',
    decided_at: '2026-11-21T10:00:00.000000Z',
    ...given,
  };
}
