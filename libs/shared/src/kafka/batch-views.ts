import type { Batch } from 'kafkajs';
import type { BatchSummary } from '../pipeline/lane-listener.ts';
import type { SourceRecord } from '../pipeline/record.ts';
import type { Delivery } from '../pipeline/partition-progress.ts';
import type { Sorted } from '../pipeline/settle-batch.ts';

/** A batch of kafkajs as the ledger needs to see it. */
export function deliveryOf(batch: Batch): Delivery {
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

/** What became of a batch, for the listeners. */
export function summaryOf<T>(
  lane: string,
  { key, records }: { key: { partition: number }; records: readonly SourceRecord[] },
  { items, exits }: Sorted<T>,
  duplicate: number,
  seconds: number,
): BatchSummary {
  const groups = new Map<string, BatchSummary['exits'][number]>();
  for (const { exit } of exits) {
    const outcome = exit.outcome.kind;
    const code = exit.outcome.kind === 'skipped' ? exit.outcome.reason : exit.outcome.code;
    const id = `${exit.step}/${outcome}/${code}`;
    groups.set(id, { step: exit.step, outcome, code, count: (groups.get(id)?.count ?? 0) + 1 });
  }
  return {
    lane,
    partition: key.partition,
    received: records.length,
    accepted: items.length - duplicate,
    duplicate,
    exits: [...groups.values()],
    seconds,
  };
}
