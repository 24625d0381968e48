/** Tells which of two decisions about a document is newer: the life of the database first, then the version. */
export interface Place {
  readonly life: number;
  readonly version: number;
}

/** As much of a decision as is needed to find the newest. */
export interface Versioned extends Place {
  readonly doc_id: string;
}

export interface Newest<T> {
  /** The newest decision of each document, if it is newer than the one applied; sorted by doc_id. */
  readonly newest: readonly T[];
  /** Decisions no newer than one before them, applied or in the same batch. */
  readonly duplicate: number;
}

/** A restore sets versions back and begins another life, so a version says something within its life only. */
export const isNewer = (a: Place, b: Place): boolean => (a.life === b.life ? a.version > b.version : a.life > b.life);

const BEFORE_ALL: Place = { life: 0, version: 0 };

/**
 * A snapshot delivers a document's decisions in any order, and a redelivery repeats them, so only life and version count.
 * What is a duplicate does not depend on how the messages were cut into batches.
 */
export function newestDecisions<T extends Versioned>(
  batch: readonly T[],
  applied: ReadonlyMap<string, Place>,
): Newest<T> {
  const newest = new Map<string, T>();
  let duplicate = 0;
  for (const decision of batch) {
    const { doc_id } = decision;
    const before = newest.get(doc_id) ?? applied.get(doc_id) ?? BEFORE_ALL;
    if (isNewer(decision, before)) newest.set(doc_id, decision);
    else duplicate++;
  }
  const byId = (a: T, b: T) => (a.doc_id < b.doc_id ? -1 : 1);
  return { newest: [...newest.values()].toSorted(byId), duplicate };
}
