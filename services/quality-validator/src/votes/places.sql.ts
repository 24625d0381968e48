import type { Statement } from '@assay/shared/postgres/statement';

// Where votes stand, and which rows of a path are no longer in its file. Everything about a vote's places happens under the
// lock of its document.

const REMOVALS = `json_to_recordset($1::json) as r (path text, row_number integer, generation integer)`;

/** What a place was told last stays, whatever order it is told in. */
export const noteRemovedRows: Statement = {
  name: 'note-removed-rows',
  text: `
    insert into assay.removed_rows (path, row_number, generation)
    select path, row_number, max(generation)
      from ${REMOVALS}
     group by path, row_number
     order by path collate "C", row_number
        on conflict (path, row_number) do update set generation = greatest(removed_rows.generation, excluded.generation)`,
};

/** Rows that arrive when their file has long had another content. */
export const findRemovedRows: Statement = {
  name: 'find-removed-rows',
  text: `
    select l.path, l.row_number, l.generation
      from json_to_recordset($1::json) as l (path text, row_number integer, generation integer)
      join assay.removed_rows r on r.path = l.path and r.row_number = l.row_number and r.generation > l.generation`,
};

export const deleteRemovedWaiting: Statement = {
  name: 'delete-removed-waiting-labels',
  text: `
    delete from assay.unmatched_labels u
     using ${REMOVALS}
     where u.path = r.path and u.row_number = r.row_number and u.generation < r.generation
    returning u.path, u.file_sha256, u.generation`,
};

export const deleteRemovedRejected: Statement = {
  name: 'delete-removed-rejected-rows',
  text: `
    delete from assay.rejected_rows x
     using ${REMOVALS}
     where x.path = r.path and x.row_number = r.row_number and x.generation < r.generation
    returning x.path, x.file_sha256, x.generation`,
};

/**
 * Documents with a vote at a place that was removed: by the text the row named them by, which others may have by now, too;
 * by a place of a vote besides its own; by a withdrawal that stood there. Those named by their id are known without asking.
 */
export const findRemovedDocuments: Statement = {
  name: 'find-documents-of-removed-rows',
  text: `
    with removed as materialized (
      select * from json_to_recordset($1::json) as r (path text, row_number integer, generation integer, text_hash text)
    ), taken_back as (
      select w.tool, w.tool_annotation_id
        from removed r
        join assay.withdrawals w on w.raw_annotation_path = r.path and w.raw_row = r.row_number
       where w.generation < r.generation
    )
    select a.doc_id
      from removed r
      join public.documents d on d.text_hash = r.text_hash
      join public.annotations a
        on a.doc_id = d.doc_id and a.raw_annotation_path = r.path and a.raw_row = r.row_number
     union
    select a.doc_id
      from removed r
      join assay.vote_places p on p.path = r.path and p.row_number = r.row_number
      join public.annotations a using (annotation_id)
     union
    select a.doc_id
      from taken_back t
      -- With the collation of annotations, or its index does not answer.
      join public.annotations a
        on a.tool = t.tool collate "default" and a.tool_annotation_id = t.tool_annotation_id collate "default"
     union
    select a.doc_id
      from taken_back t
      join assay.vote_places p on p.tool = t.tool and p.tool_annotation_id = t.tool_annotation_id
      join public.annotations a using (annotation_id)
     union
    select a.doc_id
      from taken_back t
      join public.annotations a on t.tool = 'content' and a.annotation_id = t.tool_annotation_id`,
};

/** Votes of these documents that stand at a place that was removed, or have one besides their own. */
export const findRemovedVotes: Statement = {
  name: 'find-votes-of-removed-rows',
  text: `
    select a.annotation_id
      from public.annotations a
      join assay.removed_rows r
        on r.path = a.raw_annotation_path and r.row_number = a.raw_row and r.generation > a.generation
     where a.doc_id = any ($1::text[])
     union
    select a.annotation_id
      from public.annotations a
      join assay.vote_places p using (annotation_id)
      join assay.removed_rows r on r.path = p.path and r.row_number = p.row_number and r.generation > p.generation
     where a.doc_id = any ($1::text[])`,
};

export const insertVotePlaces: Statement = {
  name: 'insert-vote-places',
  text: `
    insert into assay.vote_places (annotation_id, path, row_number, generation, file_sha256, tool, tool_annotation_id)
    select annotation_id, path, row_number, generation, file_sha256, tool, tool_annotation_id
      from json_to_recordset($1::json) as p (
        annotation_id text, path text, row_number integer, generation integer, file_sha256 text, tool text,
        tool_annotation_id text
      )
        on conflict do nothing`,
};

const isRemoved = (path: string, row: string, generation: string) => `
           exists (
             select from assay.removed_rows r
              where r.path = ${path} and r.row_number = ${row} and r.generation > ${generation}
           ) as is_removed`;

export const readVotePlaces: Statement = {
  name: 'read-vote-places',
  text: `
    select annotation_id, true as is_own, raw_annotation_path as path, raw_row as row_number, generation, file_sha256, tool,
           tool_annotation_id, ${isRemoved('raw_annotation_path', 'raw_row', 'a.generation')}
      from public.annotations a
     where annotation_id = any ($1::text[])
     union all
    select annotation_id, false, path, row_number, generation, file_sha256, tool,
           tool_annotation_id, ${isRemoved('p.path', 'p.row_number', 'p.generation')}
      from assay.vote_places p
     where annotation_id = any ($1::text[])`,
};

export const moveVotes: Statement = {
  name: 'move-votes',
  text: `
    update public.annotations a
       set raw_annotation_path = p.path, raw_row = p.row_number, generation = p.generation, file_sha256 = p.file_sha256,
           tool = p.tool, tool_annotation_id = p.tool_annotation_id
      from json_to_recordset($1::json) as p (
        annotation_id text, path text, row_number integer, generation integer, file_sha256 text, tool text,
        tool_annotation_id text
      )
     where a.annotation_id = p.annotation_id`,
};

export const deleteVotePlaces: Statement = {
  name: 'delete-vote-places',
  text: `
    delete from assay.vote_places v
     using json_to_recordset($1::json) as p (
       annotation_id text, path text, row_number integer, generation integer, file_sha256 text
     )
     where v.annotation_id = p.annotation_id and v.path = p.path and v.row_number = p.row_number
       and v.generation = p.generation and v.file_sha256 = p.file_sha256`,
};

/** Those whose key was known before. */
export const findWithdrawals: Statement = {
  name: 'find-withdrawals',
  text: `
    select distinct w.tool, w.tool_annotation_id
      from json_to_recordset($1::json) as n (tool text, tool_annotation_id text)
      join assay.withdrawals w on w.tool = n.tool and w.tool_annotation_id = n.tool_annotation_id`,
};

export const insertWithdrawals: Statement = {
  name: 'insert-withdrawals',
  text: `
    insert into assay.withdrawals (tool, tool_annotation_id, raw_annotation_path, raw_row, generation)
    select tool, tool_annotation_id, raw_annotation_path, raw_row, generation
      from json_to_recordset($1::json) as w (
        tool text, tool_annotation_id text, raw_annotation_path text, raw_row integer, generation integer
      )
     order by tool collate "C", tool_annotation_id collate "C", raw_annotation_path collate "C", raw_row, generation
        on conflict do nothing`,
};

/** Of those that a tool's id names; the others name the document themselves. */
export const findWithdrawnDocuments: Statement = {
  name: 'find-withdrawn-documents',
  text: `
    with taken_back as materialized (
      select distinct tool, tool_annotation_id from json_to_recordset($1::json) as w (tool text, tool_annotation_id text)
    )
    select a.doc_id
      from taken_back t
      join public.annotations a on a.tool = t.tool and a.tool_annotation_id = t.tool_annotation_id
     union
    select a.doc_id
      from taken_back t
      join assay.vote_places p on p.tool = t.tool and p.tool_annotation_id = t.tool_annotation_id
      join public.annotations a using (annotation_id)`,
};
