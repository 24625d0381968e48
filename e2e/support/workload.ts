import { setTimeout as sleep } from 'node:timers/promises';
import { topics } from '@assay/shared/contracts/topics';
import type { Message, Producer } from 'kafkajs';
import { LabelDesk, type WrittenRow } from './label-desk.ts';
import { labelPlanOf } from './label-plan.ts';
import type { SystemBed } from './system-bed.ts';
import { ticketMessage } from './tickets.ts';

const PORTION = 50;
const PAUSE_MS = 50;
/** With this many tickets on their way only a few more are sent each second, or a standstill would make a mountain. */
const CROWD = 500;
const CROWDED_PAUSE_MS = 1_000;
/** Of each portion, one message that is no ticket, and one ticket that was sent before. */
const BAD: Message = { key: 'bad', value: '{"source":' };

export interface WorkloadOptions {
  /** Tickets at most, until `allow` says otherwise. */
  readonly limit?: number;
  readonly crowd?: number;
}

/**
 * A working day: tickets come in, people label what goes out, and later some of them think again. It goes on until it is told
 * to finish; then everything that came in is labelled, twice where people think again, before `finish` resolves.
 */
export class Workload {
  readonly desk: LabelDesk;
  tickets = 0;
  bad = 0;
  repeated = 0;
  /** Documents that were in more than one outgoing batch; there must be none. */
  readonly sentOutTwice: string[] = [];
  readonly #producer: Producer;
  #limit: number;
  readonly #crowd: number;
  readonly #labelled = new Set<string>();
  #later: WrittenRow[] = [];
  #sentAt = 0;
  #isFinishing = false;
  readonly #working: Promise<void>;

  constructor(bed: SystemBed, { limit = Number.POSITIVE_INFINITY, crowd = CROWD }: WorkloadOptions = {}) {
    this.#limit = limit;
    this.#crowd = crowd;
    this.desk = new LabelDesk(bed);
    // Idempotent, or a request whose answer was lost puts its tickets there twice, and nobody knows how many that was.
    this.#producer = bed.kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
    this.#working = this.#work();
    this.#working.catch(() => {}); // whoever waits for the end gets the reason
  }

  /** Messages on the ticket topic. */
  get messages(): number {
    return this.tickets + this.bad + this.repeated;
  }

  /** Lets tickets come in up to this many in all. */
  allow(limit: number): void {
    this.#limit = limit;
  }

  async finish(): Promise<void> {
    this.#isFinishing = true;
    await this.#working;
  }

  async #work(): Promise<void> {
    await this.#producer.connect();
    while (!this.#isFinishing || this.#labelled.size < this.tickets || this.#later.length > 0) {
      if (this.#isTimeToSend()) await this.#send();
      await this.#label();
      await sleep(PAUSE_MS);
    }
    await this.#producer.disconnect();
  }

  #isTimeToSend(): boolean {
    if (this.#isFinishing || this.tickets >= this.#limit) return false;
    const isCrowded = this.tickets - this.#labelled.size >= this.#crowd;
    return !isCrowded || performance.now() - this.#sentAt >= CROWDED_PAUSE_MS;
  }

  async #send(): Promise<void> {
    const count = Math.min(PORTION, this.#limit - this.tickets);
    const fresh = Array.from({ length: count }, (_, index) => ticketMessage(this.tickets + index));
    const messages = [...fresh, BAD, ticketMessage(this.tickets)];
    await this.#producer.send({ topic: topics.ticketsRaw.name, acks: -1, messages });
    this.#sentAt = performance.now();
    this.tickets += count;
    this.bad++;
    this.repeated++;
  }

  /** Somebody corrects a file that was dropped before: see LabelDesk.replace. */
  async replaceFile(): Promise<void> {
    await this.desk.replace();
  }

  /** What people think again goes into a later file. */
  async #label(): Promise<void> {
    const later = this.#later;
    this.#later = [];
    for (const batch of await this.desk.newBatches()) {
      const fresh = batch.filter((docId) => !this.#labelled.has(docId));
      this.sentOutTwice.push(...batch.filter((docId) => this.#labelled.has(docId)));
      for (const docId of fresh) this.#labelled.add(docId);
      const plans = fresh.map(labelPlanOf);
      await this.desk.write(plans.flatMap(({ first }) => first));
      this.#later.push(...plans.flatMap((plan) => plan.later));
    }
    await this.desk.write(later);
  }
}
