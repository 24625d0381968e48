import { z } from 'zod';
import { problemSchema } from './problem.ts';

/** What a door adds to the description of its server: paths of OpenAPI 3.1 and the schemas they name. */
export interface ApiPart {
  readonly paths: Readonly<Record<string, object>>;
  readonly schemas?: Readonly<Record<string, object>>;
}

const problemAnswer = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
});

/** Answers other than success, each a problem: `problems({ 404: 'There is no such release.' })`. */
export const problems = (descriptions: Readonly<Record<number, string>>): Readonly<Record<string, object>> =>
  Object.fromEntries(Object.entries(descriptions).map(([status, text]) => [status, problemAnswer(text)]));

/** What every server answers. */
const health: ApiPart = {
  paths: {
    '/health': {
      get: { summary: 'Whether the process lives.', security: [], responses: { 200: { description: 'It lives.' } } },
    },
    '/ready': {
      get: {
        summary: 'Whether everything the service needs answers.',
        security: [],
        responses: {
          200: { description: 'Every dependency answers.' },
          503: { description: 'A dependency does not answer; the body names it and says why.' },
        },
      },
    },
    '/metrics': {
      get: {
        summary: 'Metrics in the text format of Prometheus.',
        security: [],
        responses: { 200: { description: 'The metrics of this process.' } },
      },
    },
  },
};

type Operation = Readonly<Record<string, unknown>> & { readonly responses?: object };

/** Every operation that asks for a key may refuse one. */
const withRefusal = (path: object): object =>
  Object.fromEntries(
    Object.entries(path as Record<string, Operation>).map(([method, operation]) => [
      method,
      operation['security'] === undefined
        ? {
            ...operation,
            responses: {
              ...operation.responses,
              ...problems({
                401: 'No API key was shown, or one that this server does not know.',
                403: 'The API key that was shown opens other routes.',
              }),
            },
          }
        : operation,
    ]),
  );

/** The description of one server, made from the contracts that check its requests and type its answers. */
export function openApiOf(service: string, parts: readonly ApiPart[]): object {
  const all = [health, ...parts];
  return {
    openapi: '3.1.0',
    info: { title: `Assay ${service}`, version: '1' },
    security: [{ apiKey: [] }],
    paths: Object.fromEntries(
      all.flatMap(({ paths }) => Object.entries(paths).map(([path, item]) => [path, withRefusal(item)])),
    ),
    components: {
      schemas: Object.assign(
        { Problem: z.toJSONSchema(problemSchema, { io: 'input' }) },
        ...all.map(({ schemas = {} }) => schemas),
      ) as object,
      securitySchemes: {
        apiKey: {
          type: 'http',
          scheme: 'bearer',
          description:
            'One of HTTP_API_KEYS, or of HTTP_READ_KEYS, HTTP_WRITE_KEYS or HTTP_OPERATE_KEYS as the route needs. On loopback a server may have none.',
        },
      },
    },
  };
}
