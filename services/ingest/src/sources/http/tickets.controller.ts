import { isRetriable } from '@assay/shared/errors/pipeline-error';
import { Access } from '@assay/shared/http/access';
import { Problem } from '@assay/shared/http/problem';
import { Body, Controller, Headers, HttpCode, Inject, Post } from '@nestjs/common';
import { z } from 'zod';
import { isTicketContentType, ticketContentTypes } from './read-tickets.ts';
import type { TicketPublisher } from '../ticket-publisher.ts';

export const TICKET_PUBLISHER = Symbol('ticket publisher');

export const receiptSchema = z.object({ accepted: z.int().describe('Tickets that Kafka holds now.') });
type Receipt = z.output<typeof receiptSchema>;

/** A request with more wrong tickets than this tells of the first ones. */
const REJECTIONS_TOLD = 100;

/**
 * Tickets by HTTP: one, an array, or lines. All of a request is taken or none of it: a caller that is told "no" can send it
 * all again, and what Kafka has already is a duplicate. 202 means that Kafka holds every ticket.
 */
@Controller('v1/tickets')
@Access('key')
export class TicketsController {
  private readonly publisher: TicketPublisher;

  constructor(@Inject(TICKET_PUBLISHER) publisher: TicketPublisher) {
    this.publisher = publisher;
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
    const { submissions, rejections } = ticketContentTypes[type](body ?? Buffer.alloc(0));
    if (rejections.length > 0)
      throw new Problem(
        422,
        'CONTRACT_VIOLATED',
        `${rejections.length} of the tickets break the contract, so none was taken. Mend those that rejections names and send all again.`,
        { rejections: rejections.slice(0, REJECTIONS_TOLD) },
      );
    if (submissions.length === 0)
      throw new Problem(422, 'CONTRACT_VIOLATED', 'There is no ticket in the request; send one, an array, or lines.');
    try {
      await this.publisher.publish(submissions);
    } catch (error) {
      if (!isRetriable(error)) throw error;
      throw new Problem(503, error.code, 'Kafka does not answer; send the same request again later.');
    }
    return { accepted: submissions.length };
  }
}
