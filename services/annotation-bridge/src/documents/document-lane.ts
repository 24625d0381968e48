import { readRow } from '@assay/shared/cdc/read-row';
import { lanes } from '@assay/shared/contracts/lanes';
import { lane } from '@assay/shared/pipeline/lane';
import { steps } from '@assay/shared/pipeline/step';
import { queueForPush } from './queue-deliveries.ts';
import { documentChangeSchema } from './domain/document-change.ts';
import { toPushItem } from './to-push-item.step.ts';

/** A document's change event becomes a row of the push queue, once for each target. */
export const documentLane = () => lane(lanes.documents, steps(readRow(documentChangeSchema), toPushItem), queueForPush);
