import type { Candidate } from './findings.ts';

/** Of candidates that overlap, the higher rank stays, then the longer, then the earlier. Sorted by place. */
export function resolveOverlaps(candidates: readonly Candidate[]): readonly Candidate[] {
  if (isInOrder(candidates)) return candidates;
  const sorted = candidates.toSorted((a, b) => a.start - b.start || b.end - a.end);
  const kept: Candidate[] = [];
  for (const candidate of sorted) {
    const last = kept.at(-1);
    if (last === undefined || last.end <= candidate.start) kept.push(candidate);
    else if (isBetter(candidate, last)) {
      kept.pop();
      kept.push(candidate);
    }
  }
  return kept;
}

function isInOrder(candidates: readonly Candidate[]): boolean {
  for (let i = 1; i < candidates.length; i++) {
    if ((candidates[i] as Candidate).start < (candidates[i - 1] as Candidate).end) return false;
  }
  return true;
}

const isBetter = (one: Candidate, other: Candidate): boolean =>
  one.rank !== other.rank ? one.rank > other.rank : one.end - one.start > other.end - other.start;
