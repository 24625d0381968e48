import { describe, expect, it, vi } from 'vitest';
import { lanes } from '../contracts/lanes.ts';
import { MemoryLedger, type MemoryTransaction } from '../testing/memory-ledger.ts';
import { MemorySource } from '../testing/memory-source.ts';
import { type Item, lane } from './lane.ts';
import { LaneRuntime } from './lane-runtime.ts';
import { accepted, deadLettered } from './outcome.ts';
import type { SourceRecord } from './record.ts';
import { steps } from './step.ts';

/**
 * A lane over a source that is not Kafka, a ledger that is not Postgres and dead letters that go nowhere: all that a lane knows
 * of them is their ports. What it does when things go wrong is told in kafka/guide.
 */
function given({ partitions = 1 } = {}) {
  const source = new MemorySource(partitions);
  const ledger = new MemoryLedger();
  const letters: bigint[] = [];
  const fatal: unknown[] = [];
  const quiet = () => {};
  const readWord = ({ value }: SourceRecord) =>
    value?.toString() === 'poison' ? deadLettered('CONTRACT_VIOLATED', 'is poison') : accepted(String(value));
  const words = lane(lanes.tickets, steps(readWord), {
    durability: 'synchronous',
    prepare: async (items: readonly Item<string>[]) => items.map(({ value }) => value),
    apply: async (tx: MemoryTransaction, prepared: readonly string[]) => {
      let duplicate = 0;
      for (const word of prepared) if (!(await tx.insert(word))) duplicate++;
      return { duplicate };
    },
  });
  const deadLetters = {
    write: async ([one]: readonly { record: SourceRecord }[]) => void letters.push(one!.record.offset),
  };
  const runtime = new LaneRuntime(
    words,
    { source, ledger, deadLetters, log: { debug: quiet, info: quiet, warn: quiet, error: quiet } },
    {
      backoff: { firstDelayMs: 1, maxDelayMs: 2, giveUpAfterMs: 60_000 },
      listeners: [],
      lookAgainMs: 600_000,
      onFatal: (error) => fatal.push(error),
    },
  );
  const next = async (partition = 0) => {
    const row = await ledger.read({ lane: runtime.name, topic: lanes.tickets.topic.name, partition });
    return row === null ? null : Number(row.nextOffset);
  };
  return { source, ledger, letters, fatal, runtime, next };
}

describe('a lane over any source', () => {
  it('books every message once, writes what was refused, and tells the group', async () => {
    const { source, ledger, letters, fatal, runtime, next } = given({ partitions: 2 });
    source.append(0, 'one', 'poison', 'two');
    source.append(1, 'other', 'three');
    await runtime.start();
    await vi.waitUntil(async () => (await next(0)) === 3 && (await next(1)) === 2);
    source.append(0, 'four');
    await vi.waitUntil(() => source.committed.get(0) === 4n);
    await runtime.stop();
    expect(ledger.effects.toSorted()).toEqual(['four', 'one', 'other', 'three', 'two']);
    expect(letters).toEqual([1n]);
    expect([...source.committed]).toEqual(
      expect.arrayContaining([
        [0, 4n],
        [1, 2n],
      ]),
    );
    expect(fatal).toEqual([]);
  });

  it('goes where the ledger stands, not where the source begins', async () => {
    const first = given();
    first.source.append(0, 'one', 'two');
    await first.runtime.start();
    await vi.waitUntil(async () => (await first.next()) === 2);
    await first.source.rebalance();
    first.source.seek(0, 0n); // a source that has forgotten where it was
    first.source.append(0, 'three');
    await vi.waitUntil(async () => (await first.next()) === 3);
    await first.runtime.stop();
    expect(first.ledger.effects).toEqual(['one', 'two', 'three']);
    expect(first.fatal).toEqual([]);
  });
});
