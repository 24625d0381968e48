import { type Flow, laneFlow, workerFlow } from '@assay/shared/bootstrap/flows';
import { spillTo } from '@assay/shared/blob/spill';
import type { BlobStore } from '@assay/shared/blob/blob-store';
import type { Bell } from '@assay/shared/pipeline/bell';
import type { Log } from '@assay/shared/pipeline/log';
import type { Postgres } from '@assay/shared/postgres/postgres';
import type { AnnotationBridgeConfig } from './config.ts';
import { documentLane } from './documents/document-lane.ts';
import { intakeRounds, labelFilesDoor } from './intake/door/label-files-door.ts';
import type { ToldFiles } from './intake/door/told-files.ts';
import type { LabelIntake } from './intake/label-intake.ts';
import { BatchesLookedAfter, canHaveSurplus, type TargetWithSurplus } from './targets/look-after-batches.ts';
import { DeliverySender } from './targets/send-deliveries.ts';
import type { Target } from './targets/target.ts';

export interface Parts {
  readonly config: AnnotationBridgeConfig;
  /** Brings the connector up and looks after it. */
  readonly tendConnector: (stopping: AbortSignal) => Promise<boolean>;
  readonly postgres: Postgres;
  readonly deadLetterBlobs: BlobStore;
  readonly targets: readonly Target[];
  readonly intake: LabelIntake;
  readonly log: Log;
  /** Label files that somebody told of. */
  readonly told: ToldFiles;
  /** Rings when deliveries were queued. */
  readonly deliveriesQueued: Bell;
}

/** What annotation-bridge does, in the order data takes. */
export const flows = ({
  config,
  tendConnector,
  postgres,
  deadLetterBlobs,
  targets,
  intake,
  log,
  told,
  deliveriesQueued,
}: Parts): readonly Flow[] => [
  // Debezium is told to write change events, and kept at it.
  workerFlow('tend-connector', config.CDC_CHECK_MS, tendConnector),
  // A document's change event becomes deliveries, one for each target.
  laneFlow(documentLane(targets.map(({ name }) => name)), spillTo(deadLetterBlobs)),
  // Deliveries go out to be labelled, in batches; a slow target keeps no other one waiting.
  ...targets.map((target) => sendTo(target, postgres, config.ANNOTATION_BRIDGE_BATCH_POLL_MS, deliveriesQueued)),
  // What a tool took twice, because a connection was lost, is there once again.
  ...targets.filter(canHaveSurplus).map((target) => lookAfter(target, postgres, log)),
  // Label files come back and become messages.
  workerFlow(
    'take-in-labels',
    config.ANNOTATION_BRIDGE_LABELS_POLL_MS,
    intakeRounds(intake, told, config.ANNOTATION_BRIDGE_LABELS_POLL_MS),
    told.bell,
  ),
  // Whoever puts one may say so, and it is read at once.
  labelFilesDoor(told),
];

function sendTo(target: Target, postgres: Postgres, everyMs: number, queued: Bell): Flow {
  const sender = new DeliverySender(postgres, target);
  return workerFlow(`send-to-${target.name}`, everyMs, (stopping) => sender.round(stopping), queued);
}

const LOOK_AFTER_EVERY_MS = 30_000;

function lookAfter(target: TargetWithSurplus, postgres: Postgres, log: Log): Flow {
  const batches = new BatchesLookedAfter(postgres, target, { log });
  return workerFlow(`look-after-${target.name}`, LOOK_AFTER_EVERY_MS, (stopping) => batches.round(stopping));
}
