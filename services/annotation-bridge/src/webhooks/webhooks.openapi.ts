import { type ApiPart, problems } from '@assay/shared/http/openapi';

export const webhooksApi = (): ApiPart => ({
  paths: {
    '/v1/webhooks/{tool}': {
      post: {
        summary: 'What a labelling tool calls when somebody has labelled.',
        description:
          'Verified by the secret of the tool, not by an API key. The body is only a hint where to look; what counts is asked of the tool.',
        security: [],
        parameters: [{ name: 'tool', in: 'path', required: true, schema: { type: 'string' } }],
        requestBody: { required: true, content: { 'application/json': { schema: { type: 'object' } } } },
        responses: {
          204: { description: 'What it says is remembered and will be looked at.' },
          ...problems({
            400: 'The body is no JSON.',
            401: 'It does not carry the secret or signature of the tool.',
            404: 'Webhooks of this tool are not taken.',
            503: 'Postgres does not answer.',
          }),
        },
      },
    },
  },
});
