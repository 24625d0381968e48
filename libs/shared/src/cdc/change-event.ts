import type { SourceRecord } from '../pipeline/record.ts';

/** What a message on a Debezium topic means, whatever shape its converter gave it. */
export type ChangeEvent =
  /** A row as it is now: inserted, updated, or read by a snapshot. */
  | {
      readonly kind: 'row';
      readonly op: 'insert' | 'update' | 'snapshot';
      readonly row: Readonly<Record<string, unknown>>;
      /** Columns whose value Debezium did not get (TOAST, unchanged); they are not in `row`. */
      readonly unavailable: readonly string[];
    }
  | { readonly kind: 'delete' }
  | { readonly kind: 'tombstone' }
  | { readonly kind: 'truncate' }
  | { readonly kind: 'heartbeat' }
  | { readonly kind: 'transaction' }
  /** A logical decoding message (pg_logical_emit_message). */
  | { readonly kind: 'message' }
  | { readonly kind: 'unreadable'; readonly detail: string };

export type ReadChangeEvent = (record: SourceRecord) => ChangeEvent;
