import { type Flow, laneFlow, workerFlow } from '@assay/shared/bootstrap/flows';
import { spillTo } from '@assay/shared/bootstrap/spill';
import type { BlobStore } from '@assay/shared/blob/blob-store';
import type { AnnotationBridgeConfig } from './config.ts';
import { documentLane } from './documents/document-lane.ts';
import type { LabelIntake } from './intake/label-intake.ts';
import type { OutgoingBatches } from './targets/send-deliveries.ts';

export interface Parts {
  readonly config: AnnotationBridgeConfig;
  /** Brings the connector up and looks after it. */
  readonly tendConnector: () => Promise<boolean>;
  readonly outgoing: BlobStore;
  readonly batches: OutgoingBatches;
  readonly intake: LabelIntake;
}

/** What annotation-bridge does, in the order data takes. */
export const flows = ({ config, tendConnector, outgoing, batches, intake }: Parts): readonly Flow[] => [
  // Debezium is told to write change events, and kept at it.
  workerFlow('tend-connector', config.CDC_CHECK_MS, tendConnector),
  // A document's change event becomes deliveries. It holds masked text only, so what no topic takes may lie where the batches do.
  laneFlow(documentLane(), spillTo(outgoing)),
  // Deliveries go out to be labelled.
  workerFlow('send-deliveries', config.ANNOTATION_BRIDGE_BATCH_POLL_MS, () => batches.round()),
  // Label files come back and become messages.
  workerFlow('take-in-labels', config.ANNOTATION_BRIDGE_LABELS_POLL_MS, (stopping) => intake.round(stopping)),
];
