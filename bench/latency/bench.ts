// `npm run bench -- latency [--documents 100]`: how long a ticket takes to stand in an outgoing CSV, and a label to stand in a
// gold segment, each alone in a quiet system. Times include the pauses of the pollers, whose settings are printed.
import { parseArgs } from 'node:util';
import { SystemBed, waits } from '@assay/e2e/support/system-bed';

const { values } = parseArgs({ options: { documents: { type: 'string', default: '100' } } });
const count = Number(values.documents);

interface Stage {
  readonly name: string;
  /** Gives the system something to do for document number `index`, of which `docId` is known once it is stored. */
  readonly start: (index: number, docId: string | undefined) => Promise<void>;
  /** Documents that have arrived, by what they are known by. */
  readonly arrived: string;
}

const LOOK_EVERY_MS = 20;
const START_EVERY_MS = 100;

/** Starts the documents one after the other at an even pace and looks for arrivals meanwhile. */
async function measure(
  bed: SystemBed,
  { start, arrived }: Stage,
  docIds: readonly string[],
): Promise<readonly number[]> {
  const started = new Map<string, number>();
  const latencies = new Map<string, number>();
  const starting = (async () => {
    for (let index = 0; index < count; index++) {
      started.set(`L-${index}`, performance.now());
      await start(index, docIds[index]);
      await pause(START_EVERY_MS);
    }
  })();
  while (latencies.size < count) {
    const { rows } = await bed.database.query<{ ticket_id: string }>(arrived);
    const now = performance.now();
    for (const { ticket_id } of rows)
      if (!latencies.has(ticket_id)) latencies.set(ticket_id, now - started.get(ticket_id)!);
    await pause(LOOK_EVERY_MS);
  }
  await starting;
  return [...latencies.values()].toSorted((a, b) => a - b);
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const percentile = (sorted: readonly number[], share: number): string =>
  `${Math.round(sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)]!)} ms`;

const ticketToCsv: Stage = {
  name: 'ticket → CSV in blob',
  async start(index) {
    const answer = await bed.post({ source: 'bench', ticket_id: `L-${index}`, text: `The invoice ${index} is wrong.` });
    if (answer.status !== 202) throw new Error(`ingest answered ${answer.status}`);
  },
  arrived: 'select ticket_id from lineage.documents where silver_path is not null',
};

const labelToGold: Stage = {
  name: 'label file → gold segment in blob',
  start: (index, docId) =>
    bed.putLabelFile(
      `2026/11/21/latency-${index}.csv`,
      `doc_id,annotator_id,label,confidence_score\n${docId},ann,billing,0.9\n`,
    ),
  arrived: 'select ticket_id from lineage.documents where gold_path is not null',
};

const bed = await SystemBed.start();
try {
  process.stdout.write(`${count} documents, one each ${START_EVERY_MS} ms; pauses: ${JSON.stringify(waits)}\n`);
  const report = async (stage: Stage, docIds: readonly string[]) => {
    const sorted = await measure(bed, stage, docIds);
    process.stdout.write(
      `${stage.name.padEnd(36)} p50 ${percentile(sorted, 0.5)}  p99 ${percentile(sorted, 0.99)}  max ${percentile(sorted, 1)}\n`,
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
