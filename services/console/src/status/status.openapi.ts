import type { ApiPart } from '@assay/shared/http/openapi';
import { z } from 'zod';
import { accountViewSchema, statusSchema } from './status.ts';

const answer = (description: string, name: string) => ({
  200: { description, content: { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } } },
});

/** Made from the schemas that type the answers. */
export const statusApi = (): ApiPart => ({
  paths: {
    '/v1/status': {
      get: { summary: 'How everything is right now.', responses: answer('What each part says of itself.', 'Status') },
    },
    '/v1/account': {
      get: {
        summary: 'Whether everything is accounted for.',
        responses: answer('Every count of the account, and which equations do not hold.', 'Account'),
      },
    },
  },
  schemas: { Status: z.toJSONSchema(statusSchema), Account: z.toJSONSchema(accountViewSchema) },
});
