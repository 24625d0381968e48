import type { BatchSummary } from './lane-listener.ts';
import type { SourceRecord } from './record.ts';
import type { Sorted } from './settle-batch.ts';

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
