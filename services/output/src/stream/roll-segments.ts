import { randomUUID } from 'node:crypto';
import { formatDisagreementLine } from '@assay/labels/disagreement-line';
import type { BlobStore } from '@assay/shared/blob/blob-store';
import { segmentName } from '@assay/shared/contracts/blobs';
import type { DisagreementLine } from '@assay/shared/contracts/disagreement-line';
import type { Statement, Transaction } from '@assay/shared/postgres/statement';
import { locks } from '@assay/shared/contracts/locks';
import { doPlans, insertPlanned, type PlanWork } from '@assay/shared/plans/plans';
import { underLock } from '@assay/shared/postgres/advisory-lock';
import type { Postgres } from '@assay/shared/postgres/postgres';
import { isSegmentDue, segmentNumberOf, type SegmentLimits, type Waiting } from './domain/segments.ts';
import { type Stream, streams } from './domain/stream-lines.ts';
import { ndjson, readUnplannedLines } from './read-lines.ts';

export const targetOf: Readonly<Record<Stream, string>> = {
  gold: 'gold-segments',
  disagreements: 'disagreement-segments',
};

/** Counts no further than one segment can hold. */
const measureWaiting: Statement = {
  name: 'measure-waiting-lines',
  text: `
    select count(*)::integer as lines,
           coalesce(sum(octet_length(line) + 1), 0)::float8 as bytes,
           coalesce(extract(epoch from now() - min(written_at)) * 1000, 0)::float8 as "ageMs"
      from (
        select line, written_at from assay.output_lines
         where stream = $1 and plan_id is null and seq is not null order by seq limit $2
      ) as waiting`,
};

const findNewestSegment: Statement = {
  name: 'find-newest-segment',
  text: `
    select blob_name from assay.plans
     where target = $1 and blob_name >= $2 and blob_name < $3 order by blob_name desc limit 1`,
};

const assignLines: Statement = {
  name: 'assign-lines-to-segment',
  text: `
    update assay.output_lines as line
       set plan_id = $1, plan_row = chosen.place
      from unnest($2::bigint[]) with ordinality as chosen (line_id, place)
     where line.line_id = chosen.line_id`,
};

const readPlannedLines: Statement = {
  name: 'read-lines-of-segment',
  text: `select line from assay.output_lines where plan_id = $1 order by plan_row`,
};

/** Commits to the next segment of a stream, if it is due. */
async function planSegment(tx: Transaction, stream: Stream, limits: SegmentLimits): Promise<boolean> {
  const [waiting] = await tx.query<Waiting>(measureWaiting, [stream, limits.lines]);
  if (!isSegmentDue(waiting!, limits)) return false;
  const lines = await readUnplannedLines(tx, stream, limits);
  const planId = randomUUID();
  const blobName = segmentName(stream, await nextNumber(tx, stream), planId);
  const plan = { planId, target: targetOf[stream], blobName, content: ndjson(lines), lineCount: lines.length };
  await insertPlanned(tx, plan);
  await tx.query(assignLines, [planId, lines.map(({ line_id }) => line_id)]);
  return true;
}

async function nextNumber(tx: Transaction, stream: Stream): Promise<number> {
  const first = segmentName(stream, 0, '');
  const folder = first.slice(0, first.indexOf('/'));
  // '0' is the character after '/': the range is the folder, and the index on blob_name finds its end at once.
  const [newest] = await tx.query<{ blob_name: string }>(findNewestSegment, [
    targetOf[stream],
    `${folder}/`,
    `${folder}0`,
  ]);
  return newest === undefined ? 1 : segmentNumberOf(newest.blob_name) + 1;
}

/** Beside a segment of disagreements, the same for people: one line for each document added, `text | labels | n`. */
const humanLog = (postgres: Postgres): PlanWork => ({
  async companions({ planId, blobName }) {
    const rows = await postgres.query<{ line: string }>(readPlannedLines, [planId]);
    return [{ name: blobName.replace(/\.jsonl$/, '.log'), content: ndjson(rows.flatMap(logLine)) }];
  },
});

function logLine({ line }: { readonly line: string }): { readonly line: string }[] {
  const parsed = JSON.parse(line) as DisagreementLine;
  if (parsed.op === 'retract') return [];
  const labels = parsed.labels.map((label) => (typeof label === 'string' ? label : JSON.stringify(label)));
  return [{ line: formatDisagreementLine({ text: parsed.text, labels }) }];
}

/** One round of the segment worker: what was planned before is done first, then what is due now. */
export async function rollSegments(postgres: Postgres, blobs: BlobStore, limits: SegmentLimits): Promise<boolean> {
  let rolled = false;
  for (const stream of streams) {
    const target = targetOf[stream];
    const work = stream === 'disagreements' ? humanLog(postgres) : {};
    const redone = await doPlans(postgres, blobs, target, work);
    const planned = await underLock(postgres, locks.plansOf(target), (tx) => planSegment(tx, stream, limits));
    if (planned === true) await doPlans(postgres, blobs, target, work);
    rolled ||= redone > 0 || planned === true;
  }
  return rolled;
}
