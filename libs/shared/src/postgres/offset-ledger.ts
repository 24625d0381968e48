import type { Advance, LedgerRow } from '../pipeline/ledger.ts';
import type { LedgerKey, LedgerStore } from '../pipeline/ledger-store.ts';
import type { Postgres } from './postgres.ts';
import type { Statement, Transaction } from './statement.ts';

const readRow: Statement = {
  name: 'read-offset-ledger',
  text: `
    select incarnation, cluster_id, first_offset, next_offset, last_record_offset, last_key_hash, last_timestamp,
           received, accepted, duplicate, skipped, dead_lettered, gaps, expired
      from assay.offsets
     where lane = $1 and topic = $2 and partition = $3
     order by incarnation desc
     limit 1`,
};

const openRow: Statement = {
  name: 'open-offset-ledger',
  text: `
    insert into assay.offsets (lane, topic, partition, incarnation, cluster_id, first_offset, next_offset)
    values ($1, $2, $3, $4, $5, $6, $6)
    on conflict do nothing`,
};

/** The compare-and-set. No row means that another owner was here since we last read or wrote it. */
const advanceRow: Statement = {
  name: 'advance-offset-ledger',
  text: `
    update assay.offsets
       set next_offset = $6,
           last_record_offset = coalesce($7, last_record_offset),
           last_key_hash = coalesce($8, last_key_hash),
           last_timestamp = coalesce($9, last_timestamp),
           received = received + $10,
           accepted = accepted + $11,
           skipped = skipped + $12,
           dead_lettered = dead_lettered + $13,
           gaps = gaps + $14,
           expired = expired + $15,
           updated_at = now()
     where lane = $1 and topic = $2 and partition = $3 and incarnation = $4 and next_offset = $5
    returning next_offset`,
};

/** The move counted every item as accepted before the insert could say which were there already. */
const countDuplicates: Statement = {
  name: 'count-duplicates-in-offset-ledger',
  text: `
    update assay.offsets
       set accepted = accepted - $5, duplicate = duplicate + $5
     where lane = $1 and topic = $2 and partition = $3 and incarnation = $4`,
};

/** The offset ledger in Postgres. Effects and ledger commit together or not at all. */
export function createOffsetLedger(postgres: Postgres): LedgerStore<Transaction> {
  async function read({ lane, topic, partition }: LedgerKey): Promise<LedgerRow | null> {
    const [row] = await postgres.query<StoredRow>(readRow, [lane, topic, partition]);
    return row === undefined ? null : toLedgerRow(row);
  }

  return {
    read,

    async open(key, incarnation, clusterId, firstOffset) {
      const { lane, topic, partition } = key;
      await postgres.query(openRow, [lane, topic, partition, incarnation, clusterId, String(firstOffset)]);
      return (await read(key))!;
    },

    book(key, incarnation, move, effects) {
      const row = [key.lane, key.topic, key.partition, incarnation];
      return postgres.transaction(effects?.durability ?? 'replayable', async (tx) => {
        const moved = await tx.query(advanceRow, [...row, ...advanceValues(move)]);
        if (moved.length === 0) return { kind: 'missed' as const };
        const duplicate = effects === null ? 0 : (await effects.apply(tx)).duplicate;
        if (duplicate > 0) await tx.query(countDuplicates, [...row, duplicate]);
        await effects?.beforeCommit();
        return { kind: 'booked' as const, duplicate };
      });
    },
  };
}

function advanceValues({ from, to, lastRecord, counts }: Advance): readonly unknown[] {
  const { received, accepted, skipped, deadLettered, gaps, expired } = counts;
  const mark = [lastRecord?.offset.toString() ?? null, lastRecord?.keyHash ?? null, lastRecord?.timestamp ?? null];
  return [String(from), String(to), ...mark, received, accepted, skipped, deadLettered, gaps, expired];
}

type StoredRow = Record<
  | 'cluster_id'
  | 'first_offset'
  | 'next_offset'
  | 'received'
  | 'accepted'
  | 'duplicate'
  | 'skipped'
  | 'dead_lettered'
  | 'gaps'
  | 'expired',
  string
> & {
  incarnation: number;
  last_record_offset: string | null;
  last_key_hash: string | null;
  last_timestamp: string | null;
};

const toLedgerRow = (row: StoredRow): LedgerRow => ({
  incarnation: row.incarnation,
  clusterId: row.cluster_id,
  firstOffset: BigInt(row.first_offset),
  nextOffset: BigInt(row.next_offset),
  lastRecord:
    row.last_record_offset === null
      ? null
      : {
          offset: BigInt(row.last_record_offset),
          keyHash: row.last_key_hash ?? '',
          timestamp: Number(row.last_timestamp),
        },
  counts: {
    received: Number(row.received),
    accepted: Number(row.accepted),
    duplicate: Number(row.duplicate),
    skipped: Number(row.skipped),
    deadLettered: Number(row.dead_lettered),
    gaps: Number(row.gaps),
    expired: Number(row.expired),
  },
});
