-- A line is written once. Its number is given when it is inserted, under the row lock of its stream, which lives until the
-- commit: numbers become visible in their order and without a hole. A segment is a range of numbers, and its bytes are those
-- of its lines, which never change: they need not be kept a second time until the blob is there.

-- Where a stream ends. Whoever inserts lines locks this row last of all that it locks.
create table assay.streams (
  stream text primary key check (stream in ('gold', 'disagreements')),
  last_seq bigint not null,
  bytes bigint not null
);

grant select, update on assay.streams to assay_output;

create table assay.segments (
  stream text not null references assay.streams,
  number integer not null,
  first_seq bigint not null,
  last_seq bigint not null,
  -- Of the stream up to the end of this segment, so that what waits behind it is a difference.
  stream_bytes bigint not null,
  blob_name text collate "C" not null,
  sha256 text not null,
  planned_at timestamptz not null default now(),
  confirmed_at timestamptz,
  primary key (stream, number),
  unique (stream, first_seq),
  constraint holds_a_line check (first_seq <= last_seq)
);

create index segments_unconfirmed on assay.segments (stream, number) where confirmed_at is null;
grant select, insert, update on assay.segments to assay_output;

-- What the last release left ------------------------------------------------------------------------------------------

-- Lines that had no number yet get the next ones, in the order in which they would have got them.
update assay.output_lines as line
   set seq = fresh.seq
  from (
    select line_id,
           (select coalesce(max(seq), 0) from assay.output_lines numbered where numbered.stream = unnumbered.stream)
             + row_number() over (partition by stream order by line_id) as seq
      from assay.output_lines unnumbered
     where seq is null
  ) as fresh
 where fresh.line_id = line.line_id;

insert into assay.streams (stream, last_seq, bytes)
select known.stream, coalesce(max(line.seq), 0), coalesce(sum(octet_length(line.line) + 1), 0)
  from (values ('gold'), ('disagreements')) as known (stream)
  left join assay.output_lines line on line.stream = known.stream
 group by known.stream;

-- Also those that were planned and are not confirmed: they are made from their lines, and their digest says that they are
-- the same.
insert into assay.segments (stream, number, first_seq, last_seq, stream_bytes, blob_name, sha256, planned_at, confirmed_at)
select stream, number, first_seq, last_seq, sum(bytes) over (partition by stream order by number), blob_name, sha256,
       planned_at, confirmed_at
  from (
    select line.stream, substring(plan.blob_name from '/(\d+)-')::integer as number, min(line.seq) as first_seq,
           max(line.seq) as last_seq, sum(octet_length(line.line) + 1) as bytes, plan.blob_name, plan.sha256, plan.planned_at,
           plan.confirmed_at
      from assay.plans plan
      join assay.output_lines line on line.plan_id = plan.plan_id
     group by plan.plan_id, line.stream
  ) as planned;

-- The verdict of an applied decision tells what stands in the streams, so nobody looks that up among the lines. A decision
-- about a text that was gone by then took its document out of both, whatever it said.
update assay.applied_decisions a
   set verdict = 'erased'
 where a.verdict in ('gold', 'disagreement')
   and not exists (
     select from assay.output_lines line
      where line.doc_id = a.doc_id and line.life = a.life and line.version = a.version and line.op = 'add'
        and line.stream = case a.verdict when 'gold' then 'gold' else 'disagreements' end
   );

-- What readers see ------------------------------------------------------------------------------------------------------

create or replace view lineage.documents as
select d.doc_id, d.source, d.ticket_id, d.text, d.priority, d.fields, d.masked, d.created_at, d.ingestion_timestamp,
       case
         when h.verdict is not null then h.verdict
         when exists (select from assay.deliveries x join assay.batches y using (batch_id)
                       where x.doc_id = d.doc_id and y.sent_at is not null and x.refused is null) then 'pushed'
         else d.status
       end as status,
       h.version, f.silver_path, f.silver_row, g.gold_path, g.gold_row
  from public.documents d
  left join assay.heads h on h.doc_id = d.doc_id and h.version > 0
  left join lateral (
    select p.name collate "default" as silver_path, x.batch_row as silver_row
      from assay.deliveries x
      join assay.batches b on b.batch_id = x.batch_id and b.sent_at is not null
      join assay.batch_parts p on p.batch_id = x.batch_id and p.place = 1
     where x.doc_id = d.doc_id and x.target = 'files'
  ) f on true
  left join lateral (
    select segment.blob_name as gold_path, (line.seq - segment.first_seq + 1)::integer as gold_row
      from assay.output_lines line
     cross join lateral (
       select blob_name, first_seq, last_seq, confirmed_at
         from assay.segments
        where stream = 'gold' and first_seq <= line.seq
        order by first_seq desc
        limit 1
     ) segment
     where line.doc_id = d.doc_id and line.stream = 'gold'
       and line.seq <= segment.last_seq and segment.confirmed_at is not null
     order by line.life desc, line.version desc
     limit 1
  ) g on h.verdict = 'gold';

create or replace view lineage.stages as
select (select count(*) from assay.deliveries) as queued,
       (select coalesce(sum(document_count), 0)::bigint from assay.batches where sent_at is not null) as pushed,
       (select count(*) from public.annotations) as annotations,
       (select count(*) from public.decisions) as decisions,
       (select last_seq from assay.streams where stream = 'gold') as gold_lines,
       (select count(*) from assay.segments where stream = 'gold' and confirmed_at is not null) as gold_segments,
       (select last_seq from assay.streams where stream = 'disagreements') as disagreement_lines,
       (select coalesce(max(release), 0) from assay.releases where confirmed_at is not null) as latest_release;

create or replace view lineage.gold_lines as
select seq, doc_id, version, op, line, written_at from assay.output_lines where stream = 'gold';

create or replace view lineage.blobs as
select 'gold' as container, blob_name, sha256 from assay.segments where confirmed_at is not null
union all
select 'outgoing', p.name, p.sha256
  from assay.batch_parts p join assay.batches b using (batch_id)
 where b.target = 'files' and b.sent_at is not null;

create or replace function lineage.journey(wanted text)
returns table (at timestamptz, stop text, event text, detail jsonb)
language sql stable security definer
set search_path = pg_catalog
as $$
  select told.at, told.stop, told.event, told.detail from (
  select 1 as place, ingestion_timestamp as at, 'ingest' as stop, 'identified, masked and stored' as event,
         jsonb_build_object('source', source, 'ticket_id', ticket_id, 'bronze', bronze_path, 'masked', masked -> 'counts') as detail
    from public.documents where doc_id = wanted
  union all
  select 2, queued_at, 'annotation-bridge', 'queued', jsonb_build_object('target', target, 'priority', priority)
    from assay.deliveries where doc_id = wanted
  union all
  select 3, b.sent_at, 'annotation-bridge', 'sent out',
         case when x.target = 'files' then jsonb_build_object('blob', p.name, 'row', x.batch_row)
              else jsonb_build_object('target', x.target, 'external_id', x.external_id) end
         || case when x.refused is null then '{}'::jsonb else jsonb_build_object('refused', x.refused) end
    from assay.deliveries x
    join assay.batches b using (batch_id)
    left join assay.batch_parts p on p.batch_id = x.batch_id and p.place = 1
   where x.doc_id = wanted and b.sent_at is not null
  union all
  select 4, a.ingestion_timestamp, 'quality-validator', 'voted on',
         jsonb_build_object('annotator', a.annotator_id, 'field', a.field, 'label', a.value, 'confidence', a.confidence_score,
                            'row', a.raw_annotation_path || '#' || a.raw_row, 'standing', s.status)
    from public.annotations a left join assay.standings s using (annotation_id) where a.doc_id = wanted
  union all
  select 5, w.withdrawn_at, 'quality-validator', 'vote taken back',
         jsonb_build_object('annotator', a.annotator_id, 'row', w.raw_annotation_path || '#' || w.raw_row)
    from public.annotations a
    join assay.withdrawals w on (w.tool = a.tool and w.tool_annotation_id = a.tool_annotation_id)
                             or (w.tool = 'content' and w.tool_annotation_id = a.annotation_id)
   where a.doc_id = wanted
  union all
  select 6, decided_at, 'quality-validator', 'decided',
         jsonb_build_object('version', version, 'verdict', verdict, 'reason', reason, 'rules', rules_version)
    from public.decisions where doc_id = wanted
  union all
  -- What goes out of gold goes before what comes in its place.
  select case l.stream when 'gold' then 7 else 8 end, l.written_at, 'output', case l.op when 'add' then 'written to ' else 'taken out of ' end || l.stream,
         jsonb_build_object('version', l.version, 'seq', l.seq, 'blob', s.blob_name, 'line', l.seq - s.first_seq + 1)
    from assay.output_lines l
    left join assay.segments s on s.stream = l.stream and s.first_seq = (
           select max(first_seq) from assay.segments n where n.stream = l.stream and n.first_seq <= l.seq)
          and l.seq <= s.last_seq
   where l.doc_id = wanted
  union all
  select 9, now(), 'now', case when h.verdict = 'gold' then 'in gold' else 'not in gold' end,
         jsonb_build_object('because', coalesce(
           dec.reason,
           case when exists (select from assay.deliveries x join assay.batches b using (batch_id)
                              where x.doc_id = wanted and b.sent_at is not null and x.refused is null)
                then 'sent out, nobody has labelled it yet'
                when exists (select from assay.deliveries x where x.doc_id = wanted and x.refused is null)
                then 'queued, not sent out yet'
                when exists (select from assay.deliveries x where x.doc_id = wanted)
                then 'refused by every target it was sent to'
                else 'stored, its change event has not been read yet' end))
    from public.documents d
    left join assay.heads h on h.doc_id = d.doc_id
    left join public.decisions dec on dec.decision_id = h.decision_id
   where d.doc_id = wanted
  ) told
  -- What one transaction wrote has one time; the place tells what came first in it.
  order by told.at, told.place
$$;

-- The old ones ----------------------------------------------------------------------------------------------------------

-- Its document is read in the transaction that inserts a line, and no document is ever deleted.
alter table assay.output_lines
  drop constraint output_lines_doc_id_fkey,
  drop constraint output_lines_stream_doc_id_version_key,
  drop constraint output_lines_stream_seq_key,
  drop column line_id,
  drop column plan_id,
  drop column plan_row,
  add primary key (stream, seq),
  add unique (doc_id, stream, life, version);

drop index assay.output_lines_by_document;
revoke update on assay.output_lines from assay_output;
alter table assay.applied_decisions drop constraint applied_decisions_doc_id_fkey;
drop table assay.plans;
