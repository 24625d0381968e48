import type { Readable } from 'node:stream';
import type { BlobClient } from '@azure/storage-blob';
import { attempt, bare, orNull, outage } from './azure-request.ts';
import type { OpenBlob, Range, Version } from './blob-store.ts';

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
  return { etag: bare(answer.etag), size, chunks: piecesOf(from, answer.readableStreamBody as Readable) };
}

async function nothingOf({ doing, deadlineMs, blob }: Download, etag: string | undefined): Promise<OpenBlob | null> {
  const found = await attempt(doing, deadlineMs, (abortSignal) =>
    orNull(() => blob.getProperties({ abortSignal, ...conditions(etag) }), 404, 412),
  );
  if (found === null) return null;
  return { etag: bare(found.etag), size: found.contentLength ?? 0, chunks: noChunks() };
}

async function* noChunks(): AsyncGenerator<Uint8Array> {}

const conditions = (etag: string | undefined) => (etag === undefined ? {} : { conditions: { ifMatch: `"${etag}"` } });

/** Written out, because a generator that nobody began would keep the connection when it is told to let go. */
function piecesOf({ doing, deadlineMs }: Download, body: Readable): AsyncIterableIterator<Uint8Array> {
  body.on('error', () => {}); // it may break while nobody reads; whoever reads on is told
  const pieces = body[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      const timer = setTimeout(() => body.destroy(new Error(`no more bytes within ${deadlineMs} ms`)), deadlineMs);
      try {
        return await pieces.next();
      } catch (error) {
        throw outage(doing, (error as Error).message, error);
      } finally {
        clearTimeout(timer);
      }
    },
    async return() {
      body.destroy();
      return { done: true, value: undefined };
    },
  };
}
