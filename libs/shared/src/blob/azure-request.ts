import { type ContainerClient, RestError } from '@azure/storage-blob';
import { PipelineError } from '../errors/pipeline-error.ts';

/**
 * Does one request and gives it up when the deadline is over: a server that takes the connection and says nothing would
 * otherwise hold us for ever. Everything the service or the network says is an outage to us (time-outs, 5xx, a refused key);
 * a bug of ours passes.
 */
export async function attempt<T>(
  doing: string,
  deadlineMs: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), deadlineMs);
  try {
    return await work(deadline.signal);
  } catch (error) {
    if (deadline.signal.aborted) throw outage(doing, `no answer within ${deadlineMs} ms`, error);
    if (!(error instanceof RestError) && !isAbort(error)) throw error;
    throw outage(doing, reasonOf(error), error);
  } finally {
    clearTimeout(timer);
  }
}

export const outage = (doing: string, reason: string, cause: unknown): PipelineError =>
  new PipelineError('DEPENDENCY_UNAVAILABLE', `${doing}: ${reason}`, { cause, dependency: 'blob' });

const reasonOf = (error: unknown): string =>
  error instanceof RestError ? (error.code ?? `status ${error.statusCode}`) : (error as Error).name;

const isAbort = (error: unknown): error is Error => error instanceof Error && error.name === 'AbortError';

export const hasStatus = (error: unknown, ...statuses: number[]): boolean =>
  error instanceof RestError && statuses.includes(error.statusCode ?? 0);

/** Null for a status that means that it is not there, or not any more. */
export async function orNull<T>(work: () => Promise<T>, ...statuses: number[]): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (hasStatus(error, ...statuses)) return null;
    throw error;
  }
}

/** Makes the request; when the container is missing, makes that and the request again. */
export async function withContainer<T>(
  client: ContainerClient,
  abortSignal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RestError && error.code === 'ContainerNotFound')) throw error;
    await client.createIfNotExists({ abortSignal });
    return work();
  }
}

/** Azure lists an etag without the quotes that it has everywhere else. */
export const bare = (etag: string | undefined): string => (etag ?? '').replaceAll('"', '');
