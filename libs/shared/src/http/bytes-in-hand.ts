export interface BytesInHand {
  /** Null when there is no room for so many. */
  take(bytes: number): Hold | null;
}

/** What one request holds. */
export interface Hold {
  /** Holds more; false when there is no room, or when the bytes were given back meanwhile. */
  grow(bytes: number): boolean;
  /** Gives all of it back; a repeat does nothing. */
  give(): void;
}

/** Counts what all requests together hold. One alone is always taken: its own limit bounds it. */
export function bytesInHand(most: number): BytesInHand {
  let held = 0;
  return {
    take(bytes) {
      let own = 0;
      let given = false;
      const grow = (more: number): boolean => {
        if (given || (held > own && more > 0 && held + more > most)) return false;
        own += more;
        held += more;
        return true;
      };
      const give = (): void => {
        if (!given) held -= own;
        given = true;
      };
      return grow(bytes) ? { grow, give } : null;
    },
  };
}
