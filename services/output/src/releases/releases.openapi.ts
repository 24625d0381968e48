import { cleanLineSchema, JSONL_FILE, releaseManifestSchema } from '@assay/shared/contracts/release';
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

const fileOf = (summary: string, content: object, named: readonly object[] = []) => ({
  get: {
    summary,
    parameters: [
      release,
      ...named,
      header('If-None-Match', 'ETag of the file you have; answered 304 when it is this one.'),
      header('Range', 'One range of bytes.'),
      header('If-Range', 'ETag of the file you have a part of.'),
    ],
    responses: {
      200: { description: 'The whole file; its ETag is its SHA-256.', content },
      206: { description: 'The range asked for.' },
      304: { description: 'You have it.' },
      ...problems({
        404: 'There is no such release, or it has no such file.',
        416: 'The range starts behind the end of the file.',
      }),
    },
  },
});

const jsonlFile = fileOf('The training examples of a release, one JSON object a line, in order of doc_id.', {
  'application/x-ndjson': {
    schema: { type: 'string', description: 'One CleanLine a line.' },
    itemSchema: ref('CleanLine'),
  },
});

const anyFile = fileOf(
  'A file of a release: the same training examples in a format it was made in.',
  { '*/*': { schema: { description: 'In the media type that the manifest says.' } } },
  [
    {
      name: 'file',
      in: 'path',
      required: true,
      description: 'Name of the file, as the manifest lists it.',
      schema: { type: 'string' },
    },
  ],
);

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
    [`/v1/gold/releases/{release}/${JSONL_FILE}`]: jsonlFile,
    '/v1/gold/releases/{release}/{file}': anyFile,
  },
  schemas: { CleanLine: z.toJSONSchema(cleanLineSchema), Release: z.toJSONSchema(releaseManifestSchema) },
});
