import { lanes } from '@assay/shared/contracts/lanes';
import { lane } from '@assay/shared/pipeline/lane';
import { steps } from '@assay/shared/pipeline/step';
import { applyDecisions } from './apply-decisions.ts';
import { checkGold } from './check-gold.step.ts';
import { readDecision } from './read-decision.step.ts';

/**
 * A decision becomes lines for consumers. What follows is no message's doing: workers number the lines
 * (adapters/number-lines.ts) and roll them into segments (adapters/roll-segments.ts).
 */
export const decisionLane = () => lane(lanes.decisions, steps(readDecision, checkGold), applyDecisions);
