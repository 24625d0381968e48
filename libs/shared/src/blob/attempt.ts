import type { Readable } from 'node:stream';
import { PipelineError } from '../errors/pipeline-error.ts';

/** A request that hangs must fail before the consumer's session does, and before the transaction a plan is done in. */
export const DEADLINE_MS = 8_000;

/** What the service or the network says of a failure, in a word or a sentence; null for a bug of ours. */
export type ReasonOf = (error: unknown) => string | null;

/**
 * Does one request and gives it up when the deadline is over: a server that takes the connection and says nothing would
 * otherwise hold us for ever. Everything the service or the network says is an outage to us (time-outs, 5xx, a refused key);
 * a bug of ours passes.
 */
export async function attempt<T>(
  doing: string,
  deadlineMs: number,
  reasonOf: ReasonOf,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), deadlineMs);
  try {
    return await work(deadline.signal);
  } catch (error) {
    if (deadline.signal.aborted) throw outage(doing, `no answer within ${deadlineMs} ms`, error);
    const reason = reasonOf(error);
    throw reason === null ? error : outage(doing, reason, error);
  } finally {
    clearTimeout(timer);
  }
}

const outage = (doing: string, reason: string, cause: unknown): PipelineError =>
  new PipelineError('DEPENDENCY_UNAVAILABLE', `${doing}: ${reason}`, { cause, dependency: 'blob' });

/**
 * The pieces of an answer, each with its own deadline. Written out, because a generator that nobody began would keep the
 * connection when it is told to let go.
 */
export function piecesOf(doing: string, deadlineMs: number, body: Readable): AsyncIterableIterator<Uint8Array> {
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

export async function* noPieces(): AsyncGenerator<Uint8Array> {}

/** An etag as every service of ours tells it: without the quotes that some put around it. */
export const bare = (etag: string | undefined): string => (etag ?? '').replaceAll('"', '');
