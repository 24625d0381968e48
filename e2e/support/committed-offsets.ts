import { setTimeout as sleep } from 'node:timers/promises';

/** The group's committed offset of each partition; absent where nothing was committed yet. */
export type Committed = ReadonlyMap<number, bigint>;

const SAMPLE_EVERY_MS = 25;

/** Watches what lag tools see: a committed offset that ever goes back is a setback, whatever happens in between. */
export class CommittedOffsets {
  readonly setbacks: string[] = [];
  readonly #stopping = new AbortController();
  readonly #watching: Promise<void>;

  constructor(read: () => Promise<Committed>) {
    this.#watching = this.#watch(read);
  }

  /** Ends the watch after one last look and answers every setback seen. */
  async stop(): Promise<readonly string[]> {
    this.#stopping.abort();
    await this.#watching;
    return this.setbacks;
  }

  async #watch(read: () => Promise<Committed>): Promise<void> {
    const highest = new Map<number, bigint>();
    for (let isLast = false; !isLast;) {
      isLast = this.#stopping.signal.aborted;
      for (const [partition, offset] of await read()) {
        const before = highest.get(partition) ?? offset;
        if (offset < before) this.setbacks.push(`partition ${partition} from ${before} to ${offset}`);
        highest.set(partition, offset);
      }
      if (!isLast) await sleep(SAMPLE_EVERY_MS);
    }
  }
}
