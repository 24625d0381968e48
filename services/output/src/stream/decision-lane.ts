import { lanes } from '@assay/shared/contracts/lanes';
import { lane } from '@assay/shared/pipeline/lane';
import { steps } from '@assay/shared/pipeline/step';
import { applyDecisions } from './apply-decisions.ts';
import { checkGold } from './check-gold.step.ts';
import { readDecision } from './read-decision.step.ts';

/** A decision becomes lines for consumers. */
export const decisionLane = () => lane(lanes.decisions, steps(readDecision, checkGold), applyDecisions);
