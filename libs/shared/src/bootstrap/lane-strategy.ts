import { type CustomTransportStrategy, Server } from '@nestjs/microservices';

/** A lane or a worker, whatever it carries. */
export interface Startable {
  readonly name: string;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Lets Nest start and stop lanes: `app.startAllMicroservices()` starts them and `app.close()` drains them. Nest's own Kafka
 * transport is not used: it takes one message at a time, and passes messages without a handler as done.
 */
export class LaneStrategy extends Server implements CustomTransportStrategy {
  readonly #lanes: readonly Startable[];

  constructor(lanes: readonly Startable[]) {
    super();
    this.#lanes = lanes;
  }

  async listen(callback: (error?: unknown) => void): Promise<void> {
    try {
      for (const lane of this.#lanes) await lane.start();
      callback();
    } catch (error) {
      callback(error);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.stop()));
  }

  /** Required by Nest's base class; lanes have no per-message events to subscribe to. */
  override on(): void {
    throw new Error('lanes raise no events; give a LaneListener to the runtime');
  }

  override unwrap<T>(): T {
    return this.#lanes as T;
  }
}
