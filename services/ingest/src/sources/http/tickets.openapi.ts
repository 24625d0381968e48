import { ticketSchema } from '@assay/shared/contracts/ticket';
import { type ApiPart, problems } from '@assay/shared/http/openapi';
import { z } from 'zod';
import { ticketContentTypes } from './read-tickets.ts';
import { receiptSchema } from './tickets.controller.ts';

/** Made from the same contract that checks the requests. */
export function ticketsApi(): ApiPart {
  const content = Object.fromEntries(
    Object.keys(ticketContentTypes).map((type) => [
      type,
      { schema: type.includes('ndjson') || type.includes('jsonl') ? { type: 'string' } : oneOrMany },
    ]),
  );
  return {
    paths: {
      '/v1/tickets': {
        post: {
          summary: 'Send tickets: one, an array, or one a line.',
          requestBody: { required: true, content },
          responses: {
            202: {
              description: 'Kafka holds every ticket of the request.',
              content: { 'application/json': { schema: z.toJSONSchema(receiptSchema) } },
            },
            ...problems({
              413: 'The request is too large or holds too many tickets; send fewer at a time.',
              415: 'The body is not of one of the content types above.',
              422: 'At least one ticket breaks the contract, so none was taken. `rejections` says which and why.',
              503: 'Kafka does not answer. Nothing is known to be taken; send the same request again.',
            }),
          },
        },
      },
    },
    schemas: { Ticket: z.toJSONSchema(ticketSchema, { io: 'input' }) },
  };
}

const oneOrMany = {
  oneOf: [{ $ref: '#/components/schemas/Ticket' }, { type: 'array', items: { $ref: '#/components/schemas/Ticket' } }],
};
