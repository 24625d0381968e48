import type { Account } from '@assay/shared/contracts/account';
import type { SystemBed } from './system-bed.ts';
import { until } from './until.ts';

export interface Sent {
  /** Messages on the ticket topic. */
  readonly tickets: number;
  /** Rows of all label files. */
  readonly rows: number;
}

/** What is still on its way, by what it waits for; empty when the system has nothing left to do. */
const readUnfinished = `
  select what, count::integer
    from (
      select 'tickets that were never read' as what, $1 - received as count from lineage.account
      union all select 'label rows that were never read', $2 - label_rows from lineage.account
      union all select 'label rows under way', rows_under_way from lineage.account
      union all select 'labels without a document', waiting_rows from lineage.account
      union all select 'documents and decisions never seen downstream', (select count(*) from lineage.unseen)
      union all select 'documents in no batch', documents - pushed
                  from lineage.account, lineage.stages
      union all select 'lines in no segment',
                       last_seq - coalesce((select max(last_seq) from assay.segments s where s.stream = streams.stream), 0)
                  from assay.streams
      union all select 'segments not confirmed', count(*) from assay.segments where confirmed_at is null
      union all select 'batches not sent', count(*) from assay.batches where sent_at is null
    ) as waiting
   where count <> 0`;

/** Resolves with the account when nothing is on its way any more; says what was, when that never happens. */
export async function settledAccount(bed: SystemBed, sent: Sent, withinMs = 120_000): Promise<Account> {
  let unfinished: unknown[] = [];
  try {
    await until(
      'everything to be settled',
      async () => {
        ({ rows: unfinished } = await bed.database.query(readUnfinished, [sent.tickets, sent.rows]));
        return unfinished.length === 0;
      },
      withinMs,
    );
  } catch (error) {
    throw new Error(`still on its way: ${JSON.stringify(unfinished)}`, { cause: error });
  }
  return bed.account();
}
