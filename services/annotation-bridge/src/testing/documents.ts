import type { TestDatabase } from '@assay/shared/testing/test-database';

export interface TestDocument {
  readonly number: number;
  readonly text?: string;
  readonly priority?: number;
  readonly fields?: Readonly<Record<string, unknown>>;
}

export const docIdOf = (number: number): string => number.toString(16).padStart(32, '0');

/** Rows of `documents` as ingest would have written them. */
export async function insertDocuments(admin: TestDatabase['admin'], documents: readonly TestDocument[]): Promise<void> {
  const rows = documents.map(({ number, text = `text ${number}`, priority = 5, fields = {} }) => ({
    doc_id: docIdOf(number),
    ticket_id: `T-${number}`,
    text,
    priority,
    fields,
  }));
  await admin.query(
    `insert into public.documents (doc_id, source, ticket_id, text, text_hash, priority, fields, masked, bronze_path)
     select doc_id, 'zendesk', ticket_id, text, doc_id, priority, fields, '{}', 'none'
       from json_to_recordset($1::json) as row (doc_id text, ticket_id text, text text, priority smallint, fields jsonb)`,
    [JSON.stringify(rows)],
  );
}
