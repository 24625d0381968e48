import type { Batch } from 'kafkajs';
import type { Fetched } from '../pipeline/partitioned-source.ts';
import type { SourceRecord } from '../pipeline/record.ts';

/** A batch of kafkajs as the ledger needs to see it. */
export function fetchedOf(batch: Batch): Fetched {
  // Not in kafkajs's types, but it is what tells a gap in the log from a reset of the position.
  const fetchedOffset = BigInt((batch as Batch & { fetchedOffset: string }).fetchedOffset);
  return {
    fetchedOffset,
    first: BigInt(batch.firstOffset()!),
    last: BigInt(batch.lastOffset()),
    records: batch.messages.map((message): SourceRecord => {
      const { offset, timestamp, key, value, headers = {} } = message;
      const { topic, partition } = batch;
      return { topic, partition, offset: BigInt(offset), timestamp: dateable(timestamp), key, value, headers };
    }),
  };
}

const LAST_DATE_MS = 8.64e15;

/** Producers say any time they like; beyond these bounds it is no date, and rounded to a double no bigint of the ledger. */
const dateable = (timestamp: string): number => Math.min(LAST_DATE_MS, Math.max(-LAST_DATE_MS, Number(timestamp)));
