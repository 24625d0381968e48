import { S3ServiceException } from '@aws-sdk/client-s3';
import { attempt as attemptAny, type ReasonOf } from '../attempt.ts';

export const attempt = <T>(doing: string, deadlineMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> =>
  attemptAny(doing, deadlineMs, reasonOf, work);

const reasonOf: ReasonOf = (error) => {
  if (error instanceof S3ServiceException) return `${error.name}, status ${error.$metadata.httpStatusCode}`;
  if (!(error instanceof Error)) return null;
  if (error.name === 'CredentialsProviderError')
    return 'no credentials for S3; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run where a role gives them';
  if (error.message === 'Region is missing')
    return 'no region for S3; add ?region=… to BLOB_CONNECTION_STRING or set AWS_REGION';
  // What the network says has a code: ECONNREFUSED, EPIPE, …
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error.name === 'AbortError' || error.name === 'TimeoutError' ? error.name : null;
};

export const hasStatus = (error: unknown, ...statuses: number[]): boolean =>
  error instanceof S3ServiceException && statuses.includes(error.$metadata.httpStatusCode ?? 0);

/** Null for a status that means that it is not there, or not any more. */
export async function orNull<T>(work: () => Promise<T>, ...statuses: number[]): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (hasStatus(error, ...statuses)) return null;
    throw error;
  }
}
