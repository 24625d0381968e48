import { type ApiPart, problems } from '@assay/shared/http/openapi';
import { z } from 'zod';
import { cloudEventSchema, toldPathsSchema } from './label-files-request.ts';
import { toldSchema } from './label-files.controller.ts';

const event = z.toJSONSchema(cloudEventSchema, { io: 'input' });

/** Made from the schemas that read the requests. */
export const labelFilesApi = (): ApiPart => ({
  paths: {
    '/v1/label-files': {
      post: {
        summary: 'Tell that label files are there: by their paths, or by blob-created events of Event Grid.',
        requestBody: {
          required: true,
          content: {
            'application/json': { schema: z.toJSONSchema(toldPathsSchema, { io: 'input' }) },
            'application/cloudevents+json': { schema: event },
            'application/cloudevents-batch+json': { schema: { type: 'array', items: event } },
          },
        },
        responses: {
          202: {
            description: 'They will be looked for now. Those that are not there or known already change nothing.',
            content: { 'application/json': { schema: z.toJSONSchema(toldSchema) } },
          },
          ...problems({
            415: 'The body is not of one of the content types above.',
            422: 'The body is not of the form of its content type.',
          }),
        },
      },
      options: {
        summary: 'Event Grid asks whether it may send events here.',
        security: [],
        responses: { 200: { description: 'It may.' } },
      },
    },
  },
});
