import type { IncomingHttpHeaders } from 'node:http';
import type { AnnotationBridgeConfig } from '../config.ts';

/** What a webhook says has changed, by the tool's ids. What it has become is asked of the tool. */
export interface Hints {
  readonly items: readonly string[];
  readonly answers: readonly string[];
}

export interface WebhookArrival {
  readonly headers: IncomingHttpHeaders;
  /** Byte for byte: signatures are of these. */
  readonly body: Buffer;
}

/** Webhooks of one tool, verified in its own way. */
export interface WebhookReceiver {
  /** The name of its target, and the last part of the address. */
  readonly tool: string;
  /** Whether it comes from the tool, as it left it. */
  isGenuine(arrival: WebhookArrival): boolean;
  /** Of the parsed body. Nothing where it says nothing about answers. */
  hintsIn(body: unknown): Hints;
}

/** A kind of receiver: a line of the registry. */
export interface WebhookReceiverKind {
  readonly tool: string;
  /** Null where the settings give nothing to verify by: webhooks of the tool are refused then. */
  open(config: AnnotationBridgeConfig): WebhookReceiver | null;
}

export const NO_HINTS: Hints = { items: [], answers: [] };
