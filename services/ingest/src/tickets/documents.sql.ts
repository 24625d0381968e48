import type { Statement } from '@assay/shared/postgres/statement';

export const findDocuments: Statement = {
  name: 'find-documents',
  text: `select doc_id from public.documents where doc_id = any ($1::text[])`,
};

/**
 * One parameter for the whole batch: a JSON text is parsed once, where a hundred thousand parameters are not. Sorted by key,
 * because two batches that insert the same keys in different orders would deadlock.
 */
export const insertDocuments: Statement = {
  name: 'insert-documents',
  text: `
    with inserted as (
      insert into public.documents (
        doc_id, source, ticket_id, text, text_hash, priority, fields, masked, bronze_path, created_at
      )
      select doc_id, source, ticket_id, text, text_hash, priority, fields, masked, bronze_path, created_at
        from json_to_recordset($1::json) as row (
          doc_id text, source text, ticket_id text, text text, text_hash text, priority smallint,
          fields jsonb, masked jsonb, bronze_path text, created_at timestamptz
        )
       order by doc_id collate "C"
          on conflict (doc_id) do nothing
      returning 1
    )
    select count(*)::integer as count from inserted`,
};

export const insertBronzeBlob: Statement = {
  name: 'insert-bronze-blob',
  text: `insert into assay.bronze_blobs (name, lines) values ($1, $2) on conflict (name) do nothing`,
};
