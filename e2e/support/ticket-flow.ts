import { setTimeout as sleep } from 'node:timers/promises';
import type { Message } from 'kafkajs';
import { ticketMessages } from './tickets.ts';

const TICKETS = 60;
/** Messages that are not JSON, so that dead letters are written all the time as well. */
const BAD = 2;
const PAUSE_MS = 30;

/**
 * Tickets without end, until it is told to stop, so that there is always a batch in hand. A portion that was not acknowledged
 * is sent again: it may then be in the log twice, as with any producer that lives through an outage.
 */
export class TicketFlow {
  tickets: number;
  bad = 0;
  readonly #send: (messages: readonly Message[]) => Promise<void>;
  readonly #stopping = new AbortController();
  readonly #flowing: Promise<void>;

  constructor(send: (messages: readonly Message[]) => Promise<void>, firstNumber = 0) {
    this.#send = send;
    this.tickets = firstNumber;
    this.#flowing = this.#flow();
  }

  /** Ends the flow; `tickets` and `bad` are final after it. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#flowing;
  }

  async #flow(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const bad = Array.from({ length: BAD }, (_, index) => ({ key: `bad-${this.bad + index}`, value: '{' }));
      await this.#acknowledged([...bad, ...ticketMessages(this.tickets, TICKETS)]);
      this.bad += BAD;
      this.tickets += TICKETS;
      await sleep(PAUSE_MS);
    }
  }

  async #acknowledged(portion: readonly Message[]): Promise<void> {
    for (;;) {
      try {
        return await this.#send(portion);
      } catch (error) {
        // Only the broker's absence is expected here; it must come back before the test may end.
        if (!(error instanceof Error) || !error.name.startsWith('KafkaJS')) throw error;
        await sleep(PAUSE_MS);
      }
    }
  }
}
