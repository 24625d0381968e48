-- Deliveries: one row for each (document, target), with the batch it left in and the target's own id of it. They replace the
-- push queue, the plans of target `files` and assay.progress. A batch is leased by whoever sends it, and sent outside of every
-- transaction.

create table assay.batches (
  batch_id uuid primary key,
  target text collate "C" not null,
  document_count integer not null,
  made_at timestamptz not null default now(),
  -- Whoever made or took over the batch may send it until then.
  leased_until timestamptz not null,
  tries integer not null default 1,
  sent_at timestamptz
);

create index batches_unsent on assay.batches (target, made_at) where sent_at is null;
grant select, insert, update on assay.batches to assay_bridge;

-- What a batch is made of, byte for byte as it was decided; the bytes go once the target has them.
create table assay.batch_parts (
  batch_id uuid not null references assay.batches,
  place smallint not null,
  name text collate "C" not null,
  sha256 text not null,
  content bytea,
  primary key (batch_id, place)
);

grant select, insert, update on assay.batch_parts to assay_bridge;

create table assay.deliveries (
  doc_id text collate "C" not null references public.documents,
  target text collate "C" not null,
  priority smallint not null,
  queued_at timestamptz not null default now(),
  batch_id uuid references assay.batches,
  batch_row integer,
  external_id text collate "C",
  refused text,
  primary key (doc_id, target)
);

grant select, insert, update on assay.deliveries to assay_bridge;

-- What the last release left ------------------------------------------------------------------------------------------

insert into assay.batches (batch_id, target, document_count, made_at, leased_until, tries, sent_at)
select plan_id, target, line_count, planned_at, planned_at, 1, confirmed_at from assay.plans where target = 'files';

insert into assay.deliveries (doc_id, target, priority, queued_at, batch_id, batch_row)
select doc_id, target, priority, queued_at, plan_id, plan_row from assay.push_queue;

create index deliveries_waiting on assay.deliveries (target, priority, queued_at, doc_id) where batch_id is null;
create index deliveries_by_batch on assay.deliveries (batch_id);
create index deliveries_by_external_id on assay.deliveries (target, external_id) where external_id is not null;

insert into assay.batch_parts (batch_id, place, name, sha256, content)
select plan_id, 1, blob_name, sha256, content from assay.plans where target = 'files';

-- Manifests were made from the table when they were written; from now on their bytes are decided with the batch. Those of
-- batches that are not sent yet are made here, as the last release would have written them.
with rows as (
  select d.batch_id, string_agg(
           format(E'  {\n   "row": %s,\n   "doc_id": "%s",\n   "text_sha256": "%s"\n  }',
                  d.batch_row, d.doc_id, encode(sha256(convert_to(t.text, 'UTF8')), 'hex')), E',\n' order by d.batch_row) as text
    from assay.deliveries d
    join assay.batches b on b.batch_id = d.batch_id and b.sent_at is null
    join public.documents t on t.doc_id = d.doc_id
   group by d.batch_id
), manifests as (
  select p.batch_id, regexp_replace(p.name, '\.csv$', '.manifest.json') as name,
         convert_to(format(
           E'{\n "blob": "%s",\n "sha256": "%s",\n "count": %s,\n "created_at": "%s",\n "rows": [\n%s\n ]\n}\n',
           p.name, p.sha256, b.document_count,
           regexp_replace(p.name, '^.*(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z.*$', '\1-\2-\3T\4:\5:\6.\7Z'),
           rows.text), 'UTF8') as content
    from assay.batch_parts p join assay.batches b using (batch_id) join rows using (batch_id)
)
insert into assay.batch_parts (batch_id, place, name, sha256, content)
select batch_id, 0, name, encode(sha256(content), 'hex'), content from manifests;

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
    select plan.blob_name as gold_path, line.plan_row as gold_row
      from assay.output_lines line
      join assay.plans plan on plan.plan_id = line.plan_id and plan.confirmed_at is not null
     where line.doc_id = d.doc_id and line.stream = 'gold'
     order by line.version desc
     limit 1
  ) g on h.verdict = 'gold';

-- Where each document went to be labelled. `external_id` is the target's own id of it; for files, its blob and row.
create view lineage.deliveries as
select x.doc_id, x.target,
       case
         when x.refused is not null then 'refused'
         when b.sent_at is not null then 'sent'
         when x.batch_id is not null then 'leased'
         else 'queued'
       end as state,
       x.priority, x.queued_at, x.batch_id, x.batch_row, coalesce(x.external_id, p.name || '#' || x.batch_row) as external_id,
       x.refused, b.tries, b.sent_at
  from assay.deliveries x
  left join assay.batches b using (batch_id)
  left join assay.batch_parts p on p.batch_id = x.batch_id and p.place = 1 and x.target = 'files' and b.sent_at is not null;

grant select on lineage.deliveries to assay_reader;

create or replace view lineage.stages as
select (select count(*) from assay.deliveries) as queued,
       (select coalesce(sum(document_count), 0)::bigint from assay.batches where sent_at is not null) as pushed,
       (select count(*) from public.annotations) as annotations,
       (select count(*) from public.decisions) as decisions,
       (select count(*) from assay.output_lines where stream = 'gold') as gold_lines,
       (select count(*) from assay.plans where target = 'gold-segments' and confirmed_at is not null) as gold_segments,
       (select count(*) from assay.output_lines where stream = 'disagreements') as disagreement_lines,
       (select coalesce(max(release), 0) from assay.releases where confirmed_at is not null) as latest_release;

create or replace view lineage.unseen as
select 'document' as kind, d.doc_id, d.ingestion_timestamp as since
  from public.documents d
 where not exists (select from assay.deliveries x where x.doc_id = d.doc_id)
union all
select 'decision', d.doc_id, d.decided_at
  from assay.heads h
  join public.decisions d on d.decision_id = h.decision_id
  left join assay.applied_decisions a on a.doc_id = h.doc_id
 where a.version is null or a.version < h.version;

create or replace view lineage.blobs as
select 'gold' as container, blob_name, sha256 from assay.plans where confirmed_at is not null and target <> 'files'
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
  select 7, l.written_at, 'output', case l.op when 'add' then 'written to ' else 'taken out of ' end || l.stream,
         jsonb_build_object('version', l.version, 'seq', l.seq, 'blob', p.blob_name, 'line', l.plan_row)
    from assay.output_lines l left join assay.plans p using (plan_id) where l.doc_id = wanted
  union all
  select 8, now(), 'now', case when h.verdict = 'gold' then 'in gold' else 'not in gold' end,
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

-- The old ones ------------------------------------------------------------------------------------------------------------

drop table assay.progress;
drop table assay.push_queue;
delete from assay.plans where target = 'files';
revoke all on assay.plans from assay_bridge;
