import type { FileOutcome } from '@assay/labels/label-file';
import type { Statement, Transaction } from '@assay/shared/postgres/statement';
import type { LabelContent } from './domain/label-entry.ts';
import type { MaskedCounts } from './domain/label-privacy.ts';
import type { ListedFile } from './domain/listed-file.ts';
import type { RejectedRows } from './domain/rejected-rows.ts';

const insertLabelFile: Statement = {
  name: 'insert-label-file',
  text: `
    insert into assay.label_files (
      path, generation, sha256, etag, bytes, status, reason, row_count, published_count, rejected_count, kept_count,
      withdrawn_count, notes
    )
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13::jsonb)`,
};

const findWantedAgain: Statement = {
  name: 'find-label-files-wanted-again',
  text: `select path from assay.label_files where is_wanted_again`,
};

const markSentAgain: Statement = {
  name: 'mark-label-file-sent-again',
  text: `update assay.label_files set is_wanted_again = false where path = $1 and is_wanted_again`,
};

const readDigests: Statement = {
  name: 'read-digests-of-contents',
  text: `select generation, sha256 from assay.label_files where path = $1`,
};

const insertRejectedRows: Statement = {
  name: 'insert-rejected-label-rows',
  text: `
    insert into assay.rejected_rows (path, file_sha256, generation, row_number, reason, record)
    select $1, $2, $3, row.row, row.reason, row.record
      from json_to_recordset($4::json) as row (row integer, reason text, record jsonb)
     order by row.row
        on conflict do nothing`,
};

/** The same for rows whose record is not kept. */
const insertRejectedPlaces: Statement = {
  name: 'insert-rejected-label-places',
  text: `
    insert into assay.rejected_rows (path, file_sha256, generation, row_number, reason, record)
    select $1, $2, $3, row_number, $4, 'null'
      from unnest($5::integer[]) as row_number
        on conflict do nothing`,
};

const deleteRejectedPlaces: Statement = {
  name: 'delete-rejected-label-places',
  text: `
    with deleted as (
      delete from assay.rejected_rows where path = $1 and generation < $2 and row_number = any ($3::integer[]) returning 1
    )
    select count(*)::integer as rows from deleted`,
};

const deleteUncountedRejected: Statement = {
  name: 'delete-rejected-rows-before-generations',
  text: `
    with deleted as (
      delete from assay.rejected_rows where path = $1 and generation = 0 returning 1
    )
    select count(*)::integer as rows from deleted`,
};

const PLACES_AT_ONCE = 10_000;

export interface ReadFile {
  readonly content: LabelContent;
  readonly file: ListedFile;
  readonly outcome: FileOutcome;
  readonly notes: readonly object[];
  readonly published: number;
  readonly kept: number;
  readonly rejected: RejectedRows;
  /** Places of rows that an earlier content had and that were rejected there. */
  readonly noLongerRejected: readonly number[];
  /** The earlier content was read before rows were remembered. */
  readonly isFirstCounted: boolean;
  readonly masked: MaskedCounts;
}

/** Files whose rows are to be sent once more, because Kafka has lost them (assay reconcile --mend). */
export async function wantedAgain(postgres: Pick<Transaction, 'query'>): Promise<readonly string[]> {
  return (await postgres.query<{ path: string }>(findWantedAgain, [])).map(({ path }) => path);
}

export async function rememberSentAgain(postgres: Pick<Transaction, 'query'>, path: string): Promise<void> {
  await postgres.query(markSentAgain, [path]);
}

/** Generation → digest of the contents of a path that were sent whole. */
export async function digestsOf(
  postgres: Pick<Transaction, 'query'>,
  path: string,
): Promise<ReadonlyMap<number, string>> {
  const rows = await postgres.query<{ generation: number; sha256: string }>(readDigests, [path]);
  return new Map(rows.map(({ generation, sha256 }) => [generation, sha256]));
}

export async function rememberFile(tx: Transaction, read: ReadFile): Promise<void> {
  const { content, file, outcome, notes, published, rejected, kept } = read;
  const withdrawn = await forgetRejected(tx, read);
  await tx.query(insertLabelFile, [
    content.path,
    content.generation,
    content.sha256,
    file.etag,
    file.size,
    outcome.kind,
    outcome.kind === 'read' ? null : outcome.reason,
    published + rejected.count + kept,
    published,
    rejected.count,
    kept,
    withdrawn,
    JSON.stringify([...notes, ...maskedValues(read)]),
  ]);
  await rememberRejected(tx, content, rejected);
}

async function rememberRejected(
  tx: Transaction,
  { path, sha256, generation }: LabelContent,
  { sample, placesByReason }: RejectedRows,
): Promise<void> {
  const content = [path, sha256, generation];
  if (sample.length > 0) await tx.query(insertRejectedRows, [...content, JSON.stringify(sample)]);
  for (const [reason, places] of placesByReason)
    for (let at = 0; at < places.length; at += PLACES_AT_ONCE)
      await tx.query(insertRejectedPlaces, [...content, reason, places.slice(at, at + PLACES_AT_ONCE)]);
}

/** Rows that stood in an earlier content and are gone: nobody has to mend them any more. */
async function forgetRejected(
  tx: Transaction,
  { content: { path, generation }, noLongerRejected, isFirstCounted }: ReadFile,
): Promise<number> {
  let rows = 0;
  const count = async (statement: Statement, values: readonly unknown[]) => {
    const [deleted] = await tx.query<{ rows: number }>(statement, values);
    rows += deleted!.rows;
  };
  if (isFirstCounted) await count(deleteUncountedRejected, [path]);
  for (let at = 0; at < noLongerRejected.length; at += PLACES_AT_ONCE)
    await count(deleteRejectedPlaces, [path, generation, noLongerRejected.slice(at, at + PLACES_AT_ONCE)]);
  return rows;
}

/** Kinds of personal values that were masked in its rows, and how many of each. */
const maskedValues = ({ masked }: ReadFile): readonly object[] =>
  Object.keys(masked).length === 0 ? [] : [{ code: 'masked', counts: masked }];
