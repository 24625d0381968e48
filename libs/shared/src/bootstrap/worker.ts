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
 * Whether there is more to do: right now (true), as far as anybody knows not (false), or in so many milliseconds. A worker that
 * is woken looks again at once in any case.
 */
export type More = boolean | number;

/** After an outage, where the pause of a worker that is woken would be long. */
const OUTAGE_PAUSE_MS = 1_000;

/**
 * Work that no message starts: looking into a folder, rolling segments, trying labels again. Rounds never overlap; a round that
 * did something is followed by the next at once, and so is one during which the worker was woken. An outage is said and tried again; any other error ends the service, as in
 * a lane.
 */
export class Worker {
  readonly name: string;
  readonly #settings: WorkerSettings;
  readonly #round: (stopping: AbortSignal) => Promise<More>;
  readonly #stopping = new AbortController();
  #loop: Promise<void> = Promise.resolve();
  #isWoken = false;
  #endPause = (): void => {};

  constructor(settings: WorkerSettings, round: (stopping: AbortSignal) => Promise<More>) {
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

  /** There may be something to do: ends the pause, or makes another round follow the one in hand. */
  wake(): void {
    this.#isWoken = true;
    this.#endPause();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    const { everyMs, firstAfterMs = 0 } = this.#settings;
    if (firstAfterMs > 0) await sleep(firstAfterMs, undefined, { signal }).catch(() => {}); // rejects only when aborted
    while (!signal.aborted) {
      this.#isWoken = false;
      const more = await this.#once(signal);
      if (more === 'ended') return;
      if (more !== true) await this.#pause(more === false ? everyMs : Math.min(more, everyMs));
    }
  }

  async #pause(ms: number): Promise<void> {
    if (this.#isWoken) return;
    const pause = new AbortController();
    this.#endPause = () => pause.abort();
    const signal = AbortSignal.any([this.#stopping.signal, pause.signal]);
    await sleep(ms, undefined, { signal }).catch(() => {}); // rejects only when aborted
    this.#endPause = () => {};
  }

  async #once(signal: AbortSignal): Promise<More | 'ended'> {
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
      return OUTAGE_PAUSE_MS;
    }
  }
}
