-- What readers see. Schema `lineage` is the API; the tables behind it may change. Views run with their owner's rights, so a
-- reader needs nothing but these.

create schema lineage;

create view lineage.documents as
select d.doc_id, d.source, d.ticket_id, d.text, d.priority, d.fields, d.masked, d.created_at, d.ingestion_timestamp,
       case
         when h.verdict is not null then h.verdict
         when p.doc_id is not null then 'pushed'
         else d.status
       end as status,
       h.version, p.silver_path, p.silver_row, g.gold_path, g.gold_row
  from public.documents d
  left join assay.heads h on h.doc_id = d.doc_id and h.version > 0
  left join assay.progress p on p.doc_id = d.doc_id
  left join lateral (
    select plan.blob_name as gold_path, line.plan_row as gold_row
      from assay.output_lines line
      join assay.plans plan on plan.plan_id = line.plan_id and plan.confirmed_at is not null
     where line.doc_id = d.doc_id and line.stream = 'gold'
     order by line.version desc
     limit 1
  ) g on h.verdict = 'gold';

create view lineage.annotations as
select a.annotation_id, a.doc_id, a.annotator_id, a.field, a.value as label, a.confidence_score, a.raw_annotation_path,
       a.raw_row, a.file_sha256, a.tool, a.tool_annotation_id, a.annotated_at, a.ingestion_timestamp,
       s.status, s.reason
  from public.annotations a
  left join assay.standings s on s.annotation_id = a.annotation_id;

create view lineage.quality_metrics as
select m.validation_id, m.annotation_id, m.doc_id, m.status, m.reason, m.kappa_score, m.confidence_score, m.decision_id,
       d.verdict, d.version, m.validated_at
  from public.quality_metrics m
  left join public.decisions d on d.decision_id = m.decision_id;

create view lineage.decisions as
select decision_id, doc_id, version, verdict, fields, votes, reason, rules_version, decided_at from public.decisions;

create view lineage.lanes as
select lane, topic, partition, incarnation, first_offset, next_offset, last_timestamp, received, accepted, duplicate, skipped,
       dead_lettered, gaps, expired, updated_at
  from assay.offsets;

create view lineage.label_files as
select f.path, f.sha256, f.bytes, f.status, f.reason, f.row_count, f.published_count, f.rejected_count, f.read_at,
       coalesce(sum(p.row_count), 0)::integer as settled_count,
       coalesce(sum(p.duplicate_count), 0)::integer as duplicate_count
  from assay.label_files f
  left join assay.file_progress p on p.path = f.path and p.file_sha256 = f.sha256
 group by f.path, f.sha256;

create view lineage.rejected_rows as
select path || '#' || row_number as row, file_sha256, reason, record, rejected_at from assay.rejected_rows;

-- One row: what came in and what became of all of it. tools and `assay account` say whether it adds up.
create view lineage.account as
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
  select coalesce(sum(row_count), 0)::bigint as label_rows, coalesce(sum(published_count), 0)::bigint as published from assay.label_files
), settled as (
  select coalesce(sum(row_count), 0)::bigint as settled, coalesce(sum(duplicate_count), 0)::bigint as duplicate_rows
    from assay.file_progress
), standing as (
  select count(*) filter (where status = 'live') as live, count(*) filter (where status = 'superseded') as superseded,
         count(*) filter (where status = 'withdrawn') as withdrawn
    from assay.standings
), documents as (
  select count(*) as documents from public.documents
)
select received, accepted, documents, duplicate, skipped, dead_lettered, expired,
       gold, disagreement, low_confidence, erased,
       documents - gold - disagreement - low_confidence - erased as pending,
       label_rows, live, superseded, withdrawn,
       (select count(*) from assay.withdrawals) as withdrawals,
       duplicate_rows,
       (select count(*) from assay.rejected_rows) as rejected_rows,
       (select count(*) from assay.unmatched_labels) as waiting_rows,
       published - settled as rows_under_way
  from tickets, verdicts, files, settled, standing, documents;

-- How far the stages after ingest have got.
create view lineage.stages as
select (select count(*) from assay.push_queue) as queued,
       (select count(*) from assay.progress) as pushed,
       (select count(*) from public.annotations) as annotations,
       (select count(*) from public.decisions) as decisions,
       (select count(*) from assay.output_lines where stream = 'gold') as gold_lines,
       (select count(*) from assay.plans where target = 'gold-segments' and confirmed_at is not null) as gold_segments,
       (select count(*) from assay.output_lines where stream = 'disagreements') as disagreement_lines,
       (select coalesce(max(release), 0) from assay.releases where confirmed_at is not null) as latest_release;

-- What Postgres has and the next stage has not seen (yet): `assay reconcile` tells what stays here.
create view lineage.unseen as
select 'document' as kind, d.doc_id, d.ingestion_timestamp as since
  from public.documents d
 where not exists (select from assay.push_queue q where q.doc_id = d.doc_id)
union all
select 'decision', d.doc_id, d.decided_at
  from assay.heads h
  join public.decisions d on d.decision_id = h.decision_id
  left join assay.applied_decisions a on a.doc_id = h.doc_id
 where a.version is null or a.version < h.version;

-- Blobs that must be there, with the digest each must have.
create view lineage.blobs as
select case target when 'files' then 'outgoing' else 'gold' end as container, blob_name, sha256
  from assay.plans
 where confirmed_at is not null;

-- Every line consumers were ever given, in its place.
create view lineage.gold_lines as
select seq, doc_id, version, op, line, written_at from assay.output_lines where stream = 'gold' and seq is not null;

-- Pair counts behind the agreement; libs/agreement makes coefficients of them.
create view lineage.agreement as
select field, kind, key, sum(n)::integer as n from assay.agreement_counts group by field, kind, key having sum(n) <> 0;

-- The whole story of a document in order of time, and at its end why it is, or is not, in gold.
create function lineage.journey(wanted text)
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
    from assay.push_queue where doc_id = wanted
  union all
  select 3, pushed_at, 'annotation-bridge', 'sent out', jsonb_build_object('blob', silver_path, 'row', silver_row)
    from assay.progress where doc_id = wanted
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
           case when p.doc_id is not null then 'sent out, nobody has labelled it yet'
                when q.doc_id is not null then 'queued, not sent out yet'
                else 'stored, its change event has not been read yet' end))
    from public.documents d
    left join assay.heads h on h.doc_id = d.doc_id
    left join public.decisions dec on dec.decision_id = h.decision_id
    left join assay.progress p on p.doc_id = d.doc_id
    left join assay.push_queue q on q.doc_id = d.doc_id
   where d.doc_id = wanted
  ) told
  -- What one transaction wrote has one time; the place tells what came first in it.
  order by told.at, told.place
$$;

revoke execute on function lineage.journey(text) from public;
grant usage on schema lineage to assay_reader;
grant select on all tables in schema lineage to assay_reader;
grant execute on function lineage.journey(text) to assay_reader;
