import { disagreementLineSchema } from '@assay/shared/contracts/disagreement-line';
import { goldLineSchema } from '@assay/shared/contracts/gold-line';
import { type ApiPart, problems } from '@assay/shared/http/openapi';
import { z } from 'zod';
import { LIFE_HEADER, NEXT_SEQ_HEADER, tailQuerySchema } from './lines.controller.ts';

const lines = (name: string) => ({
  'application/x-ndjson': {
    schema: { type: 'string', description: `One ${name} a line.` },
    itemSchema: { $ref: `#/components/schemas/${name}` },
  },
});

const tail = (summary: string, line: string) => ({
  get: {
    summary,
    parameters: Object.entries(z.toJSONSchema(tailQuerySchema, { io: 'input' }).properties ?? {}).map(
      ([name, schema]) => ({ name, in: 'query', required: false, schema }),
    ),
    responses: {
      200: {
        description: 'Lines in the order of their sequence numbers; none when there is nothing new.',
        headers: {
          [LIFE_HEADER]: {
            description: 'Counts up when the database was restored. When it rises, read again from `after=0`.',
            schema: { type: 'integer' },
          },
          [NEXT_SEQ_HEADER]: { description: 'Give this back as `after` to read on.', schema: { type: 'integer' } },
        },
        content: lines(line),
      },
      ...problems({ 400: 'A parameter is not a number in its range.' }),
    },
  },
});

/** Made from the contracts of the lines themselves. */
export const linesApi = (): ApiPart => ({
  paths: {
    '/v1/gold/lines': tail('Tail the gold stream.', 'GoldLine'),
    '/v1/disagreements/lines': tail('Tail the disagreement stream.', 'DisagreementLine'),
  },
  schemas: {
    GoldLine: z.toJSONSchema(goldLineSchema),
    DisagreementLine: z.toJSONSchema(disagreementLineSchema),
  },
});
