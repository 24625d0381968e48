// What a label file may take before it counts as broken or hostile. A file is small where it lies and large where it is
// read: gzip makes a thousand bytes of one, a Parquet dictionary makes twenty million rows of a few hundred kilobytes.

const MIB = 1024 * 1024;

/** What whoever reads can afford. A person's own machine may take an hour over a file; a service must not. */
export interface FileLimits {
  /** Of the content, once it is unpacked. Parquet: of all cells together. */
  readonly bytes: number;
  /** Data records, good and bad. */
  readonly rows: number;
}

export const defaultLimits: FileLimits = { bytes: 64 * 1024 * MIB, rows: 1_000_000_000 };

/** Names in a header. People have tens of them; whatever looks at every name of a record pays for each. */
export const MAX_COLUMNS = 1_000;

/** Objects and lists within each other. What writes JSON calls itself for each level, and ends with the stack. */
export const MAX_DEPTH = 100;

/** A single value, in UTF-16 code units. Messages are shorter, and a dictionary repeats a value for nothing. */
export const MAX_VALUE_LENGTH = 32 * MIB;

/** Rows of one Parquet group, unpacked: it is decoded as a whole. */
export const MAX_GROUP_BYTES = 512 * MIB;

/** Label files pack to a third or a tenth. Beyond `FREE_BYTES`, what packs better than this has no labels in it. */
const MAX_RATIO = 200;
const FREE_BYTES = 64 * MIB;

export function isPackedTooWell(packed: number, unpacked: number): boolean {
  return unpacked > FREE_BYTES && unpacked > packed * MAX_RATIO;
}

/** Never deeper on the stack than `depth` itself, however deep the value is. */
export function isDeeperThan(depth: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (depth === 0) return true;
  for (const part of Object.values(value)) if (isDeeperThan(depth - 1, part)) return true;
  return false;
}
