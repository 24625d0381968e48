import { releaseName } from '@assay/shared/contracts/blobs';
import { JSONL_FILE, type ReleaseFile, type ReleaseManifest } from '@assay/shared/contracts/release';
import { PipelineError } from '@assay/shared/errors/pipeline-error';
import type { Statement, Transaction } from '@assay/shared/postgres/statement';

type Reader = Pick<Transaction, 'query'>;

/** A row of assay.releases with its files. What they hold is fixed by `last_seq`; the rest was measured from it. */
export interface Release {
  readonly release: number;
  readonly last_seq: number;
  readonly rules_versions: Readonly<Record<string, number>>;
  readonly planned_at: string;
  readonly files: readonly ReleaseFile[];
}

const columns = `
  release, last_seq::float8, rules_versions,
  to_char(planned_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as planned_at,
  (select json_agg(json_build_object('name', name, 'format', format, 'media_type', media_type,
                                     'sha256', sha256, 'bytes', bytes, 'line_count', line_count) order by name)
     from assay.release_files as file where file.release = releases.release) as files`;

/** Releases that are listed. Older ones are found by their number. */
export const RELEASES_LISTED = 1_000;

const selectConfirmed: Statement = {
  name: 'list-releases',
  text: `select ${columns} from assay.releases where confirmed_at is not null order by release desc limit ${RELEASES_LISTED}`,
};

const selectLatest: Statement = {
  name: 'find-latest-release',
  text: `select ${columns} from assay.releases where confirmed_at is not null order by release desc limit 1`,
};

const selectOne: Statement = {
  name: 'find-release',
  text: `select ${columns} from assay.releases where confirmed_at is not null and release = $1`,
};

/** Among the newest: a release is only begun when those before it are done, or by somebody who began it at the same time. */
const selectUnconfirmed: Statement = {
  name: 'find-unconfirmed-release',
  text: `
    select ${columns}
      from (select * from assay.releases order by release desc limit 100) as releases
     where confirmed_at is null
     order by release
     limit 1`,
};

const selectNewest: Statement = {
  name: 'find-newest-release',
  text: `select ${columns} from assay.releases order by release desc limit 1`,
};

const insert: Statement = {
  name: 'insert-release',
  text: `insert into assay.releases (release, last_seq, rules_versions) values ($1, $2, $3)`,
};

const insertFiles: Statement = {
  name: 'insert-release-files',
  text: `
    insert into assay.release_files (release, name, format, media_type, sha256, bytes, line_count)
    select $1, name, format, media_type, sha256, bytes, line_count
      from json_to_recordset($2::json)
        as row (name text, format text, media_type text, sha256 text, bytes bigint, line_count integer)`,
};

const confirm: Statement = {
  name: 'confirm-release',
  text: `update assay.releases set confirmed_at = now() where release = $1 and confirmed_at is null`,
};

/** The same bytes for the same row, whenever it is made. */
export function manifestOf({ release, last_seq, rules_versions, planned_at, files }: Release): ReleaseManifest {
  const main = files.find(({ name }) => name === JSONL_FILE);
  if (main === undefined) throw new PipelineError('INVARIANT_BROKEN', `release ${release} has no ${JSONL_FILE}`);
  const { name, sha256, bytes, line_count } = main;
  return {
    release,
    file: releaseName(release, name),
    sha256,
    bytes,
    line_count,
    last_seq,
    rules_versions,
    planned_at,
    files: [...files],
  };
}

/** The newest, newest first. */
export async function listReleases(postgres: Reader): Promise<readonly ReleaseManifest[]> {
  return (await postgres.query<Release>(selectConfirmed, [])).map(manifestOf);
}

/** The newest whose files are there. */
export async function findLatestRelease(postgres: Reader): Promise<ReleaseManifest | null> {
  const [row] = await postgres.query<Release>(selectLatest, []);
  return row === undefined ? null : manifestOf(row);
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

export async function insertRelease(tx: Transaction, row: Omit<Release, 'planned_at'>): Promise<void> {
  const { release, last_seq, rules_versions, files } = row;
  await tx.query(insert, [release, last_seq, JSON.stringify(rules_versions)]);
  await tx.query(insertFiles, [release, JSON.stringify(files)]);
}

export async function confirmRelease(tx: Transaction, release: number): Promise<void> {
  await tx.query(confirm, [release]);
}
