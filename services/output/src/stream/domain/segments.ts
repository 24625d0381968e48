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

/** In how many milliseconds a segment is due, if nothing more comes; 0 for now, null when nothing waits. */
export function segmentDueInMs(waiting: Waiting, limits: SegmentLimits): number | null {
  if (waiting.lines === 0) return null;
  const isFull = waiting.lines >= limits.lines || waiting.bytes >= limits.bytes;
  return isFull ? 0 : Math.max(0, limits.ageMs - waiting.ageMs);
}
