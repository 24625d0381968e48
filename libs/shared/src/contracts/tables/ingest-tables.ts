import { roles } from '../roles.ts';
import type { TableContract } from './table-contract.ts';

const documentColumns = {
  doc_id: 'keyed hash of the ticket: 32 hex digits (identity/v1)',
  source: 'system the ticket comes from',
  ticket_id: 'id of the ticket in its source, masked like the text',
  text: 'masked text; null once erased',
  text_hash: 'SHA-256 of the masked text, to find a document by its text',
  priority: '0 (first) to 9',
  fields: 'everything else the ticket carried, masked',
  masked: 'what was masked: counts by kind and the first 1,000 places, never values',
  status: 'always preprocessed; what happened since is in lineage.documents',
  bronze_path: 'sealed blob that holds the raw ticket, and after # the offset of its line',
  created_at: 'when the ticket was made, as its source says',
  ingestion_timestamp: 'when the row was inserted',
} as const;

export const ingestTables = {
  documents: {
    schema: 'public',
    name: 'documents',
    purpose: 'One masked row for each ticket, inserted once and never updated (erasure alone nulls the text).',
    owner: roles.ingest,
    primaryKey: ['doc_id'],
    columns: documentColumns,
    changeEvents: { columns: Object.keys(documentColumns).filter((column) => column !== 'bronze_path') },
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
} as const satisfies Record<string, TableContract>;
