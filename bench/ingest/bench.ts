// `npm run bench -- ingest [--count 200000] [--seed 7] [--profile DIR]`: one ingest process drains a preloaded topic. CPU seconds
// are the figure to compare: wall time moves with whatever else the machine does. --profile leaves a .cpuprofile of it in DIR.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { TicketBed } from '@assay/e2e/support/ticket-bed';
import { until } from '@assay/e2e/support/until';
import { DEFAULT_PARTITIONS, topics } from '@assay/shared/contracts/topics';
import { MIB } from '@assay/shared/contracts/units';
import { buildServices } from '@assay/tools/start/build-services';
import { readPeaks } from '@assay/tools/start/peak-memory';
import { generateTickets, ticketLine } from '@assay/tools/tickets/tickets';
import { cpuSecondsOf, cpuSecondsOfTree } from './cpu-seconds.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '200000' },
    seed: { type: 'string', default: '7' },
    profile: { type: 'string' },
  },
});
const count = Number(values.count);
const PER = 100_000;
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

await buildServices(['ingest'], new AbortController().signal);
const profiling =
  values.profile === undefined ? {} : { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${resolve(values.profile)}` };
const bed = await TicketBed.start();
try {
  const bytes = await preload(bed);
  process.stdout.write(`${count} tickets, ${Math.round(bytes / count)} bytes each, ${DEFAULT_PARTITIONS} partitions\n`);
  const postgres = bed.infrastructure.part('postgres').pid!;
  const postgresBefore = cpuSecondsOfTree(postgres);
  const ingest = bed.ingest({ KAFKA_SESSION_TIMEOUT_MS: '30000', LOG_LEVEL: 'warn', ...profiling });
  await ingest.ready();
  const pid = ingest.child.pid!;
  const started = performance.now();
  const startUp = cpuSecondsOf(pid);
  // The group's lag, not a count of rows: counting would be charged to Postgres.
  await until('the topic to be drained', async () => (await bed.groupLag()) === 0n, DRAIN_WITHIN_MS);
  const seconds = (performance.now() - started) / 1000;
  const client = cpuSecondsOf(pid);
  const server = cpuSecondsOfTree(postgres) - postgresBefore;
  const per = (cpu: number) => ((cpu / count) * PER).toFixed(1);
  process.stdout.write(
    [
      `${Math.round(count / seconds)} tickets/s, ${seconds.toFixed(1)} s after it was ready`,
      `CPU seconds per ${PER}: ${per(client)} client (of it ${startUp.toFixed(1)} s start-up in all), ${per(server)} Postgres, ${per(client + server)} together`,
      `peak RSS ${Math.round(readPeaks([{ name: 'ingest', pid }])[0]!.peakRssBytes / MIB)} MB`,
      `${await bed.documentCount()} documents, ${JSON.stringify(await bed.account())}`,
      '',
    ].join('\n'),
  );
  await ingest.stop(); // a profile is written at a gentle end only
} finally {
  await bed.stop();
}
