import type { DecisionEvent } from '@assay/shared/contracts/gold-line';
import { accepted, deadLettered, type Outcome } from '@assay/shared/pipeline/outcome';

/** A gold line without a label or a confidence would poison the training set, whoever decided it. */
export function checkGold(decision: DecisionEvent): Outcome<DecisionEvent> {
  if (decision.verdict !== 'gold') return accepted(decision);
  const gold = Object.entries(decision.fields).filter(([, { verdict }]) => verdict === 'gold');
  if (gold.length === 0) return deadLettered('CONTRACT_VIOLATED', 'fields: the verdict is gold, but no field is');
  const incomplete = gold.find(([, { label, confidence_score }]) => label === null || confidence_score === null);
  if (incomplete === undefined) return accepted(decision);
  return deadLettered('CONTRACT_VIOLATED', `fields.${incomplete[0]}: is gold without a label or a confidence_score`);
}
