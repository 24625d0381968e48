import type { Postgres } from '../postgres/postgres.ts';
import { withShortConnection } from '../postgres/short-connection.ts';
import type { Statement } from '../postgres/statement.ts';

/**
 * What Postgres says of the WAL a slot needs: it is there, more is kept than usual, some may go at the next checkpoint, some
 * is gone. A lost slot never works again, and Debezium only tries and tries.
 */
export const slotStatuses = ['reserved', 'extended', 'unreserved', 'lost'] as const;
export type SlotStatus = (typeof slotStatuses)[number];

export interface ReplicationSlot {
  readonly status: SlotStatus;
  /** Somebody reads from it now. */
  readonly isActive: boolean;
  /** WAL kept for it; 0 once it is lost. */
  readonly retainedBytes: number;
}

/** The slot of one connector. */
export interface SlotAccess {
  /** Null when there is none. */
  read(): Promise<ReplicationSlot | null>;
  /** Drops it if there is one; fails while somebody reads from it. */
  drop(): Promise<void>;
}

const readSlot: Statement = {
  name: 'read-replication-slot',
  text: `
    select wal_status as status, active as "isActive",
           coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn), 0)::float8 as "retainedBytes"
      from pg_replication_slots
     where slot_name = $1`,
};

const dropSlot: Statement = {
  name: 'drop-replication-slot',
  text: `select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = $1`,
};

/**
 * Any role may look at a slot, but only a user who may replicate can drop one; `replicationUrl` is that user's address, as
 * this process reaches the database.
 */
export const slotAccess = (postgres: Postgres, replicationUrl: string, name: string): SlotAccess => ({
  read: async () => (await postgres.query<ReplicationSlot>(readSlot, [name]))[0] ?? null,
  drop: () =>
    withShortConnection(replicationUrl, 'assay-replication-slot', async (replication) => {
      await replication.query(dropSlot, [name]);
    }),
});

/** Kafka Connect may reach Postgres by another name than we do: its user, at our address. */
export function replicationUrl(databaseUrl: string, cdcDatabaseUrl = databaseUrl): string {
  const url = new URL(databaseUrl);
  const { username, password } = new URL(cdcDatabaseUrl);
  Object.assign(url, { username, password });
  return url.href;
}
