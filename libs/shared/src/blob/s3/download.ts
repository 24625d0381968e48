import type { Readable } from 'node:stream';
import { GetObjectCommand, HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { bare, noPieces, piecesOf } from '../attempt.ts';
import type { OpenBlob, Range, Version } from '../blob-store.ts';
import { attempt, orNull } from './request.ts';

export interface Download {
  readonly doing: string;
  readonly deadlineMs: number;
  readonly client: S3Client;
  readonly at: { readonly Bucket: string; readonly Key: string };
}

/** One request, so that all of it is of one version; a deadline for its answer, and one for each piece of it. */
export async function download(
  from: Download,
  { from: first = 0, to, etag }: Version & Range,
): Promise<OpenBlob | null> {
  const { doing, deadlineMs, client, at } = from;
  if (to !== undefined && to <= first) return nothingOf(from, etag);
  const isWhole = first === 0 && to === undefined;
  const range = isWhole ? {} : { Range: `bytes=${first}-${to === undefined ? '' : to - 1}` };
  const answer = await attempt(doing, deadlineMs, (abortSignal) =>
    orNull(
      () => client.send(new GetObjectCommand({ ...at, ...range, ...conditions(etag) }), { abortSignal }),
      404,
      412,
      416,
    ),
  );
  // Not there, another version, or beyond the end: its head tells which.
  if (answer === null) return nothingOf(from, etag);
  const size = Number(/\/(\d+)$/.exec(answer.ContentRange ?? '')?.[1] ?? answer.ContentLength ?? 0);
  return { etag: bare(answer.ETag), size, chunks: piecesOf(doing, deadlineMs, answer.Body as Readable) };
}

async function nothingOf(
  { doing, deadlineMs, client, at }: Download,
  etag: string | undefined,
): Promise<OpenBlob | null> {
  const found = await attempt(doing, deadlineMs, (abortSignal) =>
    orNull(() => client.send(new HeadObjectCommand({ ...at, ...conditions(etag) }), { abortSignal }), 404, 412),
  );
  if (found === null) return null;
  return { etag: bare(found.ETag), size: found.ContentLength ?? 0, chunks: noPieces() };
}

const conditions = (etag: string | undefined) => (etag === undefined ? {} : { IfMatch: `"${etag}"` });
