import { type Cut, startCuttingProxy } from '@assay/annotation-bridge/testing/cutting-proxy';
import {
  type LabelStudioUnderTest,
  realLabelStudioProject,
} from '@assay/annotation-bridge/testing/label-studio/label-studio-under-test';
import { topics } from '@assay/shared/contracts/topics';
import { createChance } from '@assay/tools/tickets/ticket-values';
import { SystemBed } from './system-bed.ts';
import { ticketMessages } from './tickets.ts';
import { until } from './until.ts';

interface CutOptions {
  readonly tickets: number;
  readonly cuts: number;
  readonly seed: number;
  readonly say: (line: string) => void;
}

const BATCH_ROWS = 200;
const CUTS = ['before', 'meanwhile', 'after'] as const;
const WITHIN_MS = 1_200_000;

/** Every ticket goes into the real Label Studio while its connection is cut; each must be one task when all is settled. */
export async function runCutPushes({ tickets, cuts, seed, say }: CutOptions): Promise<readonly string[]> {
  const chance = createChance(seed);
  const made = { before: 0, meanwhile: 0, after: 0 };
  let left = cuts;
  const server = await realLabelStudioProject();
  const proxy = await startCuttingProxy(server.url, (_method, path): Cut => {
    if (!path.includes('/import') || left === 0 || chance.next() < 0.25) return null;
    left--;
    const where = chance.pick(CUTS);
    made[where]++;
    return where;
  });
  const bed = await SystemBed.start(['ingest']);
  try {
    await putTickets(bed, tickets);
    const began = performance.now();
    await bed.startService('annotation-bridge', settingsFor(server, proxy.url)).ready();
    await until('every document to be sent', async () => (await sent(bed)) === tickets, WITHIN_MS);
    const seconds = (performance.now() - began) / 1000;
    const before = (await server.tasks()).length;
    say(
      `pushed     ${tickets} documents in ${seconds.toFixed(1)} s (${(tickets / seconds).toFixed(0)}/s) with ${cuts - left} cuts: ${JSON.stringify(made)}`,
    );
    await until('batches to be looked after', async () => (await lookedAfter(bed)) === 0, WITHIN_MS);
    const tasks = await server.tasks();
    say(`tasks      ${before} when all was pushed, ${tasks.length} when batches were looked after`);
    return faultsOf(bed, tickets, tasks);
  } catch (error) {
    bed.explain();
    throw error;
  } finally {
    await bed.stop();
    await proxy.close();
    await server.close();
  }
}

const settingsFor = ({ apiKey, projectId }: LabelStudioUnderTest, url: string) => ({
  ANNOTATION_BRIDGE_TARGETS: 'label-studio',
  ANNOTATION_BRIDGE_BATCH_MAX_ROWS: String(BATCH_ROWS),
  LABEL_STUDIO_URL: url,
  LABEL_STUDIO_API_KEY: apiKey,
  LABEL_STUDIO_PROJECT_ID: String(projectId),
});

async function putTickets(bed: SystemBed, tickets: number): Promise<void> {
  const producer = bed.kafka.producer();
  await producer.connect();
  for (let at = 0; at < tickets; at += 500)
    await producer.send({ topic: topics.ticketsRaw.name, messages: ticketMessages(at, Math.min(500, tickets - at)) });
  await producer.disconnect();
  await until('every ticket to be stored', async () => (await bed.account()).documents === tickets, WITHIN_MS);
}

const countOf = async (bed: SystemBed, sql: string): Promise<number> =>
  Number((await bed.database.query<{ count: string }>(sql)).rows[0]!.count);
const sent = (bed: SystemBed) => countOf(bed, `select count(*) from lineage.deliveries where state = 'sent'`);
const lookedAfter = (bed: SystemBed) =>
  countOf(bed, 'select count(*) from assay.batches where tries > 1 and looked_after_at is null');

async function faultsOf(
  bed: SystemBed,
  tickets: number,
  tasks: Awaited<ReturnType<LabelStudioUnderTest['tasks']>>,
): Promise<readonly string[]> {
  const faults: string[] = [];
  const copies = Map.groupBy(tasks, ({ data }) => data.doc_id);
  if (copies.size !== tickets) faults.push(`${copies.size} documents are there instead of ${tickets}`);
  const double = [...copies.values()].filter(({ length }) => length > 1);
  if (double.length > 0) faults.push(`${double.length} documents are there more than once`);
  const idOf = new Map(tasks.map(({ id, data }) => [data.doc_id, String(id)]));
  const { rows } = await bed.database.query<{ doc_id: string; external_id: string }>(
    'select doc_id, external_id from assay.deliveries',
  );
  const wrong = rows.filter(({ doc_id, external_id }) => idOf.get(doc_id) !== external_id);
  if (wrong.length > 0) faults.push(`${wrong.length} deliveries name another task than the one that is there`);
  return faults;
}
