import { z } from 'zod';
import { accountViewSchema, statusSchema } from '../status/status.ts';

const answer = (description: string, name: string) => ({
  200: { description, content: { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } } },
});

const docId = {
  name: 'doc_id',
  in: 'path',
  required: true,
  schema: { type: 'string', pattern: '^[0-9a-f]{32}$' },
};

const journeySchema = z.object({
  doc_id: z.string(),
  stops: z.array(z.object({ at: z.string(), stop: z.string(), event: z.string(), detail: z.unknown() })),
});

/** The API as OpenAPI 3.1, made from the schemas its answers are typed by. */
export function consoleOpenApi(): object {
  const journey = {
    summary: 'The whole story of a document, in order of time, and why it is or is not in gold.',
    parameters: [docId],
    responses: {
      ...answer('Its stops.', 'Journey'),
      400: { description: 'That is no doc_id.' },
      404: { description: 'There is no such document.' },
    },
  };
  return {
    openapi: '3.1.0',
    info: { title: 'Assay console', version: '1' },
    paths: {
      '/v1/status': { get: { summary: 'How everything is right now.', responses: answer('The status.', 'Status') } },
      '/v1/account': { get: { summary: 'Whether everything is accounted for.', responses: answer('It.', 'Account') } },
      '/v1/documents/{doc_id}/journey': { get: journey },
    },
    components: {
      schemas: {
        Status: z.toJSONSchema(statusSchema),
        Account: z.toJSONSchema(accountViewSchema),
        Journey: z.toJSONSchema(journeySchema),
      },
    },
  };
}
