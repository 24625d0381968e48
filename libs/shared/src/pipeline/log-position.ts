import type { LedgerRow, RecordMark } from './ledger.ts';

/** What the broker says of a partition. `low` is the first offset it still has, `high` the one after its last. */
export interface LogBounds {
  readonly clusterId: string;
  readonly low: bigint;
  readonly high: bigint;
}

/** Where to read, judged from the ledger and the log together. The ledger outranks the group's committed offset. */
export type Judgement =
  /** Go on; when `verify` is there, first see that the log still holds that record. */
  | { readonly kind: 'resume'; readonly verify: RecordMark | null }
  /** Retention deleted [next, low) unread. */
  | { readonly kind: 'expired' }
  /** Another log under the same name: start a new row at its beginning. Natural keys absorb the replay. */
  | { readonly kind: 'replaced'; readonly because: string };

export function judgePosition(row: LedgerRow, log: LogBounds): Judgement {
  if (row.clusterId !== log.clusterId) return { kind: 'replaced', because: 'the cluster id changed' };
  if (row.nextOffset > log.high)
    return { kind: 'replaced', because: `the log ends at ${log.high}, before ${row.nextOffset}` };
  if (row.nextOffset < log.low) return { kind: 'expired' };
  const verifiable = row.lastRecord !== null && row.lastRecord.offset >= log.low;
  return { kind: 'resume', verify: verifiable ? row.lastRecord : null };
}

export const isSameRecord = (a: RecordMark, b: RecordMark): boolean =>
  a.offset === b.offset && a.keyHash === b.keyHash && a.timestamp === b.timestamp;
