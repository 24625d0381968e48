import type { SystemBed } from '@assay/e2e/support/system-bed';
import { groupIdOf, lanes } from '@assay/shared/contracts/lanes';
import { topics } from '@assay/shared/contracts/topics';
import { generateTickets } from '@assay/tools/tickets/tickets';
import { cpuOf, difference, type Spent } from './processes.ts';

export interface Stage {
  readonly name: string;
  readonly seconds: number;
  readonly spent: Spent;
}

const LOOK_EVERY_MS = 500;
const STUCK_AFTER_MS = 300_000;
const CHUNK = 1_000;
const LABELS = ['billing', 'bug', 'shipping', 'account', 'other'] as const;
const ROWS_A_FILE = 5_000;
const ANNOTATORS = ['ann', 'ben'] as const;
/** Every so many documents the second annotator says something else. */
const DISSENT_EVERY = 20;

/** Whoever counts rows is charged to Postgres, so progress is read from small tables and from its own statistics. */
async function number(bed: SystemBed, sql: string, values: readonly unknown[] = []): Promise<number> {
  const { rows } = await bed.database.query<Record<string, string>>(sql, [...values]);
  return Number(Object.values(rows[0]!)[0]);
}

const receivedBy = (bed: SystemBed, lane: keyof typeof lanes) =>
  number(bed, 'select coalesce(sum(received), 0) from lineage.lanes where lane = $1', [groupIdOf(lanes[lane])]);
const sentOut = (bed: SystemBed) =>
  number(bed, 'select coalesce(sum(document_count), 0) from assay.batches where sent_at is not null');
/** Between two stages only: it reads all of them. */
const decisionsMade = (bed: SystemBed) => number(bed, 'select count(*) from public.decisions');
const linesUnwritten = (bed: SystemBed) =>
  number(
    bed,
    `select sum(last_seq - coalesce((select max(last_seq) from assay.segments s
                                       where s.stream = streams.stream and confirmed_at is not null), 0))
       from assay.streams`,
  );

async function stage(bed: SystemBed, name: string, left: () => Promise<number>): Promise<Stage> {
  const [before, started] = [cpuOf(bed), performance.now()];
  let [last, moved] = [Number.NaN, performance.now()];
  for (;;) {
    const waiting = await left();
    if (waiting <= 0) break;
    if (waiting !== last) [last, moved] = [waiting, performance.now()];
    if (performance.now() - moved > STUCK_AFTER_MS) throw new Error(`${name}: ${waiting} are left, and none moves`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  return { name, seconds: (performance.now() - started) / 1000, spent: difference(cpuOf(bed), before) };
}

/** Sends tickets and waits until the last is in an outgoing batch. `run` keeps ticket ids apart. */
export async function takeDocuments(bed: SystemBed, count: number, run: string): Promise<readonly Stage[]> {
  const [stored, sent] = [await receivedBy(bed, 'tickets'), await sentOut(bed)];
  const producer = bed.kafka.producer();
  await producer.connect();
  const tickets = [...generateTickets({ count, seed: 7 })].map(({ ticket }) => {
    const ticket_id = `${ticket.ticket_id}-${run}`;
    return { key: ticket_id, value: JSON.stringify({ ...ticket, ticket_id }) };
  });
  for (let at = 0; at < count; at += CHUNK)
    await producer.send({ topic: topics.ticketsRaw.name, messages: tickets.slice(at, at + CHUNK) });
  await producer.disconnect();
  return [
    await stage(bed, 'documents stored', async () => stored + count - (await receivedBy(bed, 'tickets'))),
    await stage(bed, 'sent out to be labelled', async () => sent + count - (await sentOut(bed))),
  ];
}

/** Drops label files with two votes for each of the newest documents, and waits until their lines are in segments. */
export async function takeVotes(bed: SystemBed, count: number, run: string): Promise<readonly Stage[]> {
  const rows = count * ANNOTATORS.length;
  const newest = 'select doc_id from public.documents order by ingestion_timestamp desc limit $1';
  const ids = (await bed.database.query<{ doc_id: string }>(newest, [count])).rows.map(({ doc_id }) => doc_id);
  const settled = await receivedBy(bed, 'labels');
  const [made, applied] = [await decisionsMade(bed), await receivedBy(bed, 'decisions')];
  for (let at = 0; at < count; at += ROWS_A_FILE)
    for (const annotator of ANNOTATORS) {
      const lines = ids.slice(at, at + ROWS_A_FILE).map((id, index) => labelRow(id, annotator, at + index));
      const text = `doc_id,annotator_id,label,confidence_score,annotated_at\n${lines.join('\n')}\n`;
      await bed.putLabelFile(`2026/11/21/whole-way-${run}-${at}-${annotator}.csv`, text);
    }
  const votes = await stage(bed, 'votes settled', async () => settled + rows - (await receivedBy(bed, 'labels')));
  const decided = applied + (await decisionsMade(bed)) - made;
  const lines = await stage(bed, 'lines in segments', async () => {
    const underWay = decided - (await receivedBy(bed, 'decisions'));
    return underWay > 0 ? underWay : linesUnwritten(bed);
  });
  return [votes, lines];
}

function labelRow(docId: string, annotator: (typeof ANNOTATORS)[number], index: number): string {
  const dissents = annotator === 'ben' && index % DISSENT_EVERY === 0;
  const label = LABELS[(index + (dissents ? 1 : 0)) % LABELS.length];
  return `${docId},${annotator},${label},0.${80 + (index % 20)},2026-11-28T10:00:00Z`;
}
