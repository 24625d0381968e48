import { MIB } from '@assay/shared/contracts/units';
import type { Statement } from '@assay/shared/postgres/statement';

export const readFileProgress: Statement = {
  name: 'read-file-progress',
  text: `
    select path, file_sha256, generation, last_row
      from assay.file_progress
     where partition = $1
       and (path, generation, file_sha256) in (
         select path, generation, file_sha256
           from json_to_recordset($2::json) as f (path text, generation integer, file_sha256 text)
       )`,
};

export const bookFileProgress: Statement = {
  name: 'book-file-progress',
  text: `
    insert into assay.file_progress (
      path, file_sha256, generation, partition, last_row, row_count, duplicate_count, withdrawn_count
    )
    select path, file_sha256, generation, partition, last_row, row_count, duplicate_count, withdrawn_count
      from json_to_recordset($1::json) as f (
        path text, file_sha256 text, generation integer, partition integer, last_row integer, row_count integer,
        duplicate_count integer, withdrawn_count integer
      )
     order by path collate "C", generation, partition, file_sha256 collate "C"
        on conflict (path, generation, partition, file_sha256) do update
       set last_row = greatest(file_progress.last_row, excluded.last_row),
           row_count = file_progress.row_count + excluded.row_count,
           duplicate_count = file_progress.duplicate_count + excluded.duplicate_count,
           withdrawn_count = file_progress.withdrawn_count + excluded.withdrawn_count`,
};

/** Answers those that were not replayed before. */
export const insertReplayedLabels: Statement = {
  name: 'insert-replayed-labels',
  text: `
    insert into assay.replayed_labels (path, generation, file_sha256, row_number)
    select path, generation, file_sha256, row_number
      from json_to_recordset($1::json) as r (path text, generation integer, file_sha256 text, row_number integer)
     order by path collate "C", generation, file_sha256 collate "C", row_number
        on conflict do nothing
    returning path, generation, file_sha256, row_number`,
};

/** Which documents exist, and which document a text belongs to when it belongs to only one. */
export const findByDocId: Statement = {
  name: 'find-documents-by-id',
  text: `select doc_id from public.documents where doc_id = any ($1::text[])`,
};

export const findByText: Statement = {
  name: 'find-documents-by-text',
  text: `
    select text_hash, min(doc_id) as doc_id, count(*)::integer as documents
      from public.documents
     where text_hash = any ($1::text[])
     group by text_hash`,
};

export const insertUnmatched: Statement = {
  name: 'insert-unmatched-labels',
  text: `
    insert into assay.unmatched_labels (path, file_sha256, generation, row_number, partition, doc_id, text_hash, message)
    select path, file_sha256, generation, row_number, $2, doc_id, text_hash, message
      from json_to_recordset($1::json) as u (
        path text, file_sha256 text, generation integer, row_number integer, doc_id text, text_hash text, message jsonb
      )
     order by path collate "C", row_number, generation, file_sha256 collate "C"
        on conflict do nothing`,
};

export const insertRejected: Statement = {
  name: 'insert-rejected-rows',
  text: `
    insert into assay.rejected_rows (path, file_sha256, generation, row_number, reason, record)
    select path, file_sha256, generation, row_number, reason, record
      from json_to_recordset($1::json) as r (
        path text, file_sha256 text, generation integer, row_number integer, reason text, record jsonb
      )
     order by path collate "C", row_number, generation, file_sha256 collate "C"
        on conflict do nothing`,
};

/** An equal row is a duplicate; where the vote stands then is settled under its document's lock (places.sql.ts). */
export const insertAnnotations: Statement = {
  name: 'insert-annotations',
  text: `
    insert into public.annotations (
      annotation_id, doc_id, annotator_id, field, label, value, confidence_score, text, raw_annotation_path, raw_row,
      file_sha256, generation, tool, tool_annotation_id, annotated_at
    )
    select annotation_id, doc_id, annotator_id, field, label, value, confidence_score, text, raw_annotation_path, raw_row,
           file_sha256, generation, tool, tool_annotation_id, annotated_at
      from json_to_recordset($1::json) as v (
        annotation_id text, doc_id text, annotator_id text, field text, label text, value jsonb,
        confidence_score double precision, text text, raw_annotation_path text, raw_row integer, file_sha256 text,
        generation integer, tool text, tool_annotation_id text, annotated_at timestamptz
      )
     order by annotation_id collate "C"
        on conflict do nothing
    returning annotation_id`,
};

/** Whoever opens a head holds it until the commit. */
export const openHeads: Statement = {
  name: 'open-heads',
  text: `
    insert into assay.heads (doc_id)
    select doc_id from unnest($1::text[]) as doc_id order by doc_id collate "C"
        on conflict do nothing
    returning doc_id`,
};

/** Of the others. Locks in one order everywhere. Votes are read in a later statement, which sees what the lock waited for. */
export const lockHeads: Statement = {
  name: 'lock-heads',
  text: `select doc_id from assay.heads where doc_id = any ($1::text[]) order by doc_id for update`,
};

/** Without the labels themselves, which may be long; `labels` says the same (domain/judge-document.ts). */
export const readHeads: Statement = {
  name: 'read-heads',
  text: `
    select h.doc_id, h.life, h.version, h.verdict,
           (select coalesce(jsonb_object_agg(key, value - 'label'), '{}') from jsonb_each(d.fields)) as fields
      from assay.heads h
      left join public.decisions d on d.decision_id = h.decision_id
     where h.doc_id = any ($1::text[])`,
};

/**
 * Of a long label its short form, and of the text a digest: they are only compared, and a document may have thousands of
 * votes. The last column is what the label takes as a string in the JSON of a change event.
 */
export const readVotes: Statement = {
  name: 'read-votes',
  text: `
    select a.annotation_id, a.doc_id, a.annotator_id, a.field, assay.short_label(a.label) as label,
           case when not v.is_long then a.value end as value, a.confidence_score, md5(a.text) as text, a.raw_annotation_path, a.raw_row, a.file_sha256, a.tool, a.tool_annotation_id,
           to_char(a.annotated_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as annotated_at,
           s.status as standing, s.reason,
           exists (
             select from assay.removed_rows r
              where r.path = a.raw_annotation_path and r.row_number = a.raw_row and r.generation > a.generation
           ) as is_removed,
           exists (
             select from assay.standing_withdrawals w where w.tool = 'content' and w.tool_annotation_id = a.annotation_id
           )
           or exists (
             select from assay.standing_withdrawals w
              where w.tool = a.tool and w.tool_annotation_id = a.tool_annotation_id
           ) and not exists (
             select from assay.vote_places p
              where p.annotation_id = a.annotation_id
                and not exists (
                  select from assay.standing_withdrawals w
                   where w.tool = p.tool and w.tool_annotation_id = p.tool_annotation_id
                )
           ) as is_withdrawn,
           case when v.is_long then octet_length(to_json(a.value::text)::text) end as whole_bytes
      from public.annotations a
     cross join lateral (
       select octet_length(a.label) > 4096 or octet_length(a.value::text) > 4096 as is_long
     ) v
      left join assay.standings s on s.annotation_id = a.annotation_id
     where a.doc_id = any ($1::text[])
     order by a.doc_id, a.raw_annotation_path, a.raw_row, a.generation, a.annotation_id`,
};

export const readWholeLabels: Statement = {
  name: 'read-whole-labels',
  text: `select annotation_id, value from public.annotations where annotation_id = any ($1::text[])`,
};

export const insertDecisions: Statement = {
  name: 'insert-decisions',
  text: `
    insert into public.decisions (decision_id, doc_id, life, version, verdict, fields, votes, reason, rules_version)
    select decision_id, doc_id, life, version, verdict, fields, votes, reason, $2
      from json_to_recordset($1::json) as d (
        decision_id text, doc_id text, life integer, version integer, verdict text, fields jsonb, votes jsonb, reason text
      )
     order by doc_id collate "C"`,
};

export const moveHeads: Statement = {
  name: 'move-heads',
  text: `
    update assay.heads h
       set life = d.life, version = d.version, verdict = d.verdict, decision_id = d.decision_id
      from json_to_recordset($1::json) as d (doc_id text, life integer, version integer, verdict text, decision_id text)
     where h.doc_id = d.doc_id`,
};

export const moveStandings: Statement = {
  name: 'move-standings',
  text: `
    insert into assay.standings (annotation_id, doc_id, status, reason)
    select annotation_id, doc_id, status, reason
      from json_to_recordset($1::json) as s (annotation_id text, doc_id text, status text, reason text)
     order by annotation_id collate "C"
        on conflict (annotation_id) do update set status = excluded.status, reason = excluded.reason`,
};

export const insertQualityMetrics: Statement = {
  name: 'insert-quality-metrics',
  text: `
    insert into public.quality_metrics (annotation_id, doc_id, status, reason, kappa_score, confidence_score, decision_id)
    select m.annotation_id, m.doc_id, m.status, m.reason, m.kappa_score, m.confidence_score, h.decision_id
      from json_to_recordset($1::json) as m (
        annotation_id text, doc_id text, status text, reason text, kappa_score double precision,
        confidence_score double precision
      )
      join assay.heads h on h.doc_id = m.doc_id
     order by m.annotation_id collate "C"`,
};

export const addAgreementCounts: Statement = {
  name: 'add-agreement-counts',
  text: `
    insert into assay.agreement_counts (shard, key_digest, pair_digest, field, kind, key, n)
    select $2, key_digest, pair_digest, field, kind, key, sum(n)::integer
      from json_to_recordset($1::json) as c (
        key_digest text, pair_digest text, field text, kind text, key text, n integer
      )
     group by key_digest, pair_digest, field, kind, key
     order by key_digest collate "C"
        on conflict (shard, key_digest) do update set n = agreement_counts.n + excluded.n`,
};

/** Counts of one pair of annotators that a batch reads; who gave each other more different answers has no kappa here. */
export const PAIR_COUNTS_READ = 1_000;

/** By shard; one more than may be read tells that there are more. */
export const readPairCounts: Statement = {
  name: 'read-pair-counts',
  text: `
    select c.pair_digest, c.key, c.n
      from unnest($1::text[]) as wanted (pair_digest)
     cross join lateral (
       select pair_digest, key, n
         from assay.agreement_counts
        where pair_digest = wanted.pair_digest
        limit ${PAIR_COUNTS_READ + 1}
     ) c`,
};

const documentIsHere = `(
           exists (select from public.documents d where d.doc_id = u.doc_id)
           or (u.doc_id is null and exists (select from public.documents d where d.text_hash = u.text_hash))
         )`;

/** Labels that one round looks at, however many wait. */
export const LABELS_LOOKED_AT = 2_000;
/** Labels that one round settles or rejects, and bytes of them as Postgres keeps them. */
export const LABELS_TAKEN = 500;
export const LABELS_TAKEN_BYTES = 16 * MIB;

/** The next ones in order of the key, and whether the document of each has come. */
export const lookAtWaitingLabels: Statement = {
  name: 'look-at-waiting-labels',
  text: `
    select path, row_number, generation, file_sha256, partition, pg_column_size(message) as bytes,
           ${documentIsHere} as is_here
      from (
        select *
          from assay.unmatched_labels
         where (path, row_number, generation, file_sha256) > ($1, $2, $3, $4)
         order by path, row_number, generation, file_sha256
         limit ${LABELS_LOOKED_AT}
      ) u
     order by path, row_number, generation, file_sha256`,
};

export const takeWaitingLabels: Statement = {
  name: 'take-waiting-labels',
  text: `
    delete from assay.unmatched_labels u
     using json_to_recordset($1::json) as t (path text, row_number integer, generation integer, file_sha256 text)
     where u.path = t.path and u.row_number = t.row_number and u.generation = t.generation and u.file_sha256 = t.file_sha256
    returning u.message`,
};

/** `$2` is the reason. */
export const rejectWaitingLabels: Statement = {
  name: 'reject-waiting-labels',
  text: `
    with refused as (
      delete from assay.unmatched_labels u
       using json_to_recordset($1::json) as t (path text, row_number integer, generation integer, file_sha256 text)
       where u.path = t.path and u.row_number = t.row_number and u.generation = t.generation
         and u.file_sha256 = t.file_sha256
      returning u.path, u.file_sha256, u.generation, u.row_number, u.message
    )
    insert into assay.rejected_rows (path, file_sha256, generation, row_number, reason, record)
    select path, file_sha256, generation, row_number, $2, message from refused
        on conflict do nothing`,
};

/**
 * The oldest, up to a stated number. Not those whose document has come meanwhile: the validator may have been away for longer
 * than a label may wait, and they are settled. They do not stand in the way of the others, because that happens in every round.
 */
export const rejectExpiredLabels: Statement = {
  name: 'reject-expired-labels',
  text: `
    with oldest as materialized (
      select path, row_number, generation, file_sha256, doc_id, text_hash
        from assay.unmatched_labels
       where waiting_since < now() - make_interval(secs => $1)
       order by waiting_since
       limit ${LABELS_TAKEN}
    ), expired as (
      delete from assay.unmatched_labels w
       using oldest u
       where w.path = u.path and w.row_number = u.row_number and w.generation = u.generation
         and w.file_sha256 = u.file_sha256 and not ${documentIsHere}
      returning w.path, w.file_sha256, w.generation, w.row_number, w.message
    ), rejected as (
      insert into assay.rejected_rows (path, file_sha256, generation, row_number, reason, record)
      select path, file_sha256, generation, row_number, 'unknown_document', message from expired
          on conflict do nothing
    )
    select count(*)::integer as labels from expired`,
};
