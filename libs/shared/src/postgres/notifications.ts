import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type Channel, channels } from '../contracts/channels.ts';
import type { PostgresSettings } from '../config/fields.ts';
import { Bell } from '../pipeline/bell.ts';

const CONNECT_WITHIN_MS = 5_000;
const TRY_AGAIN_MS = 1_000;
const END_WITHIN_MS = 1_000;

export interface NotificationParts {
  readonly settings: Pick<PostgresSettings, 'DATABASE_URL'>;
  readonly applicationName: string;
  readonly role: string;
  /** A connection that ended. It is made again, so this is nothing to raise. */
  readonly onLost: (error: Error) => void;
}

/**
 * A connection that only listens. What is notified while there is none is lost; so every bell rings when there is one again,
 * and whoever listens looks by himself now and then, too.
 */
export class Notifications {
  readonly #parts: NotificationParts;
  readonly #bells = new Map<Channel, Bell>(Object.values(channels).map((channel) => [channel, new Bell()]));
  readonly #stopping = new AbortController();
  #loop: Promise<void> | undefined;

  constructor(parts: NotificationParts) {
    this.#parts = parts;
  }

  /** Who asks for none has no connection. Does not wait for the first one: nothing depends on it. */
  bell(channel: Channel): Bell {
    this.#loop ??= this.#run();
    return this.#bells.get(channel)!;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        await this.#listen(signal);
      } catch (error) {
        this.#parts.onLost(error as Error);
      }
      await sleep(TRY_AGAIN_MS, undefined, { signal }).catch(() => {}); // rejects only when aborted
    }
  }

  /** Until the connection ends or the service stops. */
  async #listen(signal: AbortSignal): Promise<void> {
    const { settings, applicationName, role } = this.#parts;
    const client = new pg.Client({
      connectionString: settings.DATABASE_URL,
      application_name: `${applicationName} listening`,
      options: `-c role=${role}`,
      connectionTimeoutMillis: CONNECT_WITHIN_MS,
      query_timeout: CONNECT_WITHIN_MS,
      keepAlive: true,
    });
    const ended = new Promise<void>((resolve, reject) => {
      client.once('error', reject);
      client.once('end', resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    ended.catch(() => {}); // heard below, or the connecting failed with the same reason
    try {
      await client.connect();
      client.on('notification', ({ channel }) => this.#bells.get(channel as Channel)?.ring());
      for (const channel of this.#bells.keys()) await client.query(`listen ${channel}`);
      for (const bell of this.#bells.values()) bell.ring();
      await ended;
    } finally {
      // A server that went silent does not say goodbye either.
      await Promise.race([client.end().catch(() => {}), sleep(END_WITHIN_MS, undefined, { ref: false })]);
    }
  }
}
