import { readRow } from '@assay/shared/cdc/read-row';
import { decisionSchema, type DecisionEvent } from '@assay/shared/contracts/gold-line';
import type { Outcome } from '@assay/shared/pipeline/outcome';
import type { SourceRecord } from '@assay/shared/pipeline/record';

const read = readRow(decisionSchema, { json: ['fields', 'votes'] });

export function readDecision(record: SourceRecord): Outcome<DecisionEvent> {
  return read(record);
}
