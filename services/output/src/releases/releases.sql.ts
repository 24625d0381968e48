import { releaseName } from '@assay/shared/contracts/blobs';
import type { ReleaseManifest } from '@assay/shared/contracts/release';
import type { Statement, Transaction } from '@assay/shared/postgres/statement';

type Reader = Pick<Transaction, 'query'>;

/** A row of assay.releases. What a release holds is fixed by `last_seq`; the rest was measured from it. */
export interface Release {
  readonly release: number;
  readonly last_seq: number;
  readonly line_count: number;
  readonly sha256: string;
  readonly bytes: number;
  readonly rules_versions: Readonly<Record<string, number>>;
  readonly planned_at: string;
}

const columns = `release, last_seq::float8, line_count, sha256, bytes::float8, rules_versions,
  to_char(planned_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as planned_at`;

const selectConfirmed: Statement = {
  name: 'list-releases',
  text: `select ${columns} from assay.releases where confirmed_at is not null order by release desc`,
};

const selectOne: Statement = {
  name: 'find-release',
  text: `select ${columns} from assay.releases where confirmed_at is not null and release = $1`,
};

const selectUnconfirmed: Statement = {
  name: 'find-unconfirmed-release',
  text: `select ${columns} from assay.releases where confirmed_at is null order by release limit 1`,
};

const selectNewest: Statement = {
  name: 'find-newest-release',
  text: `select ${columns} from assay.releases order by release desc limit 1`,
};

const insert: Statement = {
  name: 'insert-release',
  text: `
    insert into assay.releases (release, last_seq, line_count, sha256, bytes, rules_versions)
    values ($1, $2, $3, $4, $5, $6)`,
};

const confirm: Statement = {
  name: 'confirm-release',
  text: `update assay.releases set confirmed_at = now() where release = $1 and confirmed_at is null`,
};

const selectLastSeq: Statement = {
  name: 'find-last-gold-line',
  text: `select coalesce(max(seq), 0)::float8 as seq from assay.output_lines where stream = 'gold'`,
};

/** The same bytes for the same row, whenever it is made. */
export const manifestOf = (row: Release): ReleaseManifest => ({
  release: row.release,
  file: releaseName(row.release, 'clean_training_dataset.jsonl'),
  sha256: row.sha256,
  bytes: row.bytes,
  line_count: row.line_count,
  last_seq: row.last_seq,
  rules_versions: row.rules_versions,
  planned_at: row.planned_at,
});

/** Newest first. */
export async function listReleases(postgres: Reader): Promise<readonly ReleaseManifest[]> {
  return (await postgres.query<Release>(selectConfirmed, [])).map(manifestOf);
}

export async function findRelease(postgres: Reader, release: number): Promise<ReleaseManifest | null> {
  const [row] = await postgres.query<Release>(selectOne, [release]);
  return row === undefined ? null : manifestOf(row);
}

export async function findUnconfirmedRelease(postgres: Reader): Promise<Release | null> {
  return (await postgres.query<Release>(selectUnconfirmed, []))[0] ?? null;
}

/** Confirmed or not. */
export async function findNewestRelease(postgres: Reader): Promise<Release | null> {
  return (await postgres.query<Release>(selectNewest, []))[0] ?? null;
}

export async function findLastSeq(postgres: Reader): Promise<number> {
  return (await postgres.query<{ seq: number }>(selectLastSeq, []))[0]!.seq;
}

export async function insertRelease(tx: Transaction, row: Omit<Release, 'planned_at'>): Promise<void> {
  const { release, last_seq, line_count, sha256, bytes, rules_versions } = row;
  await tx.query(insert, [release, last_seq, line_count, sha256, bytes, JSON.stringify(rules_versions)]);
}

export async function confirmRelease(tx: Transaction, release: number): Promise<void> {
  await tx.query(confirm, [release]);
}
