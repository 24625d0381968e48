import { type ApiPart, problems } from '@assay/shared/http/openapi';
import { z } from 'zod';

const journeySchema = z.object({
  doc_id: z.string(),
  stops: z.array(z.object({ at: z.string(), stop: z.string(), event: z.string(), detail: z.unknown() })),
});

const docId = {
  name: 'doc_id',
  in: 'path',
  required: true,
  schema: { type: 'string', pattern: '^[0-9a-f]{32}$' },
};

export const documentsApi = (): ApiPart => ({
  paths: {
    '/v1/documents/{doc_id}/journey': {
      get: {
        summary: 'The whole story of a document, in order of time, and why it is or is not in gold.',
        parameters: [docId],
        responses: {
          200: {
            description: 'The stops of the document.',
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Journey' } } },
          },
          ...problems({ 400: 'That is no doc_id.', 404: 'There is no such document.' }),
        },
      },
    },
  },
  schemas: { Journey: z.toJSONSchema(journeySchema) },
});
