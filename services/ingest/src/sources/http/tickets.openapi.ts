import { ticketSchema } from '@assay/shared/contracts/ticket';
import { knownCompressions } from '@assay/shared/http/content-coding';
import { type ApiPart, problems } from '@assay/shared/http/openapi';
import { z } from 'zod';
import { ticketContentTypes } from './read-tickets.ts';
import { LINES_TYPE, receiptSchema, ticketReceiptSchema } from './tickets.controller.ts';

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
          parameters: [
            {
              name: 'Content-Encoding',
              in: 'header',
              description: 'How the body was compressed, if it was: as one member of gzip or one frame of zstd.',
              schema: { enum: [...knownCompressions] },
            },
          ],
          requestBody: { required: true, content },
          responses: {
            202: {
              description:
                'Kafka holds every ticket of the request. Lines, one for each ticket, where `Accept` names them.',
              content: {
                'application/json': { schema: z.toJSONSchema(receiptSchema) },
                [LINES_TYPE]: { schema: z.toJSONSchema(ticketReceiptSchema) },
              },
            },
            ...problems({
              400: 'The body is not compressed as `Content-Encoding` says.',
              413: 'The request is too large, unpacks to too much, or holds too many tickets; send fewer at a time.',
              415: 'The body is not of one of the content types above, or is compressed in another way.',
              422: 'At least one ticket breaks the contract, so none was taken. `rejections` says which and why.',
              503: 'Kafka does not answer, or the server is full. Nothing is known to be taken; send the same request again after `Retry-After` seconds.',
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
