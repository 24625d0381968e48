import { setTimeout as sleep } from 'node:timers/promises';
import type { Message } from 'kafkajs';
import { ticketMessage } from './tickets.ts';

const PORTION = 100;
const PAUSE_MS = 20;
/** One in this many messages is not JSON, so that dead letters are written all the time as well. */
const BAD_ONE_IN = 50;

/**
 * Tickets without end, until it is told to stop, so that there is always a batch in hand. A portion that was not acknowledged
 * is sent again: it may then be in the log twice, as with any producer that lives through an outage.
 */
export class TicketFlow {
  tickets: number;
  bad = 0;
  private readonly send: (messages: readonly Message[]) => Promise<void>;
  private readonly stopping = new AbortController();
  private readonly flowing: Promise<void>;

  constructor(send: (messages: readonly Message[]) => Promise<void>, firstNumber = 0) {
    this.send = send;
    this.tickets = firstNumber;
    this.flowing = this.flow();
  }

  /** Ends the flow; `tickets` and `bad` are final after it. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.flowing;
  }

  private async flow(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const portion = Array.from({ length: PORTION }, (_, index) =>
        index % BAD_ONE_IN === 0
          ? { key: `bad-${this.bad + index / BAD_ONE_IN}`, value: '{' }
          : ticketMessage(this.tickets + index),
      );
      await this.acknowledged(portion);
      this.bad += PORTION / BAD_ONE_IN;
      this.tickets += PORTION;
      await sleep(PAUSE_MS);
    }
  }

  private async acknowledged(portion: readonly Message[]): Promise<void> {
    for (;;) {
      try {
        return await this.send(portion);
      } catch (error) {
        // Only the broker's absence is expected here; it must come back before the test may end.
        if (!(error instanceof Error) || !error.name.startsWith('KafkaJS')) throw error;
        await sleep(PAUSE_MS);
      }
    }
  }
}
