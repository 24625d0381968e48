import { doorFlow, type Flow, laneFlow, workerFlow } from '@assay/shared/bootstrap/flows';
import { spillTo } from '@assay/shared/blob/spill';
import type { BlobStore } from '@assay/shared/blob/blob-store';
import type { Bell } from '@assay/shared/pipeline/bell';
import type { Log } from '@assay/shared/pipeline/log';
import type { Postgres } from '@assay/shared/postgres/postgres';
import { type AnnotationBridgeConfig, labelSettings } from './config.ts';
import { documentLane } from './documents/document-lane.ts';
import { intakeRounds, labelFilesDoor } from './intake/door/label-files-door.ts';
import type { ToldFiles } from './intake/door/told-files.ts';
import type { LabelIntake } from './intake/label-intake.ts';
import { AnswerFiles } from './pulls/answer-files.ts';
import { AnswerPull } from './pulls/pull-answers.ts';
import type { ToolSource } from './pulls/tool-source.ts';
import { BatchesLookedAfter, canHaveSurplus, type TargetWithSurplus } from './targets/look-after-batches.ts';
import { DeliverySender } from './targets/send-deliveries.ts';
import type { Target } from './targets/target.ts';
import { createWebhookInbox } from './webhooks/webhook-inbox.ts';
import type { WebhookReceiver } from './webhooks/webhook-receiver.ts';
import { WEBHOOK_INBOX, WEBHOOK_RECEIVERS, WebhooksController } from './webhooks/webhooks.controller.ts';
import { webhooksApi } from './webhooks/webhooks.openapi.ts';

export interface Parts {
  readonly config: AnnotationBridgeConfig;
  /** Brings the connector up and looks after it. */
  readonly tendConnector: (stopping: AbortSignal) => Promise<boolean>;
  readonly postgres: Postgres;
  readonly deadLetterBlobs: BlobStore;
  readonly targets: readonly Target[];
  readonly labelBlobs: BlobStore;
  readonly toolSources: readonly ToolSource[];
  readonly webhookReceivers: readonly WebhookReceiver[];
  readonly intake: LabelIntake;
  readonly log: Log;
  /** Label files that somebody told of. */
  readonly told: ToldFiles;
  /** Rings when deliveries were queued. */
  readonly deliveriesQueued: Bell;
}

/** What annotation-bridge does, in the order data takes. */
export const flows = (parts: Parts): readonly Flow[] => [
  // Debezium is told to write change events, and kept at it.
  workerFlow('tend-connector', parts.config.CDC_CHECK_MS, parts.tendConnector),
  // A document's change event becomes deliveries, one for each target.
  laneFlow(documentLane(parts.targets.map(({ name }) => name)), spillTo(parts.deadLetterBlobs)),
  // Deliveries go out to be labelled, in batches; a slow target keeps no other one waiting.
  ...parts.targets.map((target) => sendTo(target, parts)),
  // What a tool took twice, because a connection was lost, is there once again.
  ...parts.targets.filter(canHaveSurplus).map((target) => lookAfter(target, parts)),
  // A tool says that somebody has labelled; where to look is kept before it is answered.
  takeWebhooks(parts),
  // Answers are fetched from each tool and become label files, and what is no longer so is taken back.
  ...parts.toolSources.map((source) => fetchAnswers(source, parts)),
  // Label files come back and become messages.
  takeInLabels(parts),
  // Whoever puts one may say so, and it is read at once.
  labelFilesDoor(parts.told),
];

function sendTo(target: Target, { postgres, config, deliveriesQueued }: Parts): Flow {
  const sender = new DeliverySender(postgres, target);
  const everyMs = config.ANNOTATION_BRIDGE_BATCH_POLL_MS;
  return workerFlow(`send-to-${target.name}`, everyMs, (stopping) => sender.round(stopping), deliveriesQueued);
}

const LOOK_AFTER_EVERY_MS = 30_000;

function lookAfter(target: TargetWithSurplus, { postgres, log }: Parts): Flow {
  const batches = new BatchesLookedAfter(postgres, target, { log });
  return workerFlow(`look-after-${target.name}`, LOOK_AFTER_EVERY_MS, (stopping) => batches.round(stopping));
}

function takeWebhooks({ postgres, webhookReceivers }: Parts): Flow {
  const providers = [
    { provide: WEBHOOK_RECEIVERS, useValue: webhookReceivers },
    { provide: WEBHOOK_INBOX, useValue: createWebhookInbox(postgres) },
  ];
  return doorFlow(WebhooksController, providers, webhooksApi());
}

/** Between two looks at what webhooks said. */
const INBOX_EVERY_MS = 500;

function fetchAnswers(source: ToolSource, { postgres, labelBlobs, config }: Parts): Flow {
  const files = new AnswerFiles({ postgres, blobs: labelBlobs, settings: labelSettings(config) }, source);
  const settings = {
    everyMs: config.ANNOTATION_BRIDGE_PULL_MS,
    lookAgainMs: config.ANNOTATION_BRIDGE_LOOK_AGAIN_MS,
  };
  const pull = new AnswerPull({ postgres, source, files, settings });
  return workerFlow(`fetch-from-${source.name}`, INBOX_EVERY_MS, (stopping) => pull.round(stopping));
}

function takeInLabels({ intake, told, config }: Parts): Flow {
  const everyMs = config.ANNOTATION_BRIDGE_LABELS_POLL_MS;
  return workerFlow('take-in-labels', everyMs, intakeRounds(intake, told, everyMs), told.bell);
}
