import { ticketSchema } from '@assay/shared/contracts/ticket';
import { z } from 'zod';
import { ticketContentTypes } from './read-tickets.ts';

/** The API as OpenAPI 3.1, made from the same contract that checks the requests. */
export function ingestOpenApi(): object {
  const ticket = z.toJSONSchema(ticketSchema, { io: 'input' });
  const content = Object.fromEntries(
    Object.keys(ticketContentTypes).map((type) => [
      type,
      { schema: type.includes('ndjson') || type.includes('jsonl') ? { type: 'string' } : oneOrMany },
    ]),
  );
  return {
    openapi: '3.1.0',
    info: { title: 'Assay ingest', version: '1' },
    paths: {
      '/v1/tickets': {
        post: {
          summary: 'Send tickets: one, an array, or one a line.',
          requestBody: { required: true, content },
          responses: {
            202: { description: 'Kafka holds every ticket of the request.' },
            401: { description: 'No API key, or an unknown one.' },
            413: { description: 'The request is too large; send fewer tickets at a time.' },
            415: { description: 'Not one of the content types above.' },
            422: {
              description: 'At least one ticket breaks the contract; none was taken. The answer says which and why.',
            },
            503: { description: 'Kafka does not answer. Nothing is known to be taken; send the same request again.' },
          },
        },
      },
    },
    components: { schemas: { Ticket: ticket } },
  };
}

const oneOrMany = {
  oneOf: [{ $ref: '#/components/schemas/Ticket' }, { type: 'array', items: { $ref: '#/components/schemas/Ticket' } }],
};
