import { cleanLineSchema, releaseManifestSchema } from '@assay/shared/contracts/release';
import { type ApiPart, problems } from '@assay/shared/http/openapi';
import { z } from 'zod';

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: object) => ({ 'application/json': { schema } });

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

const file = {
  summary: 'The training examples of a release, one JSON object a line, in order of doc_id.',
  parameters: [
    release,
    header('If-None-Match', 'ETag of the file you have; answered 304 when it is this one.'),
    header('Range', 'One range of bytes.'),
    header('If-Range', 'ETag of the file you have a part of.'),
  ],
  responses: {
    200: {
      description: 'The whole file; its ETag is its SHA-256.',
      content: {
        'application/x-ndjson': {
          schema: { type: 'string', description: 'One CleanLine a line.' },
          itemSchema: ref('CleanLine'),
        },
      },
    },
    206: { description: 'The range asked for.' },
    304: { description: 'You have it.' },
    ...problems({ 404: 'There is no such release.', 416: 'The range starts behind the end of the file.' }),
  },
};

const releases = {
  description: 'Releases whose files are there.',
  content: json({ type: 'object', properties: { releases: { type: 'array', items: ref('Release') } } }),
};

const one = {
  200: { description: 'Its manifest.', content: json(ref('Release')) },
  ...problems({ 404: 'There is no such release.' }),
};

/** Made from the contracts of manifest and lines. */
export const releasesApi = (): ApiPart => ({
  paths: {
    '/v1/gold/releases': { get: { summary: 'All releases, newest first.', responses: { 200: releases } } },
    '/v1/gold/releases/latest': { get: { summary: 'The newest release.', responses: one } },
    '/v1/gold/releases/{release}': { get: { summary: 'One release.', parameters: [release], responses: one } },
    '/v1/gold/releases/{release}/clean_training_dataset.jsonl': { get: file },
  },
  schemas: { CleanLine: z.toJSONSchema(cleanLineSchema), Release: z.toJSONSchema(releaseManifestSchema) },
});
