import type { Statement, Transaction } from '@assay/shared/postgres/statement';
import type { LabelContent } from './domain/label-entry.ts';
import type { ListedFile } from './domain/listed-file.ts';
import { decodeRecords, encodeRecords, type RowRecord } from './domain/row-record.ts';

type Query = Pick<Transaction, 'query'>;

const findKnownFiles: Statement = {
  name: 'find-known-label-files',
  text: `
    select n.path
      from unnest($1::text[], $2::text[]) as listed (path, etag)
      join assay.newest_contents n on n.path = listed.path and n.etag = listed.etag
     where n.is_sent
       and not exists (select from assay.label_files f where f.path = n.path and f.is_wanted_again)`,
};

/** Those of the listed files that were read as they are now. */
export async function knownAmong(postgres: Query, listed: readonly ListedFile[]): Promise<ReadonlySet<string>> {
  const columns = [listed.map(({ path }) => path), listed.map(({ etag }) => etag)];
  const found = await postgres.query<{ path: string }>(findKnownFiles, columns);
  return new Set(found.map(({ path }) => path));
}

export interface NewestContent {
  readonly generation: number;
  readonly sha256: string;
  readonly is_sent: boolean;
  readonly is_wanted_again: boolean;
  /** Of the newest content that was sent whole; null when none was. */
  readonly whole_generation: number | null;
}

const findNewestContent: Statement = {
  name: 'find-newest-content',
  text: `
    select n.generation, n.sha256, n.is_sent,
           exists (select from assay.label_files f where f.path = n.path and f.is_wanted_again) as is_wanted_again,
           (select max(f.generation) from assay.label_files f where f.path = n.path) as whole_generation
      from assay.newest_contents n
     where n.path = $1`,
};

export async function newestContent(postgres: Query, path: string): Promise<NewestContent | null> {
  return (await postgres.query<NewestContent>(findNewestContent, [path]))[0] ?? null;
}

/** Whoever is first holds the path until its content is sent, or the next one is begun. */
const insertNewestContent: Statement = {
  name: 'begin-content',
  text: `
    insert into assay.newest_contents as n (path, generation, sha256, etag, is_sent)
    values ($1, $2, $3, $4, false)
        on conflict (path) do update
       set generation = excluded.generation, sha256 = excluded.sha256, etag = excluded.etag, is_sent = false
     where n.generation = excluded.generation - 1
    returning n.generation`,
};

export async function beginContent(postgres: Query, content: LabelContent, etag: string): Promise<boolean> {
  const { path, generation, sha256 } = content;
  return (await postgres.query(insertNewestContent, [path, generation, sha256, etag])).length > 0;
}

const updateEtag: Statement = {
  name: 'name-content',
  text: `update assay.newest_contents set etag = $3 where path = $1 and generation = $2`,
};

/** The store calls the same content by another etag now. */
export async function nameContent(postgres: Query, path: string, generation: number, etag: string): Promise<void> {
  await postgres.query(updateEtag, [path, generation, etag]);
}

const forgetDigest: Statement = {
  name: 'give-content-up',
  text: `update assay.newest_contents set sha256 = '' where path = $1 and sha256 = $2 and not is_sent`,
};

/** What comes next, even the same bytes, is another generation, and is compared with what this one may have sent. */
export async function giveContentUp(postgres: Query, path: string, sha256: string): Promise<void> {
  await postgres.query(forgetDigest, [path, sha256]);
}

const markSent: Statement = {
  name: 'mark-content-sent',
  text: `
    update assay.newest_contents set is_sent = true, etag = $3
     where path = $1 and generation = $2 and not is_sent
    returning generation`,
};

const deleteEarlierRows: Statement = {
  name: 'delete-rows-of-earlier-contents',
  text: `delete from assay.label_file_rows where path = $1 and generation < $2`,
};

/** False when another instance has begun the next content meanwhile. */
export async function endContent(tx: Query, { path, generation }: LabelContent, etag: string): Promise<boolean> {
  if ((await tx.query(markSent, [path, generation, etag])).length === 0) return false;
  await tx.query(deleteEarlierRows, [path, generation]);
  return true;
}

/** Under the lock of the content: rows of one that was given up are never added after the next one has looked at them. */
const insertRows: Statement = {
  name: 'insert-label-file-rows',
  text: `
    with held as (
      select from assay.newest_contents where path = $1 and generation = $2 and not is_sent for share
    )
    insert into assay.label_file_rows as r (path, generation, first_row, last_row, records)
    select $1, $2, $3, $4, $5 from held
        on conflict (path, generation, first_row) do update set last_row = excluded.last_row
     where r.last_row = excluded.last_row and r.records = excluded.records
    returning r.first_row`,
};

/** Before they are sent. False when they are not what was sent before a crash, or another content was begun meanwhile. */
export async function storeRows(
  postgres: Query,
  { path, generation }: LabelContent,
  rows: readonly RowRecord[],
): Promise<boolean> {
  const values = [path, generation, rows[0]!.row, rows.at(-1)!.row, encodeRecords(rows)];
  return (await postgres.query(insertRows, values)).length > 0;
}

const findRowsBeyond: Statement = {
  name: 'find-label-file-rows-beyond',
  text: `select first_row from assay.label_file_rows where path = $1 and generation = $2 and first_row > $3 limit 1`,
};

/** A try before this one had rows that this one has not. */
export async function hasRowsBeyond(
  postgres: Query,
  { path, generation }: LabelContent,
  row: number,
): Promise<boolean> {
  return (await postgres.query(findRowsBeyond, [path, generation, row])).length > 0;
}

interface Piece {
  readonly generation: number;
  readonly first_row: number;
  readonly records: Buffer;
}

const readRows: Statement = {
  name: 'read-label-file-rows',
  text: `
    select generation, first_row, records
      from assay.label_file_rows
     where path = $1 and generation = $2 and first_row <= $4 and last_row >= $3
     order by first_row`,
};

/** What contents of these generations have between two rows, by row. */
export async function rowsBetween(
  postgres: Query,
  path: string,
  generations: readonly number[],
  [from, to]: readonly [number, number],
): Promise<ReadonlyMap<number, readonly RowRecord[]>> {
  const found: RowRecord[] = [];
  for (const generation of generations) {
    const pieces = await postgres.query<Piece>(readRows, [path, generation, from, to]);
    found.push(...pieces.flatMap(({ records }) => decodeRecords(records)));
  }
  return Map.groupBy(
    found.filter(({ row }) => row >= from && row <= to),
    ({ row }) => row,
  );
}

const PIECES_AT_ONCE = 20;

const readEarlierRows: Statement = {
  name: 'read-rows-of-earlier-contents',
  text: `
    select generation, first_row, records
      from assay.label_file_rows
     where path = $1 and generation < $2 and (generation, first_row) > ($3, $4)
     order by generation, first_row
     limit ${PIECES_AT_ONCE}`,
};

/** All that contents before this one have, piece by piece. */
export async function* rowsBefore(
  postgres: Query,
  { path, generation }: LabelContent,
): AsyncGenerator<readonly RowRecord[]> {
  let last = { generation: 0, first_row: 0 };
  for (;;) {
    const values = [path, generation, last.generation, last.first_row];
    const pieces = await postgres.query<Piece>(readEarlierRows, values);
    for (const { records } of pieces) yield decodeRecords(records);
    if (pieces.length < PIECES_AT_ONCE) return;
    last = pieces.at(-1)!;
  }
}

const readUncountedVotes: Statement = {
  name: 'read-votes-before-generations',
  text: `
    select annotation_id as id, raw_row as row, doc_id as key
      from public.annotations
     where raw_annotation_path = $1 and generation = 0 and (raw_row, annotation_id) > ($2, $3)
     order by raw_row, annotation_id
     limit 5000`,
};

const readUncountedWaiting: Statement = {
  name: 'read-waiting-labels-before-generations',
  text: `
    select file_sha256 as id, row_number as row, coalesce(doc_id, text_hash) as key
      from assay.unmatched_labels
     where path = $1 and generation = 0 and (row_number, file_sha256) > ($2, $3)
     order by row_number, file_sha256
     limit 5000`,
};

/** Of contents that were read before rows were remembered, the validator alone knows the rows. */
export async function* rowsBeforeGenerations(postgres: Query, path: string): AsyncGenerator<readonly RowRecord[]> {
  for (const statement of [readUncountedVotes, readUncountedWaiting]) {
    let last = { row: 0, id: '' };
    for (;;) {
      const found = await postgres.query<{ id: string; row: number; key: string }>(statement, [
        path,
        last.row,
        last.id,
      ]);
      if (found.length === 0) break;
      yield found.map(({ row, key }) => ({ row, generation: 0, key, digest: '' }));
      last = found.at(-1)!;
    }
  }
}
