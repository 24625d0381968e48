// `npm run bench -- latency [--documents 60]`: how long a ticket takes to stand in an outgoing CSV once its batch is full, and a
// label file that was told of to become a line that a consumer can read, each alone in a quiet system. Settings are the
// defaults, but for batches of one document.
import { parseArgs } from 'node:util';
import { SystemBed, serviceNames } from '@assay/e2e/support/system-bed';
import { defaults } from '../whole-way/processes.ts';

const { values } = parseArgs({ options: { documents: { type: 'string', default: '60' } } });
const count = Number(values.documents);

interface Stage {
  readonly name: string;
  /** Gives the system something to do for document number `index`, of which `docId` is known once it is stored. */
  readonly start: (index: number, docId: string | undefined) => Promise<void>;
  /** Documents that have arrived, by what they are known by. */
  readonly arrived: string;
}

const LOOK_EVERY_MS = 20;
const START_EVERY_MS = 500;

/** Starts the documents one after the other at an even pace and looks for arrivals meanwhile. */
async function measure(
  bed: SystemBed,
  { start, arrived }: Stage,
  docIds: readonly string[],
  { from, to }: { readonly from: number; readonly to: number },
): Promise<readonly number[]> {
  const started = new Map<string, number>();
  const latencies = new Map<string, number>();
  const starting = (async () => {
    for (let index = from; index < to; index++) {
      started.set(`L-${index}`, performance.now());
      await start(index, docIds[index]);
      await pause(START_EVERY_MS);
    }
  })();
  while (latencies.size < to - from) {
    const { rows } = await bed.database.query<{ ticket_id: string }>(arrived);
    const now = performance.now();
    for (const { ticket_id } of rows)
      if (started.has(ticket_id) && !latencies.has(ticket_id)) latencies.set(ticket_id, now - started.get(ticket_id)!);
    await pause(LOOK_EVERY_MS);
  }
  await starting;
  return [...latencies.values()].toSorted((a, b) => a - b);
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const percentile = (sorted: readonly number[], share: number): string =>
  `${Math.round(sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)]!)} ms`;

const ticketToCsv: Stage = {
  name: 'ticket → CSV in blob',
  async start(index) {
    const answer = await bed.post({ source: 'bench', ticket_id: `L-${index}`, text: `The invoice ${index} is wrong.` });
    if (answer.status !== 202) throw new Error(`ingest answered ${answer.status}`);
  },
  arrived: 'select ticket_id from lineage.documents where silver_path is not null',
};

const labelToGold: Stage = {
  name: 'label file → readable gold line',
  async start(index, docId) {
    const path = `2026/11/21/latency-${index}.csv`;
    await bed.putLabelFile(path, `doc_id,annotator_id,label,confidence_score\n${docId},ann,billing,0.9\n`);
    const answer = await fetch(`${await bed.service('annotation-bridge').ready()}/v1/label-files`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ paths: [path] }),
    });
    if (answer.status !== 202) throw new Error(`the bridge answered ${answer.status}`);
  },
  arrived: 'select ticket_id from lineage.gold_lines join lineage.documents using (doc_id)',
};

const bed = await SystemBed.start([]);
try {
  for (const name of serviceNames)
    await bed.startService(name, { ...defaults, ANNOTATION_BRIDGE_BATCH_MAX_ROWS: '1' }).ready();
  process.stdout.write(`${count} documents, one each ${START_EVERY_MS} ms\n`);
  const report = async (stage: Stage, docIds: readonly string[]) => {
    // The first one waits for consumers to join their groups and for Debezium to begin.
    await measure(bed, stage, docIds, { from: 0, to: 1 });
    const sorted = await measure(bed, stage, docIds, { from: 1, to: count });
    process.stdout.write(
      `${stage.name.padEnd(36)} least ${percentile(sorted, 0)}  p50 ${percentile(sorted, 0.5)}  p99 ${percentile(sorted, 0.99)}  max ${percentile(sorted, 1)}\n`,
    );
  };
  await report(ticketToCsv, []);
  const { rows } = await bed.database.query<{ doc_id: string }>(
    `select doc_id from lineage.documents order by substr(ticket_id, 3)::integer`,
  );
  await report(
    labelToGold,
    rows.map(({ doc_id }) => doc_id),
  );
} finally {
  await bed.stop();
}
