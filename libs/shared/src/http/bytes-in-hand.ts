export interface BytesInHand {
  /** Answers how to give the bytes back, once; null when there is no room for them. */
  take(bytes: number): (() => void) | null;
}

/** Counts what all requests together hold. One alone is always taken: its own limit bounds it. */
export function bytesInHand(most: number): BytesInHand {
  let held = 0;
  return {
    take(bytes) {
      if (held > 0 && bytes > 0 && held + bytes > most) return null;
      held += bytes;
      let given = false;
      return () => {
        if (!given) held -= bytes;
        given = true;
      };
    },
  };
}
