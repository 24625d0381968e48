import type { Account } from '@assay/shared/contracts/account';
import type { SystemBed } from './system-bed.ts';
import { until } from './until.ts';

export interface Sent {
  /** Messages on the ticket topic. */
  readonly tickets: number;
  /** Rows of all label files; null where files were replaced, and rows of earlier contents count as well. */
  readonly rows: number | null;
  /** Digest of what lies at each path, where all of it has to be read. */
  readonly contents?: ReadonlyMap<string, string>;
}

/** Rows that are no longer in their file, wherever they are counted. */
const TAKEN_BACK = `
  select (select count(*) from assay.standings where reason = 'its row is no longer in its file')
         + (select coalesce(sum(withdrawn_count), 0) from assay.file_progress)
         + (select coalesce(sum(withdrawn_count), 0) from assay.label_files)
         + (select count(*) from assay.withdrawals) - (select count(*) from assay.standing_withdrawals)`;

/** What is still on its way, by what it waits for; empty when the system has nothing left to do. */
const readUnfinished = `
  select what, count::integer
    from (
      select 'tickets that were never read' as what, $1 - received as count from lineage.account
      union all select 'label rows that were never read', $2::integer - label_rows from lineage.account where $2::integer is not null
      union all select 'label files that were never read', count(*) from unnest($3::text[], $4::text[]) as lies (path, sha256)
                 where not exists (select from assay.label_files f where f.path = lies.path and f.sha256 = lies.sha256)
      union all select 'rows of earlier contents that were never taken back', label_rows - taken_back - (
                    select coalesce(sum(f.row_count), 0)
                      from assay.newest_contents n join assay.label_files f using (path, generation)
                  ) from lineage.account, (${TAKEN_BACK}) as removed (taken_back)
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
  const { tickets, rows, contents = new Map<string, string>() } = sent;
  const values = [tickets, rows, [...contents.keys()], [...contents.values()]];
  let unfinished: unknown[] = [];
  try {
    await until(
      'everything to be settled',
      async () => {
        ({ rows: unfinished } = await bed.database.query(readUnfinished, values));
        return unfinished.length === 0;
      },
      withinMs,
    );
  } catch (error) {
    throw new Error(`still on its way: ${JSON.stringify(unfinished)}`, { cause: error });
  }
  return bed.account();
}
