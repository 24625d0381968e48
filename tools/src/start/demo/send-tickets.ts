import { setTimeout as sleep } from 'node:timers/promises';
import type { Producer } from 'kafkajs';
import { topics } from '@assay/shared/contracts/topics';
import type { StageProgress } from '../stage-runner.ts';
import type { DemoTicket } from './demo-tickets.ts';

export interface Doors {
  /** Where ingest listens. */
  readonly ingestUrl: string;
  readonly apiKey?: string | undefined;
  readonly producer: Producer;
  readonly abort: AbortSignal;
}

const PORTION = 100;
/** Every third portion goes straight to Kafka, as producers of one's own would do. */
const KAFKA_ONE_IN = 3;

/** Kafka may be choosing a leader; whoever is answered 503 is asked to send the same request again. */
const PATIENCE_MS = 60_000;
const PAUSE_MS = 500;

async function postTickets(doors: Doors, tickets: readonly DemoTicket[]): Promise<void> {
  const { ingestUrl, apiKey, abort } = doors;
  const authorization = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
  for (const began = performance.now(); ;) {
    const response = await fetch(`${ingestUrl}/v1/tickets`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson', ...authorization },
      body: tickets.map(({ line }) => line).join('\n'),
      signal: abort,
    });
    const answer = await response.text();
    if (response.status === 202) return;
    if (response.status !== 503 || performance.now() - began > PATIENCE_MS)
      throw new Error(`POST ${ingestUrl}/v1/tickets answered ${response.status}: ${answer}`);
    await sleep(PAUSE_MS, undefined, { signal: abort });
  }
}

async function produceTickets({ producer }: Doors, tickets: readonly DemoTicket[]): Promise<void> {
  await producer.send({
    topic: topics.ticketsRaw.name,
    acks: -1,
    messages: tickets.map(({ key, line }) => ({ key, value: line })),
  });
}

/** Sends each ticket once, through one door or the other. */
export async function sendTickets(
  doors: Doors,
  tickets: readonly DemoTicket[],
  report: (progress: StageProgress) => void,
): Promise<void> {
  let straight = 0;
  for (let start = 0; start < tickets.length; start += PORTION) {
    const some = tickets.slice(start, start + PORTION);
    const isStraight = (start / PORTION) % KAFKA_ONE_IN === KAFKA_ONE_IN - 1;
    await (isStraight ? produceTickets(doors, some) : postTickets(doors, some));
    if (isStraight) straight += some.length;
    const done = start + some.length;
    report({ done, of: tickets.length, note: `${done - straight} by HTTP, ${straight} straight to Kafka` });
  }
}
