import type { IncomingHttpHeaders } from 'node:http';
import { isRetriable } from '@assay/shared/errors/pipeline-error';
import { Access } from '@assay/shared/http/access';
import { Problem } from '@assay/shared/http/problem';
import { Body, Controller, Headers, HttpCode, Inject, Param, Post } from '@nestjs/common';
import type { WebhookInbox } from './webhook-inbox.ts';
import type { WebhookReceiver } from './webhook-receiver.ts';

export const WEBHOOK_RECEIVERS = Symbol('receivers of webhooks');
export const WEBHOOK_INBOX = Symbol('inbox of webhooks');

/** What tools call when somebody has labelled. The answer says that we will look; an annotator may be waiting for it. */
@Controller('v1/webhooks')
@Access('verified by the route')
export class WebhooksController {
  readonly #receivers: ReadonlyMap<string, WebhookReceiver>;
  readonly #inbox: WebhookInbox;

  constructor(
    @Inject(WEBHOOK_RECEIVERS) receivers: readonly WebhookReceiver[],
    @Inject(WEBHOOK_INBOX) inbox: WebhookInbox,
  ) {
    this.#receivers = new Map(receivers.map((receiver) => [receiver.tool, receiver]));
    this.#inbox = inbox;
  }

  @Post(':tool')
  @HttpCode(204)
  async take(
    @Param('tool') tool: string,
    @Headers() headers: IncomingHttpHeaders,
    @Body() body: Buffer | null,
  ): Promise<void> {
    const receiver = this.#receivers.get(tool);
    if (receiver === undefined) throw new Problem(404, 'NOT_FOUND', NOT_TAKEN);
    const bytes = body ?? Buffer.alloc(0);
    if (!receiver.isGenuine({ headers, body: bytes })) throw new Problem(401, 'UNAUTHORIZED', NOT_GENUINE);
    try {
      await this.#inbox.add(receiver.tool, receiver.hintsIn(parsed(bytes)));
    } catch (error) {
      if (!isRetriable(error)) throw error;
      throw new Problem(503, error.code, 'Postgres does not answer; the next pull finds what this webhook says.');
    }
  }
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch {
    throw new Problem(400, 'DECODE_FAILED', 'The body is no JSON.');
  }
}

const NOT_TAKEN =
  'Webhooks of this tool are not taken here: name it in ANNOTATION_BRIDGE_TARGETS, and set the secret they are verified by.';
const NOT_GENUINE = 'This does not come from the tool as it left it: check the secret on both sides.';
