import { containers } from '@assay/shared/contracts/blobs';
import { z } from 'zod';

const PATHS_MAX = 1_000;
const PATH_MAX_LENGTH = 1_024;

export const toldPathsSchema = z
  .object({
    paths: z
      .array(z.string().min(1).max(PATH_MAX_LENGTH))
      .min(1)
      .max(PATHS_MAX)
      .describe(`Blobs below the container \`${containers.labeled}\`.`),
  })
  .strict();

/** A CloudEvent 1.0 as Event Grid sends it. Only what is read of it is asked for. */
export const cloudEventSchema = z.object({
  specversion: z.literal('1.0'),
  id: z.string().min(1),
  source: z.string().min(1),
  type: z.string().min(1),
  subject: z.string().optional().describe('/blobServices/default/containers/<container>/blobs/<path>'),
});

const BLOB_CREATED = 'Microsoft.Storage.BlobCreated';
const SUBJECT = new RegExp(`^/blobServices/default/containers/${containers.labeled}/blobs/(.+)$`);

/** Any other event, and a blob of another container, tells of no label file. */
const pathsOf = ({ type, subject = '' }: z.output<typeof cloudEventSchema>): readonly string[] => {
  const path = type === BLOB_CREATED ? SUBJECT.exec(subject)?.[1] : undefined;
  return path === undefined ? [] : [path];
};

/** By content type: the form of a request, and the paths it tells of. */
export const labelFileContentTypes = {
  'application/json': toldPathsSchema.transform(({ paths }) => paths),
  'application/cloudevents+json': cloudEventSchema.transform(pathsOf),
  'application/cloudevents-batch+json': z
    .array(cloudEventSchema)
    .max(PATHS_MAX)
    .transform((events) => events.flatMap(pathsOf)),
} as const;

export type LabelFilesRequest =
  | { readonly kind: 'told'; readonly paths: readonly string[] }
  | { readonly kind: 'refused'; readonly status: 415 | 422; readonly reason: string };

export function readLabelFilesRequest(contentType: string, body: Uint8Array): LabelFilesRequest {
  const type = contentType.split(';', 1)[0]!.trim().toLowerCase();
  if (!Object.hasOwn(labelFileContentTypes, type))
    return { kind: 'refused', status: 415, reason: `Send one of: ${Object.keys(labelFileContentTypes).join(', ')}.` };
  const schema: z.ZodType<readonly string[]> = labelFileContentTypes[type as keyof typeof labelFileContentTypes];
  const read = schema.safeParse(jsonOf(body));
  return read.success
    ? { kind: 'told', paths: read.data }
    : { kind: 'refused', status: 422, reason: z.prettifyError(read.error) };
}

/** Undefined for what is no JSON, which no form allows. */
function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString()) as unknown;
  } catch {
    return undefined;
  }
}
