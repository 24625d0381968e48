import { disagreementLineSchema } from '@assay/shared/contracts/disagreement-line';
import { goldLineSchema } from '@assay/shared/contracts/gold-line';
import { cleanLineSchema, releaseManifestSchema } from '@assay/shared/contracts/release';
import { z } from 'zod';
import { NEXT_SEQ_HEADER, tailQuerySchema } from '../stream/lines.controller.ts';

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: object) => ({ 'application/json': { schema } });
const lines = (name: string) => ({
  'application/x-ndjson': { schema: { type: 'string', description: `One ${name} a line.` }, itemSchema: ref(name) },
});

const release = {
  name: 'release',
  in: 'path',
  required: true,
  description: 'Number of the release.',
  schema: { type: 'integer', minimum: 1 },
};

const header = (name: string, description: string) => ({
  name,
  in: 'header',
  required: false,
  description,
  schema: { type: 'string' },
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
          [NEXT_SEQ_HEADER]: { description: 'Give this back as `after` to read on.', schema: { type: 'integer' } },
        },
        content: lines(line),
      },
      400: { description: 'A parameter is not a number in its range.' },
    },
  },
});

const file = {
  summary: 'The training examples of a release, one JSON object a line, in order of doc_id.',
  parameters: [
    release,
    header('If-None-Match', 'ETag of the file you have; answered 304 when it is this one.'),
    header('Range', 'One range of bytes.'),
    header('If-Range', 'ETag of the file you have a part of.'),
  ],
  responses: {
    200: { description: 'The whole file; its ETag is its SHA-256.', content: lines('CleanLine') },
    206: { description: 'The range asked for.' },
    304: { description: 'You have it.' },
    404: { description: 'There is no such release.' },
    416: { description: 'The range starts behind the end of the file.' },
  },
};

/** The API as OpenAPI 3.1, made from the contracts of the lines themselves. */
export function outputOpenApi(): object {
  return {
    openapi: '3.1.0',
    info: { title: 'Assay output', version: '1' },
    paths: {
      '/v1/gold/lines': tail('Tail the gold stream.', 'GoldLine'),
      '/v1/disagreements/lines': tail('Tail the disagreement stream.', 'DisagreementLine'),
      '/v1/gold/releases': { get: { summary: 'All releases, newest first.', responses: { 200: releases } } },
      '/v1/gold/releases/latest': { get: { summary: 'The newest release.', responses: one } },
      '/v1/gold/releases/{release}': { get: { summary: 'One release.', parameters: [release], responses: one } },
      '/v1/gold/releases/{release}/clean_training_dataset.jsonl': { get: file },
    },
    components: {
      schemas: {
        GoldLine: z.toJSONSchema(goldLineSchema),
        DisagreementLine: z.toJSONSchema(disagreementLineSchema),
        CleanLine: z.toJSONSchema(cleanLineSchema),
        Release: z.toJSONSchema(releaseManifestSchema),
      },
    },
  };
}

const releases = {
  description: 'Releases whose files are there.',
  content: json({ type: 'object', properties: { releases: { type: 'array', items: ref('Release') } } }),
};

const one = {
  200: { description: 'Its manifest.', content: json(ref('Release')) },
  404: { description: 'There is no such release.' },
};
