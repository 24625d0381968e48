import type { Statement, Transaction } from '@assay/shared/postgres/statement';
import { channels } from '@assay/shared/contracts/channels';
import { notify } from '@assay/shared/postgres/notify';
import { type StreamLine, streams } from './domain/stream-lines.ts';

/** The row lock of the stream is what `update` takes; `last_seq` is the one that the transaction before it committed. */
const appendLines: Statement = {
  name: 'append-lines',
  text: `
    with taken as (
      update assay.streams
         set last_seq = last_seq + cardinality($2::text[]), bytes = bytes + $7
       where stream = $1
      returning last_seq - cardinality($2::text[]) as before
    )
    insert into assay.output_lines (stream, seq, doc_id, life, version, op, line)
    select $1, taken.before + fresh.place, fresh.doc_id, fresh.life, fresh.version, fresh.op, fresh.line
      from taken,
           unnest($2::text[], $3::integer[], $4::integer[], $5::text[], $6::text[])
             with ordinality as fresh (doc_id, life, version, op, line, place)`,
};

/**
 * Gives lines the next numbers of their stream, in the order given, and holds the stream until the commit: no hole, and no
 * smaller number that becomes visible after a larger one. Whoever writes to both streams meanwhile waits here, so this comes
 * last in a transaction; everybody takes the streams in one order.
 */
export async function appendToStreams(tx: Transaction, lines: readonly StreamLine[]): Promise<void> {
  if (lines.length > 0) await notify(tx, channels.lines);
  for (const stream of streams) {
    const ours = lines.filter((line) => line.stream === stream);
    if (ours.length === 0) continue;
    await tx.query(appendLines, [
      stream,
      ours.map(({ doc_id }) => doc_id),
      ours.map(({ life }) => life),
      ours.map(({ version }) => version),
      ours.map(({ op }) => op),
      ours.map(({ line }) => line),
      ours.reduce((bytes, { line }) => bytes + Buffer.byteLength(line) + 1, 0),
    ]);
  }
}
