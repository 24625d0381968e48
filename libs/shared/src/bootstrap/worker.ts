import { setTimeout as sleep } from 'node:timers/promises';
import { isRetriable } from '../errors/pipeline-error.ts';
import type { Log } from '../pipeline/log.ts';

export interface WorkerSettings {
  readonly name: string;
  /** Pause between two rounds that found nothing to do. */
  readonly everyMs: number;
  /** Pause before the first round; none by default. */
  readonly firstAfterMs?: number;
  readonly log: Log;
  readonly onFatal: (error: unknown) => void;
}

/**
 * Work that no message starts: polling a folder, rolling segments, trying labels again. Rounds never overlap; a round that
 * did something is followed by the next at once. An outage is said and tried again; any other error ends the service, as in
 * a lane.
 */
export class Worker {
  readonly name: string;
  readonly #settings: WorkerSettings;
  readonly #round: (stopping: AbortSignal) => Promise<boolean>;
  readonly #stopping = new AbortController();
  #loop: Promise<void> = Promise.resolve();

  /** `round` answers whether there may be more to do right now. */
  constructor(settings: WorkerSettings, round: (stopping: AbortSignal) => Promise<boolean>) {
    this.name = settings.name;
    this.#settings = settings;
    this.#round = round;
  }

  async start(): Promise<void> {
    this.#loop = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    const { everyMs, firstAfterMs = 0 } = this.#settings;
    const pause = (ms: number) => sleep(ms, undefined, { signal }).catch(() => {}); // rejects only when aborted
    if (firstAfterMs > 0) await pause(firstAfterMs);
    while (!signal.aborted) {
      const more = await this.#once(signal);
      if (more === 'ended') return;
      if (!more) await pause(everyMs);
    }
  }

  async #once(signal: AbortSignal): Promise<boolean | 'ended'> {
    const { name, log, onFatal } = this.#settings;
    try {
      return await this.#round(signal);
    } catch (error) {
      if (!isRetriable(error)) {
        onFatal(error);
        return 'ended';
      }
      log.warn(
        { worker: name, code: error.code, dependency: error.dependency, error: error.message },
        'A worker waits for a dependency and will try again.',
      );
      return false;
    }
  }
}
