import type { Statement } from '@assay/shared/postgres/statement';

export const findDocuments: Statement = {
  name: 'find-documents',
  text: `select doc_id from public.documents where doc_id = any ($1::text[])`,
};

/**
 * A list for each column. They come sorted by doc_id, because two batches that insert the same keys in different orders would
 * deadlock; `unnest` keeps their order.
 */
export const insertDocuments: Statement = {
  name: 'insert-documents',
  text: `
    with inserted as (
      insert into public.documents (
        doc_id, source, ticket_id, text, text_hash, priority, fields, masked, bronze_path, created_at
      )
      select doc_id, source, ticket_id, text, text_hash, priority::smallint, fields::jsonb, masked::jsonb, bronze_path,
             created_at::timestamptz
        from unnest(
          $1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
          $10::text[]
        ) as row (
          doc_id, source, ticket_id, text, text_hash, priority, fields, masked, bronze_path, created_at
        )
          on conflict (doc_id) do nothing
      returning 1
    )
    select count(*)::integer as count from inserted`,
};

export const insertBronzeBlob: Statement = {
  name: 'insert-bronze-blob',
  text: `insert into assay.bronze_blobs (name, lines) values ($1, $2) on conflict (name) do nothing`,
};
