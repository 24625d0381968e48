import type { ConsumerCrashEvent } from 'kafkajs';
import { Abandoned, type Backoff, delayBefore, interruptibleSleep } from '../pipeline/backoff.ts';
import { isOutage } from './kafka-errors.ts';
import { refusalOf } from './refusals.ts';
import type { Log } from '../pipeline/log.ts';

interface Parts {
  readonly lane: string;
  /** Makes the consumer run again. */
  readonly run: () => Promise<void>;
  readonly backoff: Backoff;
  readonly stopping: AbortSignal;
  readonly log: Log;
  readonly fail: (error: unknown) => void;
}

/**
 * What happens after kafkajs gave up. It calls some outages final (no coordinator, no broker) and starts again for ever after
 * others; here an outage is one: wait, run again, and give up after as long as everything else does.
 */
export class ConsumerRevival {
  readonly #parts: Parts;
  /** Since when, and how many starts ago, the group lost us; null while we are a member. */
  #absence: { readonly since: number; starts: number } | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  joined(): void {
    this.#absence = null;
  }

  /** run() resolved long ago: unless something is done here the process lives on and reads nothing. */
  crashed({ payload: { error, restart } }: ConsumerCrashEvent): void {
    const { lane, backoff, log, fail } = this.#parts;
    const absence = (this.#absence ??= { since: performance.now(), starts: 0 });
    if (!isOutage(error) || performance.now() - absence.since >= backoff.giveUpAfterMs) return fail(error);
    const delayMs = delayBefore(++absence.starts, backoff, Math.random());
    const fields = { lane, dependency: 'kafka', error: refusalOf(error) ?? error.message };
    log.warn(fields, 'Kafka is out of reach; the consumer starts again.');
    if (!restart) void this.#runAfter(delayMs);
  }

  async #runAfter(delayMs: number): Promise<void> {
    const { run, stopping, fail } = this.#parts;
    try {
      await interruptibleSleep(delayMs, stopping);
      await run();
    } catch (error) {
      if (!(error instanceof Abandoned)) fail(error);
    }
  }
}
