import type { ListedBlob } from '@assay/shared/blob/blob-store';
import { MIB } from '@assay/shared/contracts/units';

/** A label file as the container lists it. */
export interface ListedFile {
  readonly path: string;
  readonly etag: string;
  readonly size: number;
}

/** It is held in memory while its rows are read. */
export const FILE_MAX_BYTES = 256 * MIB;

/** Paths are part of keys, messages and lines of a log. */
export const PATH_MAX_BYTES = 512;

/** Label files lie below the day they were dropped; anything else in the container is not ours to read. */
const BELOW_A_DAY = /^\d{4}\/\d{2}\/\d{2}\/./;

/** Half of a file that is being appended to reads like a whole one that was cut off in its last row. */
export const APPEND_QUIET_MS = 60_000;

export const isGrowing = ({ mayGrow, writtenAt }: Pick<ListedBlob, 'mayGrow' | 'writtenAt'>, now: Date): boolean =>
  mayGrow && now.getTime() - writtenAt.getTime() < APPEND_QUIET_MS;

/** Why a file is not even looked at, as a sentence with its remedy; null for one that is read. */
export function nameFault(path: string): string | null {
  if (!BELOW_A_DAY.test(path))
    return 'This file is not below YYYY/MM/DD/ and is not read; move it there if it has labels.';
  if (Buffer.byteLength(path) > PATH_MAX_BYTES)
    return `The name of this file is longer than ${PATH_MAX_BYTES} bytes and it is not read; give it a shorter one.`;
  if (/\p{Cc}/u.test(path) || !path.isWellFormed())
    return 'The name of this file has control characters in it and it is not read; give it another one.';
  return null;
}

/** As much of a name as a line of a log can carry, whatever is in it. */
export const shownPath = (path: string): string =>
  path
    .replaceAll(/\p{Cc}/gu, '?')
    .toWellFormed()
    .slice(0, 200);
