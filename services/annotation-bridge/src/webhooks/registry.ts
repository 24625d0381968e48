import type { AnnotationBridgeConfig } from '../config.ts';
import { argillaWebhooks } from './argilla-webhooks.ts';
import { labelStudioWebhooks } from './label-studio-webhooks.ts';
import type { WebhookReceiver, WebhookReceiverKind } from './webhook-receiver.ts';

/** Tools whose webhooks are taken. To add one: a file beside this one and a line here. */
const receiverKinds: readonly WebhookReceiverKind[] = [labelStudioWebhooks, argillaWebhooks];

/** Those of the tools that documents are sent to. */
export const openWebhookReceivers = (config: AnnotationBridgeConfig): readonly WebhookReceiver[] =>
  receiverKinds
    .filter(({ tool }) => config.ANNOTATION_BRIDGE_TARGETS.includes(tool))
    .flatMap((kind) => kind.open(config) ?? []);
