import { setImmediate } from 'node:timers/promises';
import { isRetriable } from '@assay/shared/errors/pipeline-error';
import { Access } from '@assay/shared/http/access';
import { Problem } from '@assay/shared/http/problem';
import { Body, Controller, Headers, HttpCode, Inject, Post } from '@nestjs/common';
import { z } from 'zod';
import { isTicketContentType, readTickets, REJECTIONS_TOLD, ticketContentTypes } from './read-tickets.ts';
import type { TicketPublisher } from '../ticket-publisher.ts';

export const TICKET_PUBLISHER = Symbol('ticket publisher');
export const MAX_TICKETS = Symbol('tickets of a request at most');

export const receiptSchema = z.object({ accepted: z.int().describe('Tickets that Kafka holds now.') });
type Receipt = z.output<typeof receiptSchema>;

/**
 * Tickets by HTTP: one, an array, or lines. All of a request is taken or none of it: a caller that is told "no" can send it
 * all again, and what Kafka has already is a duplicate. 202 means that Kafka holds every ticket.
 */
@Controller('v1/tickets')
@Access('write')
export class TicketsController {
  readonly #publisher: TicketPublisher;

  readonly #maxTickets: number;

  constructor(@Inject(TICKET_PUBLISHER) publisher: TicketPublisher, @Inject(MAX_TICKETS) maxTickets: number) {
    this.#publisher = publisher;
    this.#maxTickets = maxTickets;
  }

  @Post()
  @HttpCode(202)
  async submit(
    @Headers('content-type') contentType: string | undefined,
    @Body() body: Buffer | null,
  ): Promise<Receipt> {
    const type = (contentType ?? '').split(';', 1)[0]!.trim().toLowerCase();
    if (!isTicketContentType(type))
      throw new Problem(415, 'UNSUPPORTED_MEDIA_TYPE', `Send one of: ${Object.keys(ticketContentTypes).join(', ')}.`);
    const given = body ?? Buffer.alloc(0);
    const { submissions, rejections, tooMany } = await readTickets(type, given, this.#maxTickets, setImmediate);
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
    try {
      await this.#publisher.publish(submissions);
    } catch (error) {
      if (!isRetriable(error)) throw error;
      throw new Problem(503, error.code, 'Kafka does not answer; send the same request again later.');
    }
    return { accepted: submissions.length };
  }
}
