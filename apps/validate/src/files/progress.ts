/** Tells on stderr how far a long run is; a short one stays silent. */
export class Progress {
  readonly #files: number;
  readonly #now: () => number;
  readonly #write: (line: string) => void;
  #bytes = 0;
  #nextAt: number;

  constructor(files: number, now: () => number, write: (line: string) => void) {
    this.#files = files;
    this.#now = now;
    this.#write = write;
    this.#nextAt = now() + INTERVAL_MS;
  }

  read(bytes: number, at: { filesDone: number; rows: number }): void {
    this.#bytes += bytes;
    const { filesDone, rows } = at;
    const megabytes = Math.round(this.#bytes / 1e6);
    this.tell(() => `${filesDone} of ${this.#files} files, ${megabytes} MB, ${rows.toLocaleString('en')} rows`);
  }

  /** A stage without pieces, such as writing the results. */
  tell(message: () => string): void {
    const now = this.#now();
    if (now < this.#nextAt) return;
    this.#nextAt = now + INTERVAL_MS;
    this.#write(`assay validate: ${message()}\n`);
  }
}

const INTERVAL_MS = 2000;
