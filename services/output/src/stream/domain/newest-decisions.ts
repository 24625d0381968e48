/** As much of a decision as tells which of two is newer. */
export interface Versioned {
  readonly doc_id: string;
  readonly version: number;
}

export interface Newest<T> {
  /** The newest decision of each document, if it is newer than the one applied; sorted by doc_id. */
  readonly newest: readonly T[];
  /** Decisions no newer than one before them, applied or in the same batch. */
  readonly duplicate: number;
}

/**
 * A snapshot delivers a document's decisions in any order, and a redelivery repeats them, so only the version counts. What is
 * a duplicate does not depend on how the messages were cut into batches.
 */
export function newestDecisions<T extends Versioned>(
  batch: readonly T[],
  applied: ReadonlyMap<string, number>,
): Newest<T> {
  const newest = new Map<string, T>();
  let duplicate = 0;
  for (const decision of batch) {
    const { doc_id, version } = decision;
    const before = newest.get(doc_id)?.version ?? applied.get(doc_id) ?? 0;
    if (version > before) newest.set(doc_id, decision);
    else duplicate++;
  }
  const byId = (a: T, b: T) => (a.doc_id < b.doc_id ? -1 : 1);
  return { newest: [...newest.values()].toSorted(byId), duplicate };
}
