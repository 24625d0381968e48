import type { Admin } from 'kafkajs';
import type pg from 'pg';
import { accountOf, type Account } from '@assay/shared/contracts/account';
import { groupIdOf, type LaneContract } from '@assay/shared/contracts/lanes';
import { topicEnds } from './topic-ends.ts';

/** How far the stages behind the ledger are; all zero when nothing is under way there. */
export interface Pending {
  /** Stored documents that no outgoing batch has taken yet. */
  readonly documents_to_send: number;
  /** Decisions that output has not applied yet. */
  readonly decisions_to_apply: number;
  /** Lines that are in no confirmed segment yet. */
  readonly lines_to_write: number;
  readonly unconfirmed_segments: number;
}

const unseenQuery = `
  select (select count(*) from lineage.documents d
           where not exists (
             select from lineage.deliveries x where x.doc_id = d.doc_id and x.sent_at is not null))::integer as documents_to_send,
         (select count(*) from lineage.unseen where kind = 'decision')::integer as decisions_to_apply`;

const unwrittenQuery = `
  select (select sum(last_seq - coalesce((select max(last_seq) from assay.segments s where s.stream = streams.stream), 0))
            from assay.streams)::integer as lines_to_write,
         (select count(*) from assay.segments where confirmed_at is null)::integer as unconfirmed_segments`;

const newestOffsetsQuery = `
  select distinct on (partition) partition, next_offset::text as next_offset
    from lineage.lanes
   where lane = $1 and topic = $2
   order by partition, incarnation desc`;

/** The database as two of its roles see it: what output has not written yet is in no view. */
export interface Databases {
  readonly reader: pg.Pool;
  readonly output: pg.Pool;
}

/** What the running system says of itself. It only reads. */
export class SystemFacts {
  readonly #database: pg.Pool;
  readonly #output: pg.Pool;
  readonly #admin: Admin;

  constructor({ reader, output }: Databases, admin: Admin) {
    this.#database = reader;
    this.#output = output;
    this.#admin = admin;
  }

  async account(): Promise<Account> {
    const row = await this.#row<Record<string, string | number>>('select * from lineage.account');
    return accountOf(row);
  }

  async pending(): Promise<Pending> {
    const unseen = await this.#row<Pick<Pending, 'documents_to_send' | 'decisions_to_apply'>>(unseenQuery);
    const unwritten = await this.#row<Pick<Pending, 'lines_to_write' | 'unconfirmed_segments'>>(
      unwrittenQuery,
      this.#output,
    );
    return { ...unseen, ...unwritten };
  }

  /** Paths of the label files that were read or rejected. */
  async labelFiles(): Promise<ReadonlySet<string>> {
    const { rows } = await this.#database.query<{ path: string }>('select distinct path from lineage.label_files');
    return new Set(rows.map(({ path }) => path));
  }

  async agreementRows<T extends pg.QueryResultRow>(): Promise<readonly T[]> {
    const { rows } = await this.#database.query<T>('select field, kind, key, n from lineage.agreement');
    return rows;
  }

  async goldSegments(): Promise<readonly string[]> {
    const { rows } = await this.#output.query<{ blob_name: string }>(
      `select blob_name from assay.segments where stream = 'gold' and confirmed_at is not null order by number`,
    );
    return rows.map(({ blob_name }) => blob_name);
  }

  /** Messages of a lane's topic that its ledger has not booked yet; Kafka's own group offsets may be behind. */
  async lag({ service, lane, topic }: LaneContract): Promise<number> {
    const ends = await topicEnds(this.#admin, topic.name);
    const { rows } = await this.#database.query<{ partition: number; next_offset: string }>(newestOffsetsQuery, [
      groupIdOf({ service, lane }),
      topic.name,
    ]);
    const booked = new Map(rows.map(({ partition, next_offset }) => [partition, BigInt(next_offset)]));
    const lag = ends.reduce((sum, { partition, low, high }) => {
      const left = BigInt(high) - (booked.get(partition) ?? BigInt(low));
      return sum + (left > 0n ? left : 0n);
    }, 0n);
    return Number(lag);
  }

  async #row<T extends pg.QueryResultRow>(query: string, database = this.#database): Promise<T> {
    const { rows } = await database.query<T>(query);
    const [row] = rows;
    if (row === undefined) throw new Error(`no answer to ${query}`);
    return row;
  }
}
