// `npm run bench -- ingest [--count 200000] [--seed 7] [--peer] [--without-names] [--profile DIR]`: one ingest process drains a
// preloaded topic. CPU seconds are the figure to compare: wall time moves with whatever else the machine does. --peer lets the
// peer drain the same topic first and prints the ratio. --profile leaves a .cpuprofile in DIR.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { TicketBed } from '@assay/e2e/support/ticket-bed';
import { until } from '@assay/e2e/support/until';
import { DEFAULT_PARTITIONS, topics } from '@assay/shared/contracts/topics';
import { buildServices } from '@assay/tools/start/build-services';
import { generateTickets, ticketLine } from '@assay/tools/tickets/tickets';
import { cpuSecondsOf } from './cpu-seconds.ts';
import { cpuOf, lineOf, type Measured, rateOf, startMeasuring } from './measured.ts';
import { findPeer, measurePeer } from './peer.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '200000' },
    seed: { type: 'string', default: '7' },
    peer: { type: 'boolean', default: false },
    'without-names': { type: 'boolean', default: false },
    profile: { type: 'string' },
  },
});
const count = Number(values.count);
const CHUNK = 2_000;
const DRAIN_WITHIN_MS = 1_800_000;

async function preload(bed: TicketBed): Promise<number> {
  await bed.createTopic(topics.ticketsRaw);
  await bed.createTopic(topics.ingestDeadLetters);
  let bytes = 0;
  let chunk: { key: string; value: string }[] = [];
  for (const generated of generateTickets({ count, seed: Number(values.seed) })) {
    const value = ticketLine(generated);
    bytes += Buffer.byteLength(value);
    chunk.push({ key: generated.ticket.ticket_id, value });
    if (chunk.length === CHUNK) await bed.send(chunk.splice(0));
  }
  await bed.send(chunk);
  return bytes;
}

async function measureIngest(bed: TicketBed, postgres: number): Promise<Measured> {
  const measured = startMeasuring(values['without-names'] ? 'Assay without names' : 'Assay', postgres);
  const ingest = bed.ingest({
    KAFKA_SESSION_TIMEOUT_MS: '30000',
    LOG_LEVEL: 'warn',
    ...(values['without-names'] ? { WITHOUT_NAMES: 'yes' } : {}),
    ...(values.profile === undefined ? {} : { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${resolve(values.profile)}` }),
  });
  await ingest.ready();
  const pid = ingest.child.pid!;
  const ready = performance.now();
  process.stdout.write(`ready after ${cpuSecondsOf(pid).toFixed(1)} CPU seconds, which count as its client's\n`);
  // The group's lag, not a count of rows: counting would be charged to Postgres.
  await until('the topic to be drained', async () => (await bed.groupLag()) === 0n, DRAIN_WITHIN_MS);
  const seconds = (performance.now() - ready) / 1000;
  const result = { ...measured(pid, count), seconds };
  await ingest.stop(); // a profile is written at a gentle end only
  return result;
}

async function measurePeerIfThere(bed: TicketBed, postgres: number): Promise<Measured | undefined> {
  const peer = findPeer(process.env);
  if ('missing' in peer) {
    process.stdout.write(`No peer: ${peer.missing}\n`);
    return undefined;
  }
  const { databaseUrl, kafkaBrokers } = bed.infrastructure.endpoints;
  const { program } = peer;
  const { database } = bed;
  const topic = topics.ticketsRaw.name;
  return measurePeer({
    program,
    brokers: kafkaBrokers!,
    databaseUrl: databaseUrl!,
    topic,
    database,
    postgres,
    rows: count,
  });
}

await buildServices(['ingest'], new AbortController().signal);
const bed = await TicketBed.start();
try {
  const bytes = await preload(bed);
  process.stdout.write(`${count} tickets, ${Math.round(bytes / count)} bytes each, ${DEFAULT_PARTITIONS} partitions\n`);
  const postgres = bed.infrastructure.part('postgres').pid!;
  const peer = values.peer ? await measurePeerIfThere(bed, postgres) : undefined;
  if (peer !== undefined) process.stdout.write(`${lineOf(peer)}\n`);
  const ours = await measureIngest(bed, postgres);
  process.stdout.write(`${lineOf(ours)}\n`);
  if (peer !== undefined)
    process.stdout.write(
      `Assay to the peer: ${(cpuOf(ours) / cpuOf(peer)).toFixed(2)} of its CPU, ${(rateOf(ours) / rateOf(peer)).toFixed(2)} of its rate\n`,
    );
  process.stdout.write(`${await bed.documentCount()} documents, ${JSON.stringify(await bed.account())}\n`);
} finally {
  await bed.stop();
}
