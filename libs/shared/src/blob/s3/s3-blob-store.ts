import { buffer } from 'node:stream/consumers';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3';
import { bare, DEADLINE_MS } from '../attempt.ts';
import type { BlobStore } from '../blob-store.ts';
import { download } from './download.ts';
import { attempt, hasStatus, orNull } from './request.ts';
import { type Upload, upload } from './upload.ts';
import { proveWriteOnce } from './prove-write-once.ts';

export interface Bucket {
  readonly inside: { readonly bucket: string };
  readonly region: string | undefined;
  readonly endpoint: string | undefined;
}

/**
 * One bucket of S3 or of a server that speaks its protocol. Its own retries are off: the lane's backoff heartbeats while it
 * waits. Credentials are found as every AWS program finds them.
 */
export function createS3BlobStore(
  { inside: { bucket }, region, endpoint }: Bucket,
  { deadlineMs = DEADLINE_MS } = {},
): BlobStore {
  const client = new S3Client({
    maxAttempts: 1,
    // Checksums in a trailer are new, and most other servers refuse them.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true, region: region ?? 'us-east-1' }),
  });
  const at = (name: string) => ({ Bucket: bucket, Key: name });
  const to = (name: string, rest: Pick<Upload, 'doing' | 'metadata' | 'mayReplace'>): Upload => ({
    ...rest,
    client,
    deadlineMs,
    at: at(name),
  });
  const open: BlobStore['open'] = (name, part = {}) =>
    download({ doing: `reading blob ${name}`, deadlineMs, client, at: at(name) }, part);
  const head = (doing: string, name: string) =>
    attempt(doing, deadlineMs, (abortSignal) =>
      orNull(() => client.send(new HeadObjectCommand(at(name)), { abortSignal }), 404),
    );
  const create: BlobStore['create'] = (name, content, metadata) =>
    upload(to(name, { doing: `writing blob ${name}`, metadata, mayReplace: false }), content);
  let isProven = false;

  return {
    create,

    async replace(name, content, metadata) {
      await upload(to(name, { doing: `replacing blob ${name}`, metadata, mayReplace: true }), content);
    },

    async read(name, version = {}) {
      const found = await open(name, version);
      return found === null ? null : buffer(found.chunks);
    },

    open,

    async metadata(name) {
      const found = await head(`reading the metadata of blob ${name}`, name);
      return found === null ? null : (found.Metadata ?? {});
    },

    async *list(prefix) {
      // Names are asked for encoded, because an XML answer cannot carry every one of them.
      const asked = { Bucket: bucket, Prefix: prefix, EncodingType: 'url' } as const;
      for (let token: string | undefined; ;) {
        const page = await attempt(`listing blobs below ${prefix}`, deadlineMs, (abortSignal) =>
          client.send(new ListObjectsV2Command({ ...asked, ContinuationToken: token }), { abortSignal }),
        );
        for (const { Key, ETag, Size = 0, LastModified = new Date(0) } of page.Contents ?? [])
          yield { name: decoded(Key!), etag: bare(ETag), size: Size, writtenAt: LastModified, mayGrow: false };
        token = page.NextContinuationToken;
        if (!token) return;
      }
    },

    async delete(name) {
      // S3 answers a delete alike whether anything was there.
      if ((await head(`deleting blob ${name}`, name)) === null) return false;
      await attempt(`deleting blob ${name}`, deadlineMs, (abortSignal) =>
        client.send(new DeleteObjectCommand(at(name)), { abortSignal }),
      );
      return true;
    },

    async ping() {
      await attempt(`reaching bucket ${bucket}`, deadlineMs, (abortSignal) =>
        bucketIsThere(client, bucket, abortSignal),
      );
      if (!isProven) await proveWriteOnce(create, bucket);
      isProven = true;
    },
  };
}

const decoded = (key: string): string => decodeURIComponent(key.replaceAll('+', ' '));

async function bucketIsThere(client: S3Client, Bucket: string, abortSignal: AbortSignal): Promise<void> {
  if ((await orNull(() => client.send(new HeadBucketCommand({ Bucket }), { abortSignal }), 404)) !== null) return;
  try {
    await client.send(new CreateBucketCommand({ Bucket }), { abortSignal });
  } catch (error) {
    // Another instance made it in between.
    if (!hasStatus(error, 409)) throw error;
  }
}
