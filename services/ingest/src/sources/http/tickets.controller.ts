import { isRetriable } from '@assay/shared/errors/pipeline-error';
import { Body, Controller, Headers, HttpCode, HttpException, Inject, Post } from '@nestjs/common';
import { isTicketContentType, ticketContentTypes } from './read-tickets.ts';
import type { TicketPublisher } from '../ticket-publisher.ts';

export const TICKET_PUBLISHER = Symbol('ticket publisher');

interface Receipt {
  readonly accepted: number;
}

/**
 * Tickets by HTTP: one, an array, or lines. All of a request is taken or none of it: a caller that is told "no" can send it
 * all again, and what Kafka has already is a duplicate. 202 means that Kafka holds every ticket.
 */
@Controller('v1/tickets')
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
      throw problem(415, 'UNSUPPORTED_MEDIA_TYPE', `send one of: ${Object.keys(ticketContentTypes).join(', ')}`);
    const { submissions, rejections } = ticketContentTypes[type](body ?? Buffer.alloc(0));
    if (rejections.length > 0)
      throw new HttpException({ error: 'no ticket was taken', rejections: rejections.slice(0, 100) }, 422);
    if (submissions.length === 0) throw problem(422, 'CONTRACT_VIOLATED', 'there is no ticket in the request');
    try {
      await this.publisher.publish(submissions);
    } catch (error) {
      if (!isRetriable(error)) throw error;
      throw problem(503, error.code, 'Kafka does not answer; send the same request again later');
    }
    return { accepted: submissions.length };
  }
}

const problem = (status: number, code: string, detail: string): HttpException =>
  new HttpException({ error: detail, code }, status);
