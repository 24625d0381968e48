/** When a segment is closed: by size, or when its first line has waited long enough. */
export interface SegmentLimits {
  readonly lines: number;
  readonly bytes: number;
  readonly ageMs: number;
}

/** Numbered lines that are in no segment yet, counted up to one segment. */
export interface Waiting {
  readonly lines: number;
  readonly bytes: number;
  readonly ageMs: number;
}

export const isSegmentDue = (waiting: Waiting, limits: SegmentLimits): boolean =>
  waiting.lines > 0 &&
  (waiting.lines >= limits.lines || waiting.bytes >= limits.bytes || waiting.ageMs >= limits.ageMs);

/** The number in a name that contracts/blobs.ts built. */
export function segmentNumberOf(blobName: string): number {
  const number = /\/(\d+)-/.exec(blobName)?.[1];
  if (number === undefined) throw new TypeError(`${blobName} is not the name of a segment`);
  return Number(number);
}
