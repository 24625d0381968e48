import { lanes } from '@assay/shared/contracts/lanes';
import { lane } from '@assay/shared/pipeline/lane';
import { steps } from '@assay/shared/pipeline/step';
import { settleLabels } from './settle-labels.ts';
import type { Rules } from '../decisions/domain/rules.ts';
import { decodeLabel } from './decode-label.step.ts';

/** A label row becomes a vote, and its document is judged again. */
export const labelLane = (rules: Rules) => lane(lanes.labels, steps(decodeLabel), settleLabels(rules));
