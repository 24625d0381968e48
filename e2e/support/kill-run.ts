import { setTimeout as sleep } from 'node:timers/promises';
import { topics } from '@assay/shared/contracts/topics';
import { generateTickets, ticketLine } from '@assay/tools/tickets/tickets';
import { type Chance, createChance } from '@assay/tools/tickets/ticket-values';
import type { Message } from 'kafkajs';
import type { ServiceProcess } from './service-process.ts';
import { type LaneAccount, TicketBed } from './ticket-bed.ts';
import { until } from './until.ts';

export interface KillOptions {
  readonly kills: number;
  readonly tickets: number;
  readonly seed: number;
  readonly say: (line: string) => void;
}

export interface KillReport {
  readonly seconds: number;
  readonly account: LaneAccount;
  readonly expected: LaneAccount;
  readonly documents: number;
  /** Dead letters by their source, and how often one of them is in the topic because its batch came again. */
  readonly deadLetters: number;
  readonly deadLettersRepeated: number;
  /** Bronze blobs a document refers to that are not there. */
  readonly bronzeMissing: number;
  /** Sentences for everything that does not add up; none when it does. */
  readonly faults: readonly string[];
}

/** One in so many messages is no ticket, and one in so many is sent a second time. */
const BAD_ONE_IN = 100;
const TWICE_ONE_IN = 50;
const PORTION = 50;
/** A life that ends before its work begins ends within this time of its start. */
const BOOT_MS = 2_000;

/** What a producer sends in this run, in order, and what must come of it. */
function makeLoad({ tickets, seed }: KillOptions, chance: Chance) {
  const messages: Message[] = [];
  let [bad, twice] = [0, 0];
  for (const generated of generateTickets({ count: tickets, seed })) {
    const message = { key: generated.ticket.ticket_id, value: ticketLine(generated) };
    messages.push(message);
    if (chance.below(TWICE_ONE_IN) === 0 && ++twice) messages.push(message);
    if (chance.below(BAD_ONE_IN) === 0) messages.push({ key: `bad-${bad++}`, value: message.value.slice(0, -1) });
  }
  const none = { skipped: 0, gaps: 0, expired: 0 };
  const expected = { received: messages.length, accepted: tickets, duplicate: twice, dead_lettered: bad, ...none };
  return { messages, expected };
}

/** Sends everything in small portions, evenly over the lives of the service. */
async function produce(bed: TicketBed, messages: readonly Message[], livesBegun: () => number, lives: number) {
  const producer = bed.kafka.producer({ idempotent: true, maxInFlightRequests: 1, allowAutoTopicCreation: false });
  await producer.connect();
  for (let start = 0; start < messages.length; start += PORTION) {
    const due = Math.floor((start / messages.length) * lives);
    while (livesBegun() < due) await sleep(10);
    const portion = messages.slice(start, start + PORTION);
    await producer.send({ topic: topics.ticketsRaw.name, acks: -1, messages: portion });
  }
  await producer.disconnect();
}

/** Resolves when a life has settled so many messages, or all there are. */
async function hasSettled(bed: TicketBed, process: ServiceProcess, messages: number): Promise<void> {
  const goal = (await bed.account()).received + messages;
  await until('messages to be settled', async () => {
    if (!process.isRunning) throw new Error(`ingest ended by itself:\n${process.tail()}`);
    return (await bed.account()).received >= goal || (await bed.groupLag()) === 0n;
  });
}

/** Starts and kills ingest as often as asked; `begun` is told of each life. */
async function kill(
  bed: TicketBed,
  { kills, tickets, say }: KillOptions,
  chance: Chance,
  begun: (lives: number) => void,
) {
  for (let lives = 1; lives <= kills; lives++) {
    begun(lives);
    const process = bed.ingest({ LANE_FETCH_MAX_BYTES: String(chance.pick([2048, 8192, 65_536])) });
    // Most die in the middle of their work, some before they have begun.
    if (lives > 1 && chance.below(5) === 0) await sleep(chance.below(BOOT_MS));
    else await hasSettled(bed, process, 1 + chance.below(Math.floor(tickets / kills)));
    await process.kill();
    if (lives % 10 === 0) say(`${lives} kills, ${(await bed.account()).received} messages settled`);
  }
}

/** Kills ingest again and again while tickets flow, lets the last one finish, and compares what is there with what was sent. */
export async function runKills(options: KillOptions): Promise<KillReport> {
  const started = performance.now();
  const chance = createChance(options.seed);
  const bed = await TicketBed.start();
  try {
    await bed.createTopic(topics.ticketsRaw);
    await bed.createTopic(topics.ingestDeadLetters);
    const { messages, expected } = makeLoad(options, chance);
    let begun = 0;
    await Promise.all([
      produce(bed, messages, () => begun, options.kills),
      kill(bed, options, chance, (lives) => (begun = lives)),
    ]);
    await bed.ingest().ready();
    await bed.settled();
    return { ...(await judge(bed, expected)), seconds: (performance.now() - started) / 1000 };
  } finally {
    await bed.stop();
  }
}

async function judge(bed: TicketBed, expected: LaneAccount): Promise<Omit<KillReport, 'seconds'>> {
  const account = await bed.account();
  const documents = await bed.documentCount();
  const letters = await bed.deadLetters();
  const deadLetters = new Set(letters.map(({ source }) => source)).size;
  const bronzeMissing = await bed.bronzeMissing();
  const differences = (Object.keys(expected) as (keyof LaneAccount)[])
    .filter((name) => account[name] !== expected[name])
    .map((name) => `the ledger has ${name} ${account[name]} instead of ${expected[name]}`);
  if (documents !== expected.accepted)
    differences.push(`there are ${documents} documents instead of ${expected.accepted}`);
  if (deadLetters !== expected.dead_lettered)
    differences.push(`there are ${deadLetters} dead letters instead of ${expected.dead_lettered}`);
  if (bronzeMissing > 0) differences.push(`${bronzeMissing} bronze blobs are missing`);
  const deadLettersRepeated = letters.length - deadLetters;
  return { account, expected, documents, deadLetters, deadLettersRepeated, bronzeMissing, faults: differences };
}
