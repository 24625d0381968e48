import { roles } from '../roles.ts';
import type { TableContract } from './table-contract.ts';

export const bridgeTables = {
  pushQueue: {
    schema: 'assay',
    name: 'push_queue',
    purpose: 'Which documents go to which target, each once for ever.',
    owner: roles.bridge,
    primaryKey: ['doc_id', 'target'],
    columns: {
      doc_id: 'the document',
      target: 'where it is sent: files',
      priority: '0 first',
      queued_at: 'when the change event was read',
      plan_id: 'the batch it was put into; null while it waits',
      plan_row: 'its data row in that batch, from 1',
    },
  },
  progress: {
    schema: 'assay',
    name: 'progress',
    purpose: 'What became of a document after it was stored.',
    owner: roles.bridge,
    primaryKey: ['doc_id'],
    columns: {
      doc_id: 'the document',
      pushed_at: 'when its batch was confirmed',
      silver_path: 'the CSV batch it is in',
      silver_row: 'its data row there, from 1',
    },
  },
  labelFiles: {
    schema: 'assay',
    name: 'label_files',
    purpose: 'Label files that were read. The same path with other content is another file.',
    owner: roles.bridge,
    primaryKey: ['path', 'sha256'],
    columns: {
      path: 'blob below the label root',
      sha256: 'of its bytes',
      etag: 'what the blob store called this content',
      bytes: 'its size',
      status: 'read, or rejected as a whole',
      reason: 'why it was rejected',
      row_count: 'data records',
      published_count: 'records sent on',
      rejected_count: 'records rejected when the file was read',
      notes: 'what was noticed while reading',
      read_at: 'when its rows were acknowledged',
    },
  },
  rejectedRows: {
    schema: 'assay',
    name: 'rejected_rows',
    purpose: 'Label rows that do not count, with where they stand and why.',
    owner: 'annotation-bridge; quality-validator for documents that never came',
    primaryKey: ['path', 'file_sha256', 'row_number'],
    columns: {
      file_sha256: 'of the file',
      path: 'blob below the label root',
      row_number: 'data record, from 1',
      reason: 'code of label-rules',
      record: 'the record as it stood there',
      rejected_at: 'when',
    },
  },
} as const satisfies Record<string, TableContract>;
