/** When a segment is closed: by size, or when its first line has waited long enough. */
export interface SegmentLimits {
  readonly lines: number;
  readonly bytes: number;
  readonly ageMs: number;
}

/** Lines that are in no segment yet. */
export interface Waiting {
  readonly lines: number;
  readonly bytes: number;
  readonly ageMs: number;
}

export const isSegmentDue = (waiting: Waiting, limits: SegmentLimits): boolean =>
  waiting.lines > 0 &&
  (waiting.lines >= limits.lines || waiting.bytes >= limits.bytes || waiting.ageMs >= limits.ageMs);
