import { setImmediate } from 'node:timers/promises';
import { isRetriable } from '@assay/shared/errors/pipeline-error';
import { Access } from '@assay/shared/http/access';
import { Problem } from '@assay/shared/http/problem';
import type { Reply } from '@assay/shared/http/reply';
import { Body, Controller, Headers, HttpCode, Inject, Post, Res } from '@nestjs/common';
import { z } from 'zod';
import {
  type DocIdOf,
  type IdentifiedSubmission,
  isTicketContentType,
  readTickets,
  REJECTIONS_TOLD,
  ticketContentTypes,
} from './read-tickets.ts';
import type { TicketPublisher } from '../ticket-publisher.ts';

export const TICKET_PUBLISHER = Symbol('ticket publisher');
export const DOC_ID_OF = Symbol('doc_id of a ticket');
export const MAX_TICKETS = Symbol('tickets of a request at most');

export const ticketReceiptSchema = z.object({
  index: z.int().describe('Place of the ticket in the request, counted from 0; blank lines do not count.'),
  doc_id: z
    .string()
    .describe(
      'The document that the ticket becomes, or is already: whether it is a duplicate is known once it was stored (`assay journey <doc_id>`).',
    ),
});
export const receiptSchema = z.object({
  accepted: z.int().describe('Tickets that Kafka holds now.'),
  tickets: z.array(ticketReceiptSchema).describe('One for each ticket, in the order of the request.'),
});
type Receipt = z.output<typeof receiptSchema>;

interface TicketHeaders {
  readonly 'content-type'?: string | undefined;
  readonly accept?: string | undefined;
}

/**
 * Tickets by HTTP: one, an array, or lines. All of a request is taken or none of it: a caller that is told "no" can send it
 * all again, and what Kafka has already is a duplicate. 202 means that Kafka holds every ticket.
 */
@Controller('v1/tickets')
@Access('write')
export class TicketsController {
  readonly #publisher: TicketPublisher;

  readonly #docIdOf: DocIdOf;

  readonly #maxTickets: number;

  constructor(
    @Inject(TICKET_PUBLISHER) publisher: TicketPublisher,
    @Inject(DOC_ID_OF) docIdOf: DocIdOf,
    @Inject(MAX_TICKETS) maxTickets: number,
  ) {
    this.#publisher = publisher;
    this.#docIdOf = docIdOf;
    this.#maxTickets = maxTickets;
  }

  @Post()
  @HttpCode(202)
  async submit(
    @Headers() headers: TicketHeaders,
    @Body() body: Buffer | null,
    @Res({ passthrough: true }) reply: Pick<Reply, 'header'>,
  ): Promise<Receipt | string> {
    const submissions = await this.#read(headers['content-type'], body ?? Buffer.alloc(0));
    try {
      await this.#publisher.publish(submissions);
    } catch (error) {
      if (!isRetriable(error)) throw error;
      throw new Problem(503, error.code, 'Kafka does not answer; send the same request again later.');
    }
    const tickets = submissions.map(({ docId }, index) => ({ index, doc_id: docId }));
    if (!wantsLines(headers.accept)) return { accepted: tickets.length, tickets };
    reply.header('content-type', LINES_TYPE);
    return tickets.map((ticket) => `${JSON.stringify(ticket)}\n`).join('');
  }

  /** The tickets of a request, every one of which may be published. */
  async #read(contentType: string | undefined, body: Buffer): Promise<readonly IdentifiedSubmission[]> {
    const type = (contentType ?? '').split(';', 1)[0]!.trim().toLowerCase();
    if (!isTicketContentType(type))
      throw new Problem(415, 'UNSUPPORTED_MEDIA_TYPE', `Send one of: ${Object.keys(ticketContentTypes).join(', ')}.`);
    const { submissions, rejections, tooMany } = await readTickets(type, body, {
      maxTickets: this.#maxTickets,
      docIdOf: this.#docIdOf,
      letOthersWork: setImmediate,
    });
    if (tooMany)
      throw new Problem(
        413,
        'PAYLOAD_TOO_LARGE',
        `There are more than ${this.#maxTickets} tickets in the request, so none was taken. Send fewer at a time.`,
      );
    if (rejections.length > 0)
      throw new Problem(
        422,
        'CONTRACT_VIOLATED',
        `${rejections.length < REJECTIONS_TOLD ? '' : 'At least '}${rejections.length} of the tickets break the contract, so none was taken. Mend those that rejections names and send all again.`,
        { rejections },
      );
    if (submissions.length === 0)
      throw new Problem(422, 'CONTRACT_VIOLATED', 'There is no ticket in the request; send one, an array, or lines.');
    return submissions;
  }
}

export const LINES_TYPE = 'application/x-ndjson';
const JSON_TYPES = ['application/json', 'application/*', '*/*'];

/** Lines only to who names them before JSON and before anything at all. */
function wantsLines(accept = ''): boolean {
  const types = accept.split(',').map((range) => range.split(';', 1)[0]!.trim().toLowerCase());
  return types.find((type) => type === LINES_TYPE || JSON_TYPES.includes(type)) === LINES_TYPE;
}
