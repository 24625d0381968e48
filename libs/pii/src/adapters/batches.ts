/** A network that scores tokens: for each list of ids, `labels` scores for each id, one after the other. */
export interface TokenClassifier {
  classify(batch: readonly (readonly number[])[]): Promise<readonly Float32Array[]>;
}

interface Job {
  readonly ids: readonly number[];
  readonly resolve: (scores: Float32Array) => void;
  readonly reject: (error: unknown) => void;
}

/** Lists of about one length go together: shorter ones are filled up to the longest, and filling costs as much as text. */
const lengthClass = ({ ids }: Job): number => Math.ceil(ids.length / 32);

/**
 * Whoever asks while the network is at work waits and is asked for together with others. One batch is at work at a time,
 * which bounds the memory; a job whose signal aborts is forgotten.
 */
export class Batches {
  readonly #classifier: TokenClassifier;
  readonly #most: number;
  readonly #waiting: Job[] = [];
  #isAtWork = false;

  constructor(classifier: TokenClassifier, most: number) {
    this.#classifier = classifier;
    this.#most = most;
  }

  async scoresOf(ids: readonly number[], signal: AbortSignal): Promise<Float32Array> {
    signal.throwIfAborted();
    let forget = (): void => undefined;
    try {
      return await new Promise((resolve, reject) => {
        const job: Job = { ids, resolve, reject };
        forget = () => this.#forget(job, signal.reason);
        signal.addEventListener('abort', forget);
        this.#waiting.push(job);
        if (!this.#isAtWork) void this.#work();
      });
    } finally {
      // A signal serves all the windows of a text, and would keep every one of them.
      signal.removeEventListener('abort', forget);
    }
  }

  #forget(job: Job, reason: unknown): void {
    const at = this.#waiting.indexOf(job);
    if (at >= 0) this.#waiting.splice(at, 1);
    job.reject(reason);
  }

  async #work(): Promise<void> {
    this.#isAtWork = true;
    // Those who ask in the same turn go into the first batch.
    await Promise.resolve();
    for (let batch = this.#take(); batch.length > 0; batch = this.#take()) {
      try {
        const scores = await this.#classifier.classify(batch.map(({ ids }) => ids));
        batch.forEach((job, i) => job.resolve(scores[i] as Float32Array));
      } catch (error) {
        for (const job of batch) job.reject(error);
      }
    }
    this.#isAtWork = false;
  }

  #take(): readonly Job[] {
    const [first] = this.#waiting;
    if (first === undefined) return [];
    const alike = this.#waiting.filter((job) => lengthClass(job) === lengthClass(first)).slice(0, this.#most);
    for (const job of alike) this.#waiting.splice(this.#waiting.indexOf(job), 1);
    return alike;
  }
}
