import { attempt as attemptAny, DEADLINE_MS, type ReasonOf } from '../attempt.ts';

export const attempt = <T>(doing: string, work: () => Promise<T>): Promise<T> =>
  attemptAny(doing, DEADLINE_MS, reasonOf, work);

/** A full disk, a missing permission, a folder that is gone: ENOSPC, EACCES, … */
const reasonOf: ReasonOf = (error) =>
  error instanceof Error && 'code' in error && 'syscall' in error
    ? `${String(error.syscall)}: ${String(error.code)}`
    : null;

export const hasCode = (error: unknown, ...codes: string[]): boolean =>
  error instanceof Error && 'code' in error && codes.includes(String(error.code));

/** Null for what is not there, be it the file or a folder on the way to it. */
export async function orNull<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return null;
    throw error;
  }
}
