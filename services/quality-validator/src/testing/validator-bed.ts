import type { LabelChange, LabelMessage } from '@assay/shared/contracts/label-message';
import { type Account, accountOf, faultsOfAccount } from '@assay/shared/contracts/account';
import { roles } from '@assay/shared/contracts/roles';
import type { Postgres } from '@assay/shared/postgres/postgres';
import { createTestDatabase, type TestDatabase } from '@assay/shared/testing/test-database';
import { defaultRules } from '@assay/labels/decide';
import { docIdOf, textHashOf } from './label-row.ts';
import { contentKey, contentOf } from '../votes/domain/vote-places.ts';
import { deliver } from './run-history.ts';
import type { SettledState } from './settled-state.ts';

export const DEFAULT = { rules: defaultRules, version: 'default' };

/** A migrated database of a spec file's own. */
export class ValidatorBed {
  /** As the service sees it, with its role. */
  readonly postgres: Postgres;
  readonly #database: TestDatabase;

  private constructor(database: TestDatabase) {
    this.#database = database;
    this.postgres = database.as(roles.validator);
  }

  static async start(): Promise<ValidatorBed> {
    return new ValidatorBed(await createTestDatabase());
  }

  get url(): string {
    return this.#database.url;
  }

  stop(): Promise<void> {
    return this.#database.drop();
  }

  async query<Row>(text: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    const { rows } = await this.#database.admin.query(text, [...values]);
    return rows as Row[];
  }

  async clear(): Promise<void> {
    await this.query(`
      truncate public.documents, assay.file_progress, assay.unmatched_labels, assay.rejected_rows, assay.withdrawals,
               assay.removed_rows, assay.agreement_counts, assay.label_files, assay.replayed_labels, assay.offsets, assay.heads,
               assay.standings, assay.vote_places
        cascade`);
  }

  /** Documents by number, each with a text of its own. */
  addDocuments(numbers: readonly number[]): Promise<void> {
    return this.#insertDocuments(numbers.map((number) => ({ doc_id: docIdOf(number), text_hash: textHashOf(number) })));
  }

  addDocument(docId: string, textHash: string): Promise<void> {
    return this.#insertDocuments([{ doc_id: docId, text_hash: textHash }]);
  }

  async #insertDocuments(rows: readonly { doc_id: string; text_hash: string }[]): Promise<void> {
    const text = `
      insert into public.documents (doc_id, source, ticket_id, text, text_hash, priority, fields, masked, bronze_path)
      select doc_id, 'spec', doc_id, 'a masked text', text_hash, 5, '{}', '{}', 'none'
        from json_to_recordset($1::json) as row (doc_id text, text_hash text)`;
    await this.query(text, [JSON.stringify(rows)]);
    // Ingest booked their tickets, or the account would miss them.
    const booked = `
      insert into assay.offsets as o (
        lane, topic, partition, incarnation, cluster_id, first_offset, next_offset, received, accepted
      )
      values ('assay.ingest.tickets', 'tickets', 0, 0, 'spec', 0, $1, $1, $1)
          on conflict (lane, topic, partition, incarnation) do update
         set next_offset = o.next_offset + $1, received = o.received + $1, accepted = o.accepted + $1`;
    await this.query(booked, [rows.length]);
  }

  /** What the bridge remembers of files it has read and sent; without it the account knows of no label row. */
  async addFiles(labels: readonly LabelMessage[]): Promise<void> {
    const text = `
      insert into assay.label_files (
        path, generation, sha256, etag, bytes, status, row_count, published_count, rejected_count
      )
      values ($1, $2, $3, 'etag', 1, 'read', $4, $4, 0)`;
    const contents = Map.groupBy(labels, ({ origin }) => contentKey(contentOf(origin)));
    for (const rows of contents.values()) {
      const { path, generation, sha256 } = rows[0]!.origin;
      await this.query(text, [path, generation, sha256, rows.length]);
    }
  }

  /** One batch of a partition; answers how many of its labels the lane books as duplicates. */
  settle(labels: readonly LabelChange[], { partition = 0, rules = DEFAULT } = {}): Promise<number> {
    return deliver(this.postgres, partition, labels, rules);
  }

  /** The account, which must add up whenever it is asked. */
  async account(): Promise<Account> {
    const [row] = await this.query<Record<string, string>>('select * from lineage.account');
    const account = accountOf(row!);
    const faults = faultsOfAccount(account);
    if (faults.length > 0) throw new Error(`the account does not add up: ${faults.join('; ')}`);
    return account;
  }

  /** Document → verdict, of those that have one. */
  async verdicts(): Promise<Readonly<Record<string, string>>> {
    const rows = await this.query<{ doc_id: string; verdict: string }>(
      'select doc_id, verdict from assay.heads where verdict is not null',
    );
    return Object.fromEntries(rows.map(({ doc_id, verdict }) => [doc_id, verdict]));
  }

  async state(): Promise<SettledState> {
    const [row] = await this.query<{ state: SettledState }>(readState);
    return row!.state;
  }
}

const list = (select: string): string => `(select coalesce(json_agg(listed), '[]') from (${select}) as listed)`;

const readState = `
  select json_build_object(
    'decisions', ${list('select doc_id, version, verdict, fields from public.decisions order by doc_id, version')},
    'annotations', ${list(`
      select annotation_id, a.raw_annotation_path || '#' || a.raw_row as row, s.status, s.reason
        from public.annotations a left join assay.standings s using (annotation_id)`)},
    'metrics', ${list('select annotation_id, status, reason from public.quality_metrics order by validation_id')},
    'counts', ${list('select field, kind, key, n from lineage.agreement')},
    'files', ${list('select path, row_count, duplicate_count, withdrawn_count from assay.file_progress')},
    'withdrawals', (
      select json_build_object('different', different, 'repeats', standing - different, 'removed', rows - standing)
        from (select count(*) as standing, count(distinct (tool, tool_annotation_id)) as different
                from assay.standing_withdrawals) as s,
             (select count(*) as rows from assay.withdrawals) as w
    ),
    'waiting', (select count(*) from assay.unmatched_labels),
    'rejected', ${list(`select path || '#' || row_number as row, reason from assay.rejected_rows`)}
  ) as state`;
