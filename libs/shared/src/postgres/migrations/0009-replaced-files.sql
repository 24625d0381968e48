-- The newest content of a path stands for that path (docs/adr/0011-replaced-files.md). Contents of a path are numbered, and a
-- row is known by path, digest and generation: a content that comes back is another generation. 0 is what was read before
-- contents were numbered, and what says nothing of it.

-- annotation-bridge ---------------------------------------------------------------------------------------------------

-- What of a path was begun last. Whoever sends a content holds it by its generation, so that two instances never send two.
create table assay.newest_contents (
  path text collate "C" primary key,
  generation integer not null,
  sha256 text collate "C" not null,
  etag text not null,
  is_sent boolean not null
);

grant select, insert, update on assay.newest_contents to assay_bridge;

insert into assay.newest_contents (path, generation, sha256, etag, is_sent)
select distinct on (path) path, 0, sha256, etag, true from assay.label_files order by path, read_at desc, sha256;

-- What each row of a content says, as a digest, and which document it is about: about 50 bytes a row, written before the row
-- is sent, and gone when the next content of the path was sent. Random bytes, so Postgres does not try to compress them.
create table assay.label_file_rows (
  path text collate "C" not null,
  generation integer not null,
  first_row integer not null,
  last_row integer not null,
  records bytea not null,
  primary key (path, generation, first_row)
);

alter table assay.label_file_rows alter column records set storage external;
grant select, insert, update, delete on assay.label_file_rows to assay_bridge;

drop view lineage.label_files;

alter table assay.label_files
  add column generation integer not null default 0,
  add column kept_count integer not null default 0,
  add column withdrawn_count integer not null default 0,
  drop constraint every_row_told,
  add constraint every_row_told check (row_count = published_count + rejected_count + kept_count),
  drop constraint label_files_pkey,
  add primary key (path, generation, sha256);

-- Known by their newest content.
drop index assay.label_files_by_etag;

-- Both services take rows out that are no longer in their file: the bridge those it rejected, the validator its own.
alter table assay.rejected_rows
  add column generation integer not null default 0,
  drop constraint rejected_rows_pkey,
  add primary key (path, row_number, generation, file_sha256);

grant delete on assay.rejected_rows to assay_bridge, assay_validator;

-- quality-validator ---------------------------------------------------------------------------------------------------

alter table assay.file_progress
  add column generation integer not null default 0,
  add column withdrawn_count integer not null default 0,
  drop constraint file_progress_pkey,
  add primary key (path, generation, partition, file_sha256);

alter table assay.unmatched_labels
  add column generation integer not null default 0,
  drop constraint unmatched_labels_pkey,
  add primary key (path, row_number, generation, file_sha256);

alter table public.annotations add column generation integer not null default 0;

-- Only what was there before contents were numbered: new votes never enter it.
create index annotations_before_generations on public.annotations (raw_annotation_path, raw_row, annotation_id)
 where generation = 0;
grant select (annotation_id, doc_id, raw_annotation_path, raw_row, generation) on public.annotations to assay_bridge;
grant select (path, row_number, generation, file_sha256, doc_id, text_hash) on assay.unmatched_labels to assay_bridge;

-- At this place of a path, rows of smaller generations are no longer in the file. It stays for those that arrive later.
create table assay.removed_rows (
  path text collate "C" not null,
  row_number integer not null,
  generation integer not null,
  primary key (path, row_number)
);

grant select, insert, update on assay.removed_rows to assay_validator;

-- Where an equal row stands besides the one in `annotations`, so that the vote outlives the row it was first seen in.
create table assay.vote_places (
  annotation_id text collate "C" not null references public.annotations,
  path text collate "C" not null,
  row_number integer not null,
  generation integer not null,
  file_sha256 text collate "C" not null,
  tool text collate "C" not null,
  tool_annotation_id text collate "C",
  primary key (annotation_id, path, row_number, generation, file_sha256)
);

create index vote_places_by_row on assay.vote_places (path, row_number);
create index vote_places_by_tool_id on assay.vote_places (tool, tool_annotation_id) where tool_annotation_id is not null;
grant select, insert, delete on assay.vote_places to assay_validator;

-- Origins beside the vote's own were kept without their place. They go where the vote stands, one for each.
insert into assay.vote_places (annotation_id, path, row_number, generation, file_sha256, tool, tool_annotation_id)
select a.annotation_id, a.raw_annotation_path, a.raw_row, 0, 'origin ' || row_number() over (partition by a.annotation_id), o.tool,
       nullif(o.tool_annotation_id, '')
  from assay.vote_origins o
  join public.annotations a using (annotation_id)
 where (o.tool, o.tool_annotation_id) <> (a.tool, coalesce(a.tool_annotation_id, ''));

drop table assay.vote_origins;

-- A withdrawal is a row of a file, too, and holds as long as one of its rows stands.
alter table assay.withdrawals
  alter column raw_annotation_path type text collate "C",
  add column generation integer not null default 0,
  drop constraint withdrawals_pkey,
  add primary key (tool, tool_annotation_id, raw_annotation_path, raw_row, generation);

create index withdrawals_by_row on assay.withdrawals (raw_annotation_path, raw_row);

create view assay.standing_withdrawals as
select w.*
  from assay.withdrawals w
 where not exists (
   select from assay.removed_rows r
    where r.path = w.raw_annotation_path and r.row_number = w.raw_row and r.generation > w.generation
 );

grant select on assay.standing_withdrawals to assay_validator;

-- What readers see ----------------------------------------------------------------------------------------------------

create view lineage.label_files as
select f.path, f.sha256, f.bytes, f.status, f.reason, f.row_count, f.published_count, f.rejected_count, f.read_at,
       coalesce(sum(p.row_count), 0)::integer as settled_count,
       coalesce(sum(p.duplicate_count), 0)::integer as duplicate_count,
       f.notes, f.generation, f.kept_count
  from assay.label_files f
  left join assay.file_progress p on p.path = f.path and p.generation = f.generation and p.file_sha256 = f.sha256
 group by f.path, f.generation, f.sha256;

grant select on lineage.label_files to assay_reader;

-- Rows of a content that is still being sent, or was given up for a newer one, count as far as they were settled.
create or replace view lineage.account as
with tickets as (
  select coalesce(sum(received), 0)::bigint as received, coalesce(sum(accepted), 0)::bigint as accepted,
         coalesce(sum(duplicate), 0)::bigint as duplicate, coalesce(sum(skipped), 0)::bigint as skipped,
         coalesce(sum(dead_lettered), 0)::bigint as dead_lettered, coalesce(sum(expired), 0)::bigint as expired
    from assay.offsets
   where lane = 'assay.ingest.tickets'
), verdicts as (
  select count(*) filter (where verdict = 'gold') as gold,
         count(*) filter (where verdict = 'disagreement') as disagreement,
         count(*) filter (where verdict = 'low_confidence') as low_confidence,
         count(*) filter (where verdict = 'erased') as erased
    from assay.heads
), files as (
  select coalesce(sum(published_count + rejected_count), 0)::bigint as label_rows,
         coalesce(sum(published_count), 0)::bigint as published,
         coalesce(sum(withdrawn_count), 0)::bigint as withdrawn_rejected
    from assay.label_files
), settled as (
  select coalesce(sum(p.row_count), 0)::bigint as settled,
         coalesce(sum(p.row_count) filter (where f.path is null), 0)::bigint as unfinished,
         coalesce(sum(p.duplicate_count), 0)::bigint as duplicate_votes,
         coalesce(sum(p.withdrawn_count), 0)::bigint as withdrawn_settled
    from assay.file_progress p
    left join assay.label_files f on f.path = p.path and f.generation = p.generation and f.sha256 = p.file_sha256
), standing as (
  select count(*) filter (where status = 'live') as live, count(*) filter (where status = 'superseded') as superseded,
         count(*) filter (where status = 'withdrawn') as withdrawn
    from assay.standings
), all_withdrawals as (
  select count(*) as withdrawal_rows from assay.withdrawals
), withdrawals as (
  select count(*) as standing_rows, count(distinct (tool, tool_annotation_id)) as withdrawals
    from assay.standing_withdrawals
), documents as (
  select count(*) as documents from public.documents
)
select received, accepted, documents, duplicate, skipped, dead_lettered, expired,
       gold, disagreement, low_confidence, erased,
       documents - gold - disagreement - low_confidence - erased as pending,
       label_rows + unfinished as label_rows, live, superseded,
       (withdrawn + withdrawn_rejected + withdrawn_settled + withdrawal_rows - standing_rows)::bigint as withdrawn,
       withdrawals,
       (duplicate_votes + standing_rows - withdrawals)::bigint as duplicate_rows,
       (select count(*) from assay.rejected_rows) as rejected_rows,
       (select count(*) from assay.unmatched_labels) as waiting_rows,
       published + unfinished - settled as rows_under_way
  from tickets, verdicts, files, settled, standing, all_withdrawals, withdrawals, documents;
