import { locks } from '@assay/shared/contracts/locks';
import type { Statement } from '@assay/shared/postgres/statement';
import { underLock } from '@assay/shared/postgres/advisory-lock';
import type { Postgres } from '@assay/shared/postgres/postgres';
import type { Stream } from './domain/stream-lines.ts';

const findUnnumbered: Statement = {
  name: 'find-unnumbered-streams',
  text: `select stream from assay.output_lines where seq is null group by stream order by stream`,
};

/** A later transaction may have taken a smaller line_id and commit after this; it simply gets a larger seq. */
const numberUnnumbered: Statement = {
  name: 'number-output-lines',
  text: `
    with last as (
      select coalesce(max(seq), 0) as seq from assay.output_lines where stream = $1
    ), fresh as (
      select line_id, row_number() over (order by line_id) as place
        from (
          select line_id from assay.output_lines where stream = $1 and seq is null order by line_id limit $2
        ) as unnumbered
    )
    update assay.output_lines as line
       set seq = last.seq + fresh.place
      from last, fresh
     where line.line_id = fresh.line_id
    returning 1`,
};

const AT_A_TIME = 5_000;

/**
 * Gives committed lines their place in the stream, without holes. One numberer at a time, so that numbers become visible in
 * their order: a consumer that has seen a number never has to look for a smaller one. Answers how many were numbered; 0 also
 * when another instance is numbering.
 */
export async function numberLines(postgres: Postgres, stream: Stream): Promise<number> {
  const numbered = await underLock(postgres, locks.lineNumbersOf(stream), (tx) =>
    tx.query(numberUnnumbered, [stream, AT_A_TIME]),
  );
  return numbered?.length ?? 0;
}

/** One round of the numbering worker: every stream that has something to number. */
export async function numberStreams(postgres: Postgres): Promise<boolean> {
  const waiting = await postgres.query<{ stream: Stream }>(findUnnumbered, []);
  let numbered = 0;
  for (const { stream } of waiting) numbered += await numberLines(postgres, stream);
  return numbered > 0;
}
