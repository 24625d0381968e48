import { type ContainerClient, RestError } from '@azure/storage-blob';
import { attempt as attemptAny, type ReasonOf } from '../attempt.ts';

export const attempt = <T>(doing: string, deadlineMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> =>
  attemptAny(doing, deadlineMs, reasonOf, work);

const NO_TOKEN = new Set(['CredentialUnavailableError', 'AuthenticationError', 'AggregateAuthenticationError']);

const reasonOf: ReasonOf = (error) => {
  if (error instanceof RestError) return error.code ?? `status ${error.statusCode}`;
  if (!(error instanceof Error)) return null;
  if (NO_TOKEN.has(error.name))
    return 'no managed identity, environment or sign-in gave a token for the account; give the identity of this machine a role there (Storage Blob Data Contributor), or use a connection string';
  return error.name === 'AbortError' ? error.name : null;
};

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
