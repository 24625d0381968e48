import { datasetSettings } from '../targets/argilla/argilla-dataset.ts';
import { argillaTarget } from '../targets/argilla/argilla-target.ts';
import { argillaHints } from './domain/argilla-event.ts';
import { isSigned } from './domain/standard-webhooks.ts';
import type { WebhookReceiverKind } from './webhook-receiver.ts';

/** Argilla signs by Standard Webhooks. Each attempt has an id of its own, and a repeated one makes us look once more. */
export const argillaWebhooks: WebhookReceiverKind = {
  tool: argillaTarget.name,
  open(config) {
    const secret = config.ARGILLA_WEBHOOK_SECRET;
    if (secret === undefined) return null;
    const ours = datasetSettings(config);
    return {
      tool: argillaTarget.name,
      isGenuine({ headers, body }) {
        const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures } = headers;
        if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signatures !== 'string') return false;
        return isSigned({ id, timestamp, signatures, body }, secret, new Date());
      },
      hintsIn: (body) => argillaHints(body, ours),
    };
  },
};
