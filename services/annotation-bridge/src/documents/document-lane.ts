import { readRow } from '@assay/shared/cdc/read-row';
import { lanes } from '@assay/shared/contracts/lanes';
import { lane } from '@assay/shared/pipeline/lane';
import { steps } from '@assay/shared/pipeline/step';
import { documentChangeSchema } from './domain/document-change.ts';
import { queueDeliveries } from './queue-deliveries.ts';

/** A document's change event becomes deliveries, one for each target. */
export const documentLane = (targets: readonly string[]) =>
  lane(lanes.documents, steps(readRow(documentChangeSchema)), queueDeliveries(targets));
