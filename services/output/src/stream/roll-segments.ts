import { randomUUID } from 'node:crypto';
import { formatDisagreementLine } from '@assay/labels/disagreement-line';
import type { BlobStore } from '@assay/shared/blob/blob-store';
import { sha256Of, writeOnce } from '@assay/shared/blob/write-once';
import { segmentName } from '@assay/shared/contracts/blobs';
import type { DisagreementLine } from '@assay/shared/contracts/disagreement-line';
import { locks } from '@assay/shared/contracts/locks';
import { PipelineError } from '@assay/shared/errors/pipeline-error';
import type { More } from '@assay/shared/bootstrap/worker';
import { underLock } from '@assay/shared/postgres/advisory-lock';
import type { Postgres } from '@assay/shared/postgres/postgres';
import type { Transaction } from '@assay/shared/postgres/statement';
import { segmentDueInMs, type SegmentLimits } from './domain/segments.ts';
import { type Stream, streams } from './domain/stream-lines.ts';
import { type Line, ndjson, readLinesAfter, readLinesOf } from './read-lines.ts';
import { confirmSegment, findUnconfirmed, insertSegment, measureWaiting, type Segment } from './segments.sql.ts';

/**
 * A segment is planned (a range of numbers and the digest of its bytes), then done (its blob), then confirmed. Lines never
 * change, so after a crash at any moment the same bytes are written under the same name.
 */
async function planSegment(tx: Transaction, stream: Stream, limits: SegmentLimits): Promise<boolean> {
  const [waiting] = await measureWaiting(tx, [stream]);
  const { after, number } = waiting!;
  if (segmentDueInMs(waiting!, limits) !== 0) return false;
  const lines = await readLinesAfter(tx, stream, after, limits);
  const content = ndjson(lines);
  await insertSegment(tx, {
    stream,
    number: number + 1,
    firstSeq: after + 1,
    lastSeq: Number(lines.at(-1)!.seq),
    bytes: content.byteLength,
    blobName: segmentName(stream, number + 1, randomUUID()),
    sha256: sha256Of(content),
  });
  return true;
}

/** Writes and confirms the oldest segment that is not confirmed. Answers whether there was one. */
async function doOldest(tx: Transaction, blobs: BlobStore, stream: Stream): Promise<boolean> {
  const segment = await findUnconfirmed(tx, stream);
  if (segment === null) return false;
  const lines = await readLinesOf(tx, segment);
  const content = ndjson(lines);
  if (sha256Of(content) !== segment.sha256)
    throw new PipelineError('INVARIANT_BROKEN', `the lines of ${segment.blobName} are not those it was planned with`);
  // Before the segment: whoever sees that finds its log.
  if (stream === 'disagreements') await writeLog(blobs, segment, lines);
  await writeOnce(blobs, segment.blobName, content, segment.sha256);
  await confirmSegment(tx, segment);
  return true;
}

/** The same for people: one line for each document added, `text | labels | n`. */
async function writeLog(blobs: BlobStore, { blobName }: Segment, lines: readonly Line[]): Promise<void> {
  const content = ndjson(lines.flatMap(logLine));
  await writeOnce(blobs, blobName.replace(/\.jsonl$/, '.log'), content, sha256Of(content));
}

function logLine({ line }: Line): { readonly line: string }[] {
  const parsed = JSON.parse(line) as DisagreementLine;
  if (parsed.op === 'retract') return [];
  const labels = parsed.labels.map((label) => (typeof label === 'string' ? label : JSON.stringify(label)));
  return [{ line: formatDisagreementLine({ text: parsed.text, labels }) }];
}

/** Another instance is at it; where it dies on the way, we are next. */
const OTHERS_TURN_MS = 1_000;

/** One round of the segment worker. Answers whether there may be more, or when a segment will be due. */
export async function rollSegments(postgres: Postgres, blobs: BlobStore, limits: SegmentLimits): Promise<More> {
  const again: number[] = [];
  let rolled = false;
  // One look without a lock: nearly always nothing is due.
  for (const waiting of await measureWaiting(postgres, streams)) {
    const dueInMs = segmentDueInMs(waiting, limits);
    if (waiting.isUnfinished || dueInMs === 0) {
      if (await rollStream(postgres, blobs, waiting.stream, limits)) rolled = true;
      else again.push(OTHERS_TURN_MS);
    } else if (dueInMs !== null) again.push(dueInMs);
  }
  if (rolled) return true;
  return again.length === 0 ? false : Math.min(...again);
}

/** What was planned before is done first, then what is due now. One instance at a time. */
async function rollStream(
  postgres: Postgres,
  blobs: BlobStore,
  stream: Stream,
  limits: SegmentLimits,
): Promise<boolean> {
  const inTurn = async (work: (tx: Transaction) => Promise<boolean>) =>
    (await underLock(postgres, locks.segmentsOf(stream), work)) === true;
  let rolled = false;
  const doAll = async () => {
    while (await inTurn((tx) => doOldest(tx, blobs, stream))) rolled = true;
  };
  await doAll();
  if (await inTurn((tx) => planSegment(tx, stream, limits))) await doAll();
  return rolled;
}
