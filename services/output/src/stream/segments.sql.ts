import type { Statement, Transaction } from '@assay/shared/postgres/statement';
import type { Waiting } from './domain/segments.ts';
import type { Stream } from './domain/stream-lines.ts';

/** $1 streams. Differences between where each ends and where its last segment does: it costs the same however much waits. */
const measure: Statement = {
  name: 'measure-waiting-lines',
  text: `
    select known.stream, segmented.after::float8, segmented.number,
           (known.last_seq - segmented.after)::float8 as lines,
           (known.bytes - segmented.bytes)::float8 as bytes,
           coalesce(extract(epoch from now() - first.written_at) * 1000, 0)::float8 as "ageMs",
           exists (
             select from assay.segments undone where undone.stream = known.stream and undone.confirmed_at is null
           ) as "isUnfinished"
      from assay.streams known
     cross join lateral (
       select coalesce(max(last_seq), 0) as after, coalesce(max(number), 0) as number, coalesce(max(stream_bytes), 0) as bytes
         from (
           select last_seq, number, stream_bytes
             from assay.segments
            where segments.stream = known.stream
            order by number desc
            limit 1
         ) as newest
     ) segmented
      left join assay.output_lines first on first.stream = known.stream and first.seq = segmented.after + 1
     where known.stream = any ($1)`,
};

const insert: Statement = {
  name: 'insert-segment',
  text: `
    insert into assay.segments (stream, number, first_seq, last_seq, stream_bytes, blob_name, sha256)
    select $1, $2, $3, $4, $5 + coalesce((select stream_bytes from assay.segments where stream = $1 and number = $2 - 1), 0),
           $6, $7`,
};

const selectUnconfirmed: Statement = {
  name: 'find-unconfirmed-segment',
  text: `
    select stream, number, first_seq::float8 as "firstSeq", last_seq::float8 as "lastSeq", blob_name as "blobName", sha256
      from assay.segments
     where stream = $1 and confirmed_at is null
     order by number
     limit 1`,
};

const confirm: Statement = {
  name: 'confirm-segment',
  text: `update assay.segments set confirmed_at = now() where stream = $1 and number = $2`,
};

/** Consecutive lines of a stream, and the blob they are or will be. */
export interface Segment {
  readonly stream: Stream;
  readonly number: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly blobName: string;
  readonly sha256: string;
}

export interface WaitingAfter extends Waiting {
  readonly stream: Stream;
  /** Planned before, and not confirmed. */
  readonly isUnfinished: boolean;
  /** The newest segment, and the last line in it; 0 before the first. */
  readonly number: number;
  readonly after: number;
}

/** Lines that are in no segment yet. */
export const measureWaiting = (
  postgres: Pick<Transaction, 'query'>,
  streams: readonly Stream[],
): Promise<readonly WaitingAfter[]> => postgres.query<WaitingAfter>(measure, [streams]);

export async function insertSegment(tx: Transaction, segment: Segment & { readonly bytes: number }): Promise<void> {
  const { stream, number, firstSeq, lastSeq, bytes, blobName, sha256 } = segment;
  await tx.query(insert, [stream, number, firstSeq, lastSeq, bytes, blobName, sha256]);
}

/** The oldest: segments are written in the order of their numbers. */
export async function findUnconfirmed(tx: Transaction, stream: Stream): Promise<Segment | null> {
  return (await tx.query<Segment>(selectUnconfirmed, [stream]))[0] ?? null;
}

export async function confirmSegment(tx: Transaction, { stream, number }: Segment): Promise<void> {
  await tx.query(confirm, [stream, number]);
}
