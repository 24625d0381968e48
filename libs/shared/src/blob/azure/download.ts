import type { Readable } from 'node:stream';
import type { BlobClient } from '@azure/storage-blob';
import { bare, noPieces, piecesOf } from '../attempt.ts';
import type { OpenBlob, Range, Version } from '../blob-store.ts';
import { attempt, orNull } from './request.ts';

export interface Download {
  readonly doing: string;
  readonly deadlineMs: number;
  readonly blob: BlobClient;
}

/** One request, so that all of it is of one version; a deadline for its answer, and one for each piece of it. */
export async function download(
  from: Download,
  { from: first = 0, to, etag }: Version & Range,
): Promise<OpenBlob | null> {
  const { doing, deadlineMs, blob } = from;
  if (to !== undefined && to <= first) return nothingOf(from, etag);
  const answer = await attempt(doing, deadlineMs, (abortSignal) =>
    orNull(
      () =>
        blob.download(first, to === undefined ? undefined : to - first, {
          abortSignal,
          maxRetryRequests: 0,
          ...conditions(etag),
        }),
      404,
      412,
      416,
    ),
  );
  // Not there, another version, or beyond the end: the properties tell which.
  if (answer === null) return nothingOf(from, etag);
  const size = Number(/\/(\d+)$/.exec(answer.contentRange ?? '')?.[1] ?? answer.contentLength ?? 0);
  return { etag: bare(answer.etag), size, chunks: piecesOf(doing, deadlineMs, answer.readableStreamBody as Readable) };
}

async function nothingOf({ doing, deadlineMs, blob }: Download, etag: string | undefined): Promise<OpenBlob | null> {
  const found = await attempt(doing, deadlineMs, (abortSignal) =>
    orNull(() => blob.getProperties({ abortSignal, ...conditions(etag) }), 404, 412),
  );
  if (found === null) return null;
  return { etag: bare(found.etag), size: found.contentLength ?? 0, chunks: noPieces() };
}

const conditions = (etag: string | undefined) => (etag === undefined ? {} : { conditions: { ifMatch: `"${etag}"` } });
