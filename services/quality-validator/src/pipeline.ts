import { lanes } from '@assay/shared/contracts/lanes';
import { lane } from '@assay/shared/pipeline/lane';
import { steps } from '@assay/shared/pipeline/step';
import { settleLabels } from './adapters/settle-labels.ts';
import type { Rules } from './domain/rules.ts';
import { decodeLabel } from './steps/decode-label.step.ts';

/** A label row becomes a vote, and its document is judged again. */
export const labelLane = (rules: Rules) => lane(lanes.labels, steps(decodeLabel), settleLabels(rules));
