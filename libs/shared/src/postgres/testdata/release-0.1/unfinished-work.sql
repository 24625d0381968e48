-- What a last release holds when it is stopped in the middle of its work, added to a database in which all is done. Every state
-- is one that a crash leaves between two transactions, and the account adds up after it as it did before.
begin;

-- Ten more tickets: copies of the first ten documents under ids and numbers of their own.
create temporary table fresh on commit drop as
select row_number() over (order by doc_id) as n, md5('unfinished ' || doc_id) as new_id, d.*
  from (select * from public.documents order by doc_id limit 10) as d;

insert into public.documents (doc_id, source, ticket_id, text, text_hash, priority, fields, masked, bronze_path, created_at)
select new_id, source, ticket_id || '-' || n, text || ' Again.', encode(sha256(convert_to(text || ' Again.', 'UTF8')), 'hex'),
       priority, fields, masked, bronze_path, created_at
  from fresh;

update assay.offsets
   set received = received + 10, accepted = accepted + 10, next_offset = next_offset + 10,
       last_record_offset = last_record_offset + 10
 where lane = 'assay.ingest.tickets' and partition = 0;

-- 1 to 3 are stored and their change event was never read. 4 to 7 wait to be sent. 8 to 10 are in a batch whose bytes are
-- decided, and which may or may not lie in the container already.
insert into assay.push_queue (doc_id, target, priority) select new_id, 'files', priority from fresh where n > 3;

insert into assay.plans (plan_id, target, blob_name, sha256, line_count, content)
select '00000000-0000-4000-8000-000000000001', 'files',
       '2026/11/28/20261128T235900000Z-00000000-0000-4000-8000-000000000001.csv', encode(sha256(content), 'hex'), 3, content
  from (
    select convert_to(
             E'doc_id,ticket_id,source,datetime,priority,text\r\n' || string_agg(
               concat_ws(',', new_id, '"' || replace(ticket_id || '-' || n, '"', '""') || '"', source,
                         to_char(created_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), priority,
                         '"' || replace(text || ' Again.', '"', '""') || '"') || E'\r\n', '' order by n),
             'UTF8') as content
      from fresh
     where n > 7
  ) as batch;

update assay.push_queue
   set plan_id = '00000000-0000-4000-8000-000000000001', plan_row = fresh.n - 7
  from fresh
 where push_queue.doc_id = new_id and n > 7;

-- A file of nine rows: four dissents that were settled, three labels whose document never came, one that is still under way
-- on the topic, and one that was rejected.
insert into assay.label_files (path, sha256, etag, bytes, status, row_count, published_count, rejected_count)
values ('2026/11/28/unfinished.csv', repeat('f', 64), '0x1', 900, 'read', 9, 8, 1);

insert into assay.file_progress (file_sha256, path, partition, last_row, row_count, duplicate_count)
values (repeat('f', 64), '2026/11/28/unfinished.csv', 0, 7, 7, 0);

insert into assay.rejected_rows (file_sha256, path, row_number, reason, record)
values (repeat('f', 64), '2026/11/28/unfinished.csv', 9, 'no_label', '{"annotator_id": "erin", "label": ""}');

insert into assay.unmatched_labels (path, file_sha256, row_number, partition, doc_id, text_hash, message)
select '2026/11/28/unfinished.csv', repeat('f', 64), n, 0, md5('nowhere ' || n), null,
       jsonb_build_object(
         'v', 1, 'op', 'vote', 'doc_id', md5('nowhere ' || n), 'text_hash', null, 'field', 'label', 'annotator_id', 'erin',
         'label', 'choice:billing', 'value', 'billing', 'confidence_score', 0.9, 'annotated_at', null, 'text', null,
         'origin', jsonb_build_object('path', '2026/11/28/unfinished.csv', 'sha256', repeat('f', 64), 'row', n,
                                      'tool', 'file', 'tool_annotation_id', null))
  from generate_series(5, 7) as n;

-- Erin contradicts four documents in gold. The decisions are made; what becomes of them is cut off in four places:
-- 1 output has not applied it, 2 its lines have no number, 3 they have one and are in no segment, 4 their segment is planned.
create temporary table dissent on commit drop as
select row_number() over (order by h.doc_id) as n, md5('erin ' || h.doc_id) as annotation_id, h.doc_id, h.version + 1 as version,
       d.text, old.fields, old.votes, old.rules_version
  from (select * from assay.heads where verdict = 'gold' order by doc_id limit 4) as h
  join public.documents d on d.doc_id = h.doc_id
  join public.decisions old on old.decision_id = h.decision_id;

insert into public.annotations (annotation_id, doc_id, annotator_id, field, label, value, confidence_score, raw_annotation_path,
                                raw_row, file_sha256, tool)
select annotation_id, doc_id, 'erin', 'label', 'choice:other', '"other"', 0.9, '2026/11/28/unfinished.csv', n, repeat('f', 64), 'file'
  from dissent;

insert into assay.standings (annotation_id, doc_id, status, reason)
select annotation_id, doc_id, 'live', 'confident' from dissent;

insert into public.decisions (decision_id, doc_id, version, verdict, fields, votes, reason, rules_version)
select doc_id || '.' || version, doc_id, version, 'disagreement', jsonb_set(fields, '{label,verdict}', '"disagreement"'),
       votes || jsonb_build_array(jsonb_build_object(
         'row', '2026/11/28/unfinished.csv#' || n, 'field', 'label', 'label', 'choice:other', 'value', 'other', 'status', 'live',
         'annotator_id', 'erin', 'annotation_id', annotation_id, 'confidence_score', 0.9)),
       'label: disagreement', rules_version
  from dissent;

insert into public.quality_metrics (annotation_id, doc_id, status, reason, confidence_score, decision_id)
select annotation_id, doc_id, 'live', 'confident', 0.9, doc_id || '.' || version from dissent;

update assay.heads
   set version = dissent.version, verdict = 'disagreement', decision_id = dissent.doc_id || '.' || dissent.version
  from dissent
 where heads.doc_id = dissent.doc_id;

update assay.applied_decisions
   set version = dissent.version, verdict = 'disagreement'
  from dissent
 where applied_decisions.doc_id = dissent.doc_id and n > 1;

insert into assay.output_lines (stream, doc_id, version, op, line, seq)
select stream, doc_id, version, case stream when 'gold' then 'retract' else 'add' end,
       case stream
         when 'gold' then json_build_object('v', 1, 'op', 'retract', 'doc_id', doc_id, 'version', version, 'reason', 'disagreement')
         else json_build_object('v', 1, 'op', 'add', 'doc_id', doc_id, 'version', version, 'text', text,
                                'labels', json_build_array('other'), 'decided_at', '2026-11-28T23:58:00.000000Z')
       end::text,
       -- The planned one comes before the one that is in no segment.
       case when n > 2 then (select max(seq) from assay.output_lines l where l.stream = streams.stream) + 5 - n end
  from dissent, (values ('gold'), ('disagreements')) as streams (stream)
 where n > 1
 order by stream, n desc;

insert into assay.plans (plan_id, target, blob_name, sha256, line_count, content)
select case stream when 'gold' then '00000000-0000-4000-8000-000000000002' else '00000000-0000-4000-8000-000000000003' end::uuid,
       case stream when 'gold' then 'gold-segments' else 'disagreement-segments' end,
       case stream when 'gold' then 'segments/' else 'disagreements/' end
         || lpad((select count(*) + 1 from assay.plans p
                   where p.target = case stream when 'gold' then 'gold-segments' else 'disagreement-segments' end)::text, 8, '0')
         || case stream when 'gold' then '-00000000-0000-4000-8000-000000000002.jsonl'
                        else '-00000000-0000-4000-8000-000000000003.jsonl' end,
       encode(sha256(convert_to(line || E'\n', 'UTF8')), 'hex'), 1, convert_to(line || E'\n', 'UTF8')
  from assay.output_lines join dissent using (doc_id, version)
 where n = 4;

update assay.output_lines
   set plan_row = 1,
       plan_id = case stream when 'gold' then '00000000-0000-4000-8000-000000000002' else '00000000-0000-4000-8000-000000000003' end::uuid
  from dissent
 where output_lines.doc_id = dissent.doc_id and output_lines.version = dissent.version and n = 4;

-- A release that was taken note of and never written.
insert into assay.releases (release, last_seq, line_count, sha256, bytes, rules_versions)
select release + 1, last_seq, line_count, sha256, bytes, rules_versions from assay.releases;

commit;
