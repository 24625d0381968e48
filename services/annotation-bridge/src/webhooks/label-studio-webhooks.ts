import { createHash, timingSafeEqual } from 'node:crypto';
import { labelStudioAccess, labelStudioTarget } from '../targets/label-studio/label-studio-target.ts';
import { labelStudioHints } from './domain/label-studio-event.ts';
import type { WebhookReceiverKind } from './webhook-receiver.ts';

/**
 * Label Studio signs nothing: the one proof it can carry is a header of ours, `Authorization: Bearer <secret>`. Nothing tells a
 * repeated event from the first, and nothing need: it makes us look once more.
 */
export const labelStudioWebhooks: WebhookReceiverKind = {
  tool: labelStudioTarget.name,
  open(config) {
    const secret = config.LABEL_STUDIO_WEBHOOK_SECRET;
    if (secret === undefined) return null;
    const { projectId } = labelStudioAccess(config);
    const expected = digest(`Bearer ${secret}`);
    return {
      tool: labelStudioTarget.name,
      isGenuine: ({ headers }) => timingSafeEqual(digest(headers.authorization ?? ''), expected),
      hintsIn: (body) => labelStudioHints(body, projectId),
    };
  },
};

/** Digests are of equal length, which a comparison in constant time needs. */
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
