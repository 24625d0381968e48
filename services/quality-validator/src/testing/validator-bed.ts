import './provided.ts';
import { randomBytes } from 'node:crypto';
import type { LabelMessage } from '@assay/shared/contracts/label-message';
import { type Account, accountOf } from '@assay/shared/contracts/account';
import { roles } from '@assay/shared/contracts/roles';
import { migrate, readMigrations } from '@assay/shared/postgres/migrate';
import { createPool, createPostgres, type Postgres } from '@assay/shared/postgres/postgres';
import { inject } from 'vitest';
import type { SettledState } from './settled-state.ts';

const SUPERUSER = 'postgres';

function connect(url: string, role: string): Postgres {
  const settings = { DATABASE_URL: url, DATABASE_POOL_SIZE: 8, KAFKA_SESSION_TIMEOUT_MS: 30_000 };
  return createPostgres(createPool({ settings, applicationName: 'validator-spec', role }), () => {});
}

/** A migrated database of a spec file's own. */
export class ValidatorBed {
  /** As the service sees it, with its role. */
  readonly postgres: Postgres;
  private readonly admin: Postgres;
  private readonly name: string;

  private constructor(name: string, url: string) {
    this.name = name;
    this.postgres = connect(url, roles.validator);
    this.admin = connect(url, SUPERUSER);
  }

  static async start(): Promise<ValidatorBed> {
    const name = `validator_${randomBytes(6).toString('hex')}`;
    await onServer(`create database ${name}`);
    const url = new URL(inject('databaseUrl'));
    url.pathname = `/${name}`;
    await migrate(url.href, await readMigrations());
    return new ValidatorBed(name, url.href);
  }

  async stop(): Promise<void> {
    await this.postgres.close();
    await this.admin.close();
    await onServer(`drop database ${this.name} with (force)`);
  }

  query<Row>(text: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    return this.admin.query<Row>({ name: '', text }, values);
  }

  async clear(): Promise<void> {
    await this.query(`
      truncate public.documents, assay.file_progress, assay.unmatched_labels, assay.rejected_rows, assay.withdrawals,
               assay.agreement_counts, assay.label_files, assay.offsets cascade`);
  }

  async addDocument(docId: string, textHash: string): Promise<void> {
    const text = `
      insert into public.documents (doc_id, source, ticket_id, text, text_hash, priority, fields, masked, bronze_path)
      values ($1, 'spec', $1, 'a masked text', $2, 5, '{}', '{}', 'none')`;
    await this.query(text, [docId, textHash]);
  }

  /** What the bridge remembers of a file it has read; without it the account knows of no label row. */
  async addFile({ origin: { path, sha256 } }: LabelMessage, rows: number): Promise<void> {
    const text = `
      insert into assay.label_files (path, sha256, etag, bytes, status, row_count, published_count, rejected_count)
      values ($1, $2, 'etag', 1, 'read', $3, $3, 0)`;
    await this.query(text, [path, sha256, rows]);
  }

  async account(): Promise<Account> {
    const [row] = await this.query<Record<string, string>>('select * from lineage.account');
    return accountOf(row!);
  }

  async state(): Promise<SettledState> {
    const [row] = await this.query<{ state: SettledState }>(readState);
    return row!.state;
  }
}

async function onServer(statement: string): Promise<void> {
  const server = connect(inject('databaseUrl'), SUPERUSER);
  await server.query({ name: '', text: statement }, []);
  await server.close();
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
    'files', ${list('select path, row_count, duplicate_count from assay.file_progress')},
    'withdrawals', (select count(*) from assay.withdrawals),
    'waiting', (select count(*) from assay.unmatched_labels),
    'rejected', ${list(`select path || '#' || row_number as row, reason from assay.rejected_rows`)}
  ) as state`;
