import type { DecisionRules } from '@assay/labels/decide';
import { lanes } from '@assay/shared/contracts/lanes';
import { lane } from '@assay/shared/pipeline/lane';
import { steps } from '@assay/shared/pipeline/step';
import { settleLabels } from './adapters/settle-labels.ts';
import { decodeLabel } from './steps/decode-label.step.ts';

export interface Rules {
  readonly rules: DecisionRules;
  /** Stands in every decision, so that a release can say by which rules it was made. */
  readonly version: string;
}

/** A label row becomes a vote, and its document is judged again. */
export const labelLane = (rules: Rules) => lane(lanes.labels, steps(decodeLabel), settleLabels(rules));
