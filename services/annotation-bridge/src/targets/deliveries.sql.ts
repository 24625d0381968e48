import type { Statement } from '@assay/shared/postgres/statement';

/**
 * $1 target, $2 documents at most. An erased document has no text and is never sent. Where as many wait as a batch holds, it is
 * due whatever they say: their texts are not asked for.
 */
export const measureWaiting: Statement = {
  name: 'measure-waiting-deliveries',
  text: `
    with waiting as materialized (
      select doc_id
        from assay.deliveries
       where target = $1 and batch_id is null
       order by priority, queued_at, doc_id
       limit $2
    ), counted as materialized (
      select count(*) as documents from waiting
    ), texts as (
      select documents.text
        from counted
        join waiting on counted.documents < $2
        join public.documents using (doc_id)
       where documents.text is not null
    )
    select case when max(counted.documents) < $2 then count(texts.text) else $2 end::integer as documents,
           coalesce(sum(octet_length(text)), 0)::float8 as bytes,
           (
             -- The oldest of each priority by index, instead of all that wait.
             select coalesce(extract(epoch from now() - min(oldest.queued_at)) * 1000, 0)::float8
               from generate_series(0, 9) as priorities (priority)
               cross join lateral (
                 select delivery.queued_at
                   from assay.deliveries as delivery
                  where delivery.target = $1 and delivery.batch_id is null and delivery.priority = priorities.priority
                  order by delivery.queued_at
                  limit 1
               ) as oldest
           ) as age_ms
      from counted
      left join texts on true`,
};

/** $3 bytes at most, but always one document. octet_length reads the length of a large text without the text. */
export const readWaiting: Statement = {
  name: 'read-waiting-deliveries',
  text: `
    with candidates as materialized (
      select delivery.doc_id, delivery.queued_at, delivery.priority, octet_length(documents.text) as bytes
        from assay.deliveries as delivery
        join public.documents using (doc_id)
       where delivery.target = $1 and delivery.batch_id is null and documents.text is not null
       order by delivery.priority, delivery.queued_at, delivery.doc_id
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

/** $4 milliseconds. */
export const insertBatch: Statement = {
  name: 'insert-batch',
  text: `
    insert into assay.batches (batch_id, target, document_count, leased_until)
    values ($1, $2, $3, now() + make_interval(secs => $4 / 1000.0))`,
};

export const insertPart: Statement = {
  name: 'insert-batch-part',
  text: `insert into assay.batch_parts (batch_id, place, name, sha256, content) values ($1, $2, $3, $4, $5)`,
};

/** $3 the documents in the order of their rows. */
export const takeIntoBatch: Statement = {
  name: 'take-deliveries-into-batch',
  text: `
    update assay.deliveries as delivery
       set batch_id = $1, batch_row = taken.row_number
      from unnest($3::text[]) with ordinality as taken (doc_id, row_number)
     where delivery.target = $2 and delivery.doc_id = taken.doc_id collate "C" and delivery.batch_id is null`,
};

export const findUnsentBatch: Statement = {
  name: 'find-unsent-batch',
  text: `
    select batch_id, greatest(extract(epoch from leased_until - now()) * 1000, 0)::float8 as free_in_ms
      from assay.batches
     where target = $1 and sent_at is null
     order by made_at
     limit 1`,
};

export const leaseAgain: Statement = {
  name: 'lease-batch-again',
  text: `
    update assay.batches
       set leased_until = now() + make_interval(secs => $2 / 1000.0), tries = tries + 1
     where batch_id = $1`,
};

export const readParts: Statement = {
  name: 'read-batch-parts',
  text: `select name, content from assay.batch_parts where batch_id = $1 order by place`,
};

export const readBatchDocuments: Statement = {
  name: 'read-batch-documents',
  text: `select doc_id from assay.deliveries where batch_id = $1 order by batch_row`,
};

/** For a try that failed in this process: nothing of it is under way any more, so nobody need wait for the lease. */
export const endLease: Statement = {
  name: 'end-lease-of-batch',
  text: `update assay.batches set leased_until = now() where batch_id = $1 and sent_at is null`,
};

export const confirmBatch: Statement = {
  name: 'confirm-batch',
  text: `update assay.batches set sent_at = now() where batch_id = $1 and sent_at is null returning batch_id`,
};

/** The bytes are at the target now; their names and digests stay. */
export const dropContent: Statement = {
  name: 'drop-content-of-batch',
  text: `update assay.batch_parts set content = null where batch_id = $1`,
};

/** $2 documents, $3 the target's ids of them, $4 why it refused them; either may be null. */
export const noteReceipt: Statement = {
  name: 'note-receipt-of-deliveries',
  text: `
    update assay.deliveries as delivery
       set external_id = told.external_id, refused = told.refused
      from unnest($2::text[], $3::text[], $4::text[]) as told (doc_id, external_id, refused)
     where delivery.batch_id = $1 and delivery.doc_id = told.doc_id collate "C"`,
};

/** A batch that took more than one try, $2 milliseconds after it was confirmed. */
export const findBatchToLookAfter: Statement = {
  name: 'find-batch-to-look-after',
  text: `
    select batch_id
      from assay.batches
     where target = $1 and tries > 1 and looked_after_at is null and sent_at < now() - make_interval(secs => $2 / 1000.0)
     order by sent_at
     limit 1`,
};

/** $2 documents, $3 the target's ids of the copies that stand. */
export const noteLookedAfter: Statement = {
  name: 'note-looked-after-batch',
  text: `
    with standing as (
      update assay.deliveries as delivery
         set external_id = told.external_id
        from unnest($2::text[], $3::text[]) as told (doc_id, external_id)
       where delivery.batch_id = $1 and delivery.doc_id = told.doc_id collate "C"
         and delivery.external_id is distinct from told.external_id
    )
    update assay.batches set looked_after_at = now() where batch_id = $1`,
};
