import { roles } from '../roles.ts';
import type { TableContract } from './table-contract.ts';

export const platformTables = {
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
  installation: {
    schema: 'assay',
    name: 'installation',
    purpose: 'What is chosen once for the whole installation, in one row.',
    owner: 'the first service that starts; raised by `assay partitions`',
    primaryKey: ['is_only'],
    columns: {
      is_only: 'true: there is no second row',
      partitions: 'of every topic; may be raised, never lowered (docs/partitions.md)',
      chosen_at: 'when the first service started',
      raised_at: 'when it was last raised',
    },
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
