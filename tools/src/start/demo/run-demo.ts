import { join } from 'node:path';
import { lanes } from '@assay/shared/contracts/lanes';
import type { Producer } from 'kafkajs';
import type { Addresses } from '../../infra/endpoints.ts';
import type { ProcessPeak } from '../peak-memory.ts';
import type { StageRunner } from '../stage-runner.ts';
import { type Look, type Waiting, waitFor } from '../wait-for.ts';
import { AnnotatorsDesk, type Batch } from './annotate-batches.ts';
import { demoTickets } from './demo-tickets.ts';
import { copyRelease, type MadeRelease, makeRelease } from './make-release.ts';
import { sendTickets } from './send-tickets.ts';
import type { SystemFacts } from './system-facts.ts';

/** The running system as the demo sees it; containers have one too, which nobody here has started. */
export interface DemoSystem {
  readonly addresses: Pick<Addresses, 'kafkaBrokers' | 'databaseUrl' | 'blobConnectionString'>;
  readonly ingestUrl: string;
  /** Where ingest listens for others than this machine, it wants one. */
  readonly apiKey?: string | undefined;
  /** Of `assay release`. */
  readonly environment: NodeJS.ProcessEnv;
  /** Where account.json and a copy of the gold go. */
  readonly folder: string;
  peaks(): readonly ProcessPeak[];
}

export interface Show {
  readonly system: DemoSystem;
  readonly stages: StageRunner;
  readonly tickets: number;
  readonly abort: AbortSignal;
}

export interface DemoGold extends MadeRelease {
  readonly copy: string;
}

type Report = Waiting['report'];

/** Every ticket is a document, a duplicate or a dead letter. */
async function lookAtTickets(facts: SystemFacts): Promise<Look> {
  const lag = await facts.lag(lanes.tickets);
  const { received, documents, duplicate, dead_lettered } = await facts.account();
  const note = `${documents} documents, ${duplicate} duplicates, ${dead_lettered} dead letters`;
  return { isDone: lag === 0, done: received, of: received + lag, note };
}

async function lookAtBatches(facts: SystemFacts): Promise<Look> {
  const lag = await facts.lag(lanes.documents);
  const { documents_to_send, unconfirmed_segments } = await facts.pending();
  const { documents } = await facts.account();
  const isDone = lag === 0 && documents_to_send === 0 && unconfirmed_segments === 0;
  return { isDone, done: documents - documents_to_send, of: documents };
}

/** Every file was read or rejected, every row is settled, every document is decided by all its votes. */
async function lookAtLabels(facts: SystemFacts, desk: AnnotatorsDesk): Promise<Look> {
  const [written, read] = [await desk.labelFiles(), await facts.labelFiles()];
  const unread = written.filter((name) => !read.has(name)).length;
  const lag = await facts.lag(lanes.labels);
  const { label_rows, live, rejected_rows, rows_under_way, waiting_rows } = await facts.account();
  const left = rows_under_way + waiting_rows;
  const note = `${read.size} files, ${live} live votes, ${rejected_rows} rows rejected`;
  return { isDone: unread === 0 && lag === 0 && left === 0, done: label_rows - left, of: label_rows, note };
}

/** Every decision is applied and every line lies in a confirmed segment. */
async function lookAtGold(facts: SystemFacts): Promise<Look> {
  const lag = await facts.lag(lanes.decisions);
  const { decisions_to_apply, lines_to_write, unconfirmed_segments } = await facts.pending();
  const { gold, disagreement, low_confidence, pending } = await facts.account();
  const note = `${disagreement} disagreements, ${low_confidence} unsure, ${pending} without votes`;
  return { isDone: lag + decisions_to_apply + lines_to_write + unconfirmed_segments === 0, done: gold, note };
}

/** The whole way: tickets in, labels in, a late dissent, a release. Each stage waits for its condition, never for a time. */
export async function runDemo(show: Show, facts: SystemFacts, producer: Producer): Promise<DemoGold> {
  const { system, stages, abort } = show;
  const desk = new AnnotatorsDesk(system.addresses.blobConnectionString);
  const settle = (name: string, look: () => Promise<Look>) =>
    stages.run(name, (report) => waitFor(look, { report, abort }));

  await stages.run('tickets sent', async (report) =>
    sendTickets({ ...system, producer, abort }, demoTickets(show.tickets), report),
  );
  await settle('masked and stored', () => lookAtTickets(facts));
  await settle('sent out to label', () => lookAtBatches(facts));
  const batches = await stages.run('labelled by people', (report) => label(desk, report));
  await settle('votes decided', () => lookAtLabels(facts, desk));
  await settle('gold written', () => lookAtGold(facts));
  await stages.run('late dissent', (report) => dissent(desk, batches, report));
  await settle('decided again', () => lookAtLabels(facts, desk));
  await settle('gold taken back', () => lookAtGold(facts));
  return stages.run('released', (report) => release(system, abort, report));
}

async function label(desk: AnnotatorsDesk, report: Report): Promise<readonly Batch[]> {
  await desk.open();
  const batches = await desk.batches();
  const { files, rows } = await desk.labelBatches(batches, (done) => report({ done, of: batches.length }));
  const note = files === 0 ? 'batches, all labelled before' : `batches, ${files} new files with ${rows} rows`;
  report({ done: batches.length, of: batches.length, note });
  return batches;
}

async function dissent(desk: AnnotatorsDesk, batches: readonly Batch[], report: Report): Promise<void> {
  const { files, rows } = await desk.dissent(batches);
  report({ done: rows, note: files === 0 ? 'rows, all said before' : `rows in ${files} later files` });
}

async function release(system: DemoSystem, abort: AbortSignal, report: Report): Promise<DemoGold> {
  const made = await makeRelease(system.environment, abort);
  const { release: number, line_count } = made.manifest;
  report({ done: line_count, note: made.isNew ? `lines in release ${number}` : `lines, as in release ${number}` });
  const folder = join(system.folder, 'gold');
  return { ...made, copy: await copyRelease(system.addresses.blobConnectionString, made.manifest, folder) };
}
