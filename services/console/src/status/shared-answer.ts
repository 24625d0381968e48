/** One answer for everybody who asks within `maxAgeMs`: ten open pages cost no more than one. */
export class SharedAnswer<T> {
  readonly #ask: () => Promise<T>;
  readonly #maxAgeMs: number;
  readonly #now: () => number;
  #current: { readonly at: number; readonly answer: Promise<T> } | null = null;

  constructor(ask: () => Promise<T>, maxAgeMs: number, now: () => number) {
    this.#ask = ask;
    this.#maxAgeMs = maxAgeMs;
    this.#now = now;
  }

  get(): Promise<T> {
    const at = this.#now();
    if (this.#current === null || at - this.#current.at >= this.#maxAgeMs) this.#current = { at, answer: this.#ask() };
    return this.#current.answer;
  }
}
