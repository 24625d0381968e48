import type { FileOutcome } from '@assay/labels/label-file';
import type { Statement, Transaction } from '@assay/shared/postgres/statement';
import type { LabelFileName } from './domain/label-entry.ts';
import type { MaskedCounts } from './domain/label-privacy.ts';
import type { ListedFile } from './domain/listed-file.ts';
import type { RejectedRows } from './domain/rejected-rows.ts';

const findKnownFiles: Statement = {
  name: 'find-known-label-files',
  text: `
    select label_files.path, label_files.etag
      from assay.label_files
      join unnest($1::text[], $2::text[]) as listed (path, etag)
        on listed.path = label_files.path and listed.etag = label_files.etag
     where not label_files.is_wanted_again`,
};

const findContent: Statement = {
  name: 'find-label-file-content',
  text: `select true as found from assay.label_files where path = $1 and sha256 = $2 and not is_wanted_again`,
};

const insertLabelFile: Statement = {
  name: 'insert-label-file',
  text: `
    insert into assay.label_files (
      path, sha256, etag, bytes, status, reason, row_count, published_count, rejected_count, notes
    )
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb)
    on conflict (path, sha256) do update set etag = excluded.etag, is_wanted_again = false
      where label_files.is_wanted_again`,
};

const findWantedAgain: Statement = {
  name: 'find-label-files-wanted-again',
  text: `select path from assay.label_files where is_wanted_again`,
};

const insertRejectedRows: Statement = {
  name: 'insert-rejected-label-rows',
  text: `
    insert into assay.rejected_rows (path, file_sha256, row_number, reason, record)
    select $1, $2, row.row, row.reason, row.record
      from json_to_recordset($3::json) as row (row integer, reason text, record jsonb)
     order by row.row
        on conflict do nothing`,
};

/** The same for rows whose record is not kept. */
const insertRejectedPlaces: Statement = {
  name: 'insert-rejected-label-places',
  text: `
    insert into assay.rejected_rows (path, file_sha256, row_number, reason, record)
    select $1, $2, row_number, $3, 'null'
      from unnest($4::integer[]) as row_number
        on conflict do nothing`,
};

const PLACES_AT_ONCE = 10_000;

export interface ReadFile {
  readonly name: LabelFileName;
  readonly etag: string;
  readonly size: number;
  readonly outcome: FileOutcome;
  readonly notes: readonly object[];
  readonly published: number;
  readonly rejected: RejectedRows;
  readonly masked: MaskedCounts;
}

/** Files whose rows are to be sent once more, because Kafka has lost them (assay reconcile --mend). */
export async function wantedAgain(postgres: Pick<Transaction, 'query'>): Promise<readonly string[]> {
  return (await postgres.query<{ path: string }>(findWantedAgain, [])).map(({ path }) => path);
}

/** Those of the listed files that were read as they are now. */
export async function knownAmong(
  postgres: Pick<Transaction, 'query'>,
  listed: readonly ListedFile[],
): Promise<ReadonlySet<string>> {
  const columns = [listed.map(({ path }) => path), listed.map(({ etag }) => etag)];
  const found = await postgres.query<{ path: string }>(findKnownFiles, columns);
  return new Set(found.map(({ path }) => path));
}

/** The same content under the same path was read before; the store has only given it another etag. */
export async function isContentKnown(
  postgres: Pick<Transaction, 'query'>,
  { path, sha256 }: LabelFileName,
): Promise<boolean> {
  return (await postgres.query(findContent, [path, sha256])).length > 0;
}

export async function rememberFile(tx: Transaction, file: ReadFile): Promise<void> {
  const { name, etag, size, outcome, notes, published, rejected } = file;
  await tx.query(insertLabelFile, [
    name.path,
    name.sha256,
    etag,
    size,
    outcome.kind,
    outcome.kind === 'read' ? null : outcome.reason,
    published + rejected.count,
    published,
    rejected.count,
    JSON.stringify([...notes, ...maskedValues(file)]),
  ]);
  await rememberRejected(tx, name, rejected);
}

async function rememberRejected(
  tx: Transaction,
  { path, sha256 }: LabelFileName,
  { sample, placesByReason }: RejectedRows,
): Promise<void> {
  if (sample.length > 0) await tx.query(insertRejectedRows, [path, sha256, JSON.stringify(sample)]);
  for (const [reason, places] of placesByReason)
    for (let at = 0; at < places.length; at += PLACES_AT_ONCE)
      await tx.query(insertRejectedPlaces, [path, sha256, reason, places.slice(at, at + PLACES_AT_ONCE)]);
}

/** Kinds of personal values that were masked in its rows, and how many of each. */
const maskedValues = ({ masked }: ReadFile): readonly object[] =>
  Object.keys(masked).length === 0 ? [] : [{ code: 'masked', counts: masked }];
