import type { Statement, Transaction } from '@assay/shared/postgres/statement';
import type { Stream } from './domain/stream-lines.ts';

/** How much a read takes at most; a single longer line is still read whole. */
export interface ReadLimits {
  readonly lines: number;
  readonly bytes: number;
}

/** Line texts can be long, so the bytes are counted where the lines are: what is over the limit never leaves Postgres. */
const firstOf = (condition: string): string => `
  select line_id, seq, line
    from (
      select line_id, seq, line, sum(octet_length(line) + 1) over (order by seq) - octet_length(line) - 1 as bytes_before
        from (
          select line_id, seq, line from assay.output_lines where stream = $1 and ${condition} order by seq limit $2
        ) as counted
    ) as measured
   where bytes_before < $3
   order by seq`;

const readAfter: Statement = { name: 'read-lines-after', text: firstOf('seq > $4') };

const readUnplanned: Statement = {
  name: 'read-unplanned-lines',
  text: firstOf('plan_id is null and seq is not null'),
};

/** bigint columns come as text. */
export interface NumberedLine {
  readonly line_id: string;
  readonly seq: string;
  readonly line: string;
}

type Reader = Pick<Transaction, 'query'>;

export const readLinesAfter = (
  postgres: Reader,
  stream: Stream,
  after: number,
  { lines, bytes }: ReadLimits,
): Promise<readonly NumberedLine[]> => postgres.query(readAfter, [stream, lines, bytes, after]);

export const readUnplannedLines = (
  postgres: Reader,
  stream: Stream,
  { lines, bytes }: ReadLimits,
): Promise<readonly NumberedLine[]> => postgres.query(readUnplanned, [stream, lines, bytes]);

export const ndjson = (lines: readonly { readonly line: string }[]): Buffer =>
  Buffer.from(lines.map(({ line }) => `${line}\n`).join(''));
