import type { Statement, Transaction } from '@assay/shared/postgres/statement';
import type { Stream } from './domain/stream-lines.ts';
import type { Segment } from './segments.sql.ts';

/** How much a read takes at most; a single longer line is still read whole. */
export interface ReadLimits {
  readonly lines: number;
  readonly bytes: number;
}

/** Line texts can be long, so the bytes are counted where the lines are: what is over the limit never leaves Postgres. */
const readAfter: Statement = {
  name: 'read-lines-after',
  text: `
    select seq, line
      from (
        select seq, line, sum(octet_length(line) + 1) over (order by seq) - octet_length(line) - 1 as bytes_before
          from (
            select seq, line from assay.output_lines where stream = $1 and seq > $4 order by seq limit $2
          ) as counted
      ) as measured
     where bytes_before < $3
     order by seq`,
};

const readRange: Statement = {
  name: 'read-lines-of-segment',
  text: `select seq, line from assay.output_lines where stream = $1 and seq between $2 and $3 order by seq`,
};

/** bigint columns come as text. */
export interface Line {
  readonly seq: string;
  readonly line: string;
}

type Reader = Pick<Transaction, 'query'>;

/**
 * Whoever inserts lines holds its stream until the commit, so what is seen here has no hole before it: a consumer that has
 * read a number never has to look below it again.
 */
export const readLinesAfter = (
  postgres: Reader,
  stream: Stream,
  after: number,
  { lines, bytes }: ReadLimits,
): Promise<readonly Line[]> => postgres.query(readAfter, [stream, lines, bytes, after]);

export const readLinesOf = (
  postgres: Reader,
  { stream, firstSeq, lastSeq }: Pick<Segment, 'stream' | 'firstSeq' | 'lastSeq'>,
): Promise<readonly Line[]> => postgres.query(readRange, [stream, firstSeq, lastSeq]);

export const ndjson = (lines: readonly { readonly line: string }[]): Buffer =>
  Buffer.from(lines.map(({ line }) => `${line}\n`).join(''));
