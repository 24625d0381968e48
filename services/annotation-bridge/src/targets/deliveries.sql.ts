import type { Statement } from '@assay/shared/pipeline/lane';

/** $1 target, $2 rows at most. An erased document has no text and is never sent. */
export const measureWaiting: Statement = {
  name: 'measure-waiting-documents',
  text: `
    with waiting as (
      select documents.text, queue.queued_at
        from assay.push_queue as queue
        join public.documents using (doc_id)
       where queue.target = $1 and queue.plan_id is null and documents.text is not null
       order by queue.priority, queue.queued_at, queue.doc_id
       limit $2
    )
    select count(*)::integer as rows,
           coalesce(sum(octet_length(text)), 0)::float8 as bytes,
           (
             -- The oldest of each priority by index, instead of all that wait.
             select coalesce(extract(epoch from now() - min(oldest.queued_at)) * 1000, 0)::float8
               from generate_series(0, 9) as priorities (priority)
               cross join lateral (
                 select queue.queued_at
                   from assay.push_queue as queue
                  where queue.target = $1 and queue.plan_id is null and queue.priority = priorities.priority
                  order by queue.queued_at
                  limit 1
               ) as oldest
           ) as age_ms
      from waiting`,
};

/** $3 bytes at most, but always one row. octet_length reads the length of a large text without the text. */
export const readWaiting: Statement = {
  name: 'read-waiting-documents',
  text: `
    with candidates as materialized (
      select queue.doc_id, queue.queued_at, queue.priority, octet_length(documents.text) as bytes
        from assay.push_queue as queue
        join public.documents using (doc_id)
       where queue.target = $1 and queue.plan_id is null and documents.text is not null
       order by queue.priority, queue.queued_at, queue.doc_id
       limit $2
    ),
    measured as (
      select doc_id,
             row_number() over in_order as position,
             sum(bytes) over (in_order rows unbounded preceding) as bytes_so_far
        from candidates
      window in_order as (order by priority, queued_at, doc_id)
    )
    select documents.doc_id, documents.ticket_id, documents.source, documents.priority, documents.text, documents.fields,
           coalesce(documents.created_at, documents.ingestion_timestamp) as datetime
      from measured
      join public.documents using (doc_id)
     where measured.position = 1 or measured.bytes_so_far <= $3
     order by measured.position`,
};

/** $3 the documents in the order of their rows. */
export const takeIntoPlan: Statement = {
  name: 'take-documents-into-plan',
  text: `
    update assay.push_queue as queue
       set plan_id = $1, plan_row = taken.row_number
      from unnest($3::text[]) with ordinality as taken (doc_id, row_number)
     where queue.target = $2 and queue.doc_id = taken.doc_id collate "C" and queue.plan_id is null`,
};

export const readManifestRows: Statement = {
  name: 'read-manifest-rows',
  text: `
    select queue.plan_row as row,
           queue.doc_id,
           encode(sha256(convert_to(documents.text, 'UTF8')), 'hex') as text_sha256
      from assay.push_queue as queue
      join public.documents using (doc_id)
     where queue.plan_id = $1
     order by queue.plan_row`,
};

export const insertProgress: Statement = {
  name: 'insert-progress',
  text: `
    insert into assay.progress (doc_id, pushed_at, silver_path, silver_row)
    select doc_id, now(), $2, plan_row
      from assay.push_queue
     where plan_id = $1
     order by doc_id
        on conflict (doc_id) do nothing`,
};
