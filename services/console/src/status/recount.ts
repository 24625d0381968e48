import { setTimeout as sleep } from 'node:timers/promises';

/** Counting takes this much of the time at most, however large the tables are: after it has taken a second, it rests for 19. */
const SHARE_OF_TIME = 1 / 20;

/** Small tables are counted while the asker waits; he does not wait longer than this when there is an older answer. */
const WAITS_MS = 500;

export interface RecountOptions {
  readonly now: () => number;
  readonly waitsMs?: number;
}

/**
 * An answer that costs more the more there is, for a page that asks each second: counted anew when as much time has passed as
 * its share allows, and until then the last one is given. A failure is an answer, too.
 */
export class Recount<T> {
  readonly #count: () => Promise<T>;
  readonly #now: () => number;
  readonly #waitsMs: number;
  #running: Promise<T> | null = null;
  #last: { readonly answer: Promise<T>; readonly at: number; readonly dueAt: number } | null = null;

  constructor(count: () => Promise<T>, { now, waitsMs = WAITS_MS }: RecountOptions) {
    this.#count = count;
    this.#now = now;
    this.#waitsMs = waitsMs;
  }

  /** When the last answer was begun; null before the first. */
  get at(): number | null {
    return this.#last?.at ?? null;
  }

  async get(): Promise<T> {
    if (this.#running === null && this.#now() >= (this.#last?.dueAt ?? -Infinity)) this.#begin();
    const { answer } = this.#last ?? {};
    if (answer === undefined) return this.#running!;
    if (this.#running === null) return answer;
    const waiting = new AbortController();
    const late = sleep(this.#waitsMs, undefined, { signal: waiting.signal }).then(
      () => answer,
      () => answer,
    );
    try {
      return await Promise.race([this.#running, late]);
    } finally {
      waiting.abort();
    }
  }

  #begin(): void {
    const at = this.#now();
    const answer = this.#count();
    const end = (): void => {
      const took = this.#now() - at;
      this.#last = { answer, at, dueAt: this.#now() + took * (1 / SHARE_OF_TIME - 1) };
      this.#running = null;
    };
    this.#running = answer;
    answer.then(end, end);
  }
}
