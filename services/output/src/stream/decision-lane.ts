import { readRow } from '@assay/shared/cdc/read-row';
import { decisionSchema, type DecisionEvent } from '@assay/shared/contracts/gold-line';
import { lanes } from '@assay/shared/contracts/lanes';
import { lane } from '@assay/shared/pipeline/lane';
import { accepted, deadLettered, type Outcome } from '@assay/shared/pipeline/outcome';
import type { SourceRecord } from '@assay/shared/pipeline/record';
import { steps } from '@assay/shared/pipeline/step';
import { applyDecisions } from './apply-decisions.ts';

/** A decision becomes lines for consumers. */
export const decisionLane = () => lane(lanes.decisions, steps(readDecision, checkGold), applyDecisions);

const readDecisionRow = readRow(decisionSchema, { json: ['fields', 'votes'] });

/** A function of its own, because its name is the step's in metrics and dead letters. */
export function readDecision(record: SourceRecord): Outcome<DecisionEvent> {
  return readDecisionRow(record);
}

/** A gold line without a label or a confidence would poison the training set, whoever decided it. */
export function checkGold(decision: DecisionEvent): Outcome<DecisionEvent> {
  if (decision.verdict !== 'gold') return accepted(decision);
  const gold = Object.entries(decision.fields).filter(([, { verdict }]) => verdict === 'gold');
  if (gold.length === 0) return deadLettered('CONTRACT_VIOLATED', 'fields: the verdict is gold, but no field is');
  const incomplete = gold.find(([, { label, confidence_score }]) => label === null || confidence_score === null);
  if (incomplete === undefined) return accepted(decision);
  return deadLettered('CONTRACT_VIOLATED', `fields.${incomplete[0]}: is gold without a label or a confidence_score`);
}
