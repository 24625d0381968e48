import { roles } from './roles.ts';

/** A table as its readers know it. Specs compare this with the migrated database, so neither can drift. */
export interface TableContract {
  readonly schema: string;
  readonly name: string;
  readonly purpose: string;
  readonly owner: string;
  readonly primaryKey: readonly string[];
  readonly columns: Readonly<Record<string, string>>;
  /** What Debezium sends out of this table; absent when it must never leave Postgres. */
  readonly changeEvents?: { readonly columns: readonly string[] };
}

const documentColumns = {
  doc_id: 'keyed hash of the ticket: 32 hex digits (identity/v1)',
  source: 'system the ticket comes from',
  ticket_id: 'id of the ticket in its source, masked like the text',
  text: 'masked text; null once erased',
  text_hash: 'SHA-256 of the masked text, to find a document by its text',
  priority: '0 (first) to 9',
  fields: 'everything else the ticket carried, masked',
  masked: 'what was masked: kinds and positions, never values',
  status: 'always preprocessed; what happened since is in assay.progress',
  bronze_path: 'sealed blob and line that hold the raw ticket',
  created_at: 'when the ticket was made, as its source says',
  ingestion_timestamp: 'when the row was inserted',
} as const;

export const tables = {
  documents: {
    schema: 'public',
    name: 'documents',
    purpose: 'One masked row for each ticket, inserted once and never updated (erasure alone nulls the text).',
    owner: roles.ingest,
    primaryKey: ['doc_id'],
    columns: documentColumns,
    changeEvents: { columns: Object.keys(documentColumns).filter((column) => column !== 'bronze_path') },
  },
  offsets: {
    schema: 'assay',
    name: 'offsets',
    purpose: 'The ledger: how far each lane got in each partition, and what became of every offset on the way.',
    owner: 'every lane, its own rows',
    primaryKey: ['lane', 'topic', 'partition', 'incarnation'],
    columns: {
      lane: 'group id of the lane',
      topic: 'topic read',
      partition: 'partition of the topic',
      incarnation: 'counts up when the topic was replaced by another of the same name',
      cluster_id: 'cluster the offsets belong to',
      first_offset: 'where this incarnation was first read',
      next_offset: 'the offset after the last one booked',
      last_record_offset: 'offset of the last message booked',
      last_key_hash: 'fingerprint of its key, to notice a replaced topic',
      last_timestamp: 'its timestamp in milliseconds, for the same reason',
      received: 'messages read',
      accepted: 'of them, messages that had their effect',
      duplicate: 'of them, messages whose effect was there already',
      skipped: 'of them, messages left out on purpose',
      dead_lettered: 'of them, messages refused because of their content',
      gaps: 'offsets that hold no message (transaction markers, aborted records)',
      expired: 'offsets that retention deleted before they were read',
      updated_at: 'when the row last moved',
    },
  },
  identity: {
    schema: 'assay',
    name: 'identity',
    purpose: 'Which identity key made the doc_ids in this database; a service with another key refuses to start.',
    owner: roles.ingest,
    primaryKey: ['key_id'],
    columns: {
      key_id: 'name of the key, derived from it',
      check_value: 'proof of the key that tells nothing about it',
      created_at: 'when the key was first used here',
    },
  },
  bronzeBlobs: {
    schema: 'assay',
    name: 'bronze_blobs',
    purpose: 'Bronze blobs that a committed batch refers to; any other one is left over from a crash and is swept.',
    owner: roles.ingest,
    primaryKey: ['name'],
    columns: { name: 'name of the blob', lines: 'tickets it holds', written_at: 'when the batch was committed' },
  },
  migrations: {
    schema: 'assay',
    name: 'migrations',
    purpose: 'Migrations applied to this database.',
    owner: roles.owner,
    primaryKey: ['version'],
    columns: {
      version: 'number of the migration',
      name: 'its file name',
      sha256: 'hash of the file; a shipped migration never changes',
      applied_at: 'when it was applied',
    },
  },
} as const satisfies Record<string, TableContract>;

/** What the publication, Debezium's column.include.list and the CDC role's grants are all made from. */
export const changeEventTables: readonly (TableContract & { changeEvents: { columns: readonly string[] } })[] =
  Object.values(tables as Record<string, TableContract>).flatMap((table) =>
    table.changeEvents === undefined ? [] : [{ ...table, changeEvents: table.changeEvents }],
  );

export const PUBLICATION = 'assay';
