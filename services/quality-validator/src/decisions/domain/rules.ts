import type { DecisionRules } from '@assay/labels/decide';

export interface Rules {
  readonly rules: DecisionRules;
  /** Stands in every decision, so that a release can say by which rules it was made. */
  readonly version: string;
}
