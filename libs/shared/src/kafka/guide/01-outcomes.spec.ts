import { describe, expect, it } from 'vitest';
import { LaneBed } from '../testing/lane-bed.ts';

/**
 * Chapter 1 · Outcomes
 *
 * A lane reads one topic. Each message goes through the steps and comes to exactly one end: accepted, skipped, or dead-lettered.
 * Steps only return that end as a value. The runtime turns a whole batch of ends into effects, always in this order:
 *
 *   dead letters → effects outside (bronze) → one transaction of effects and ledger → the group's commit
 *
 * and books what became of every offset. In these chapters a message is a word, and the word says how it ends: `poison…` is
 * dead-lettered, `heartbeat…` is skipped, `bug…` makes the step throw, and any other word is accepted and inserted once.
 */
describe('outcomes', () => {
  it('an accepted message has its effect, is booked, and is then committed to the group', async () => {
    const bed = new LaneBed();
    bed.broker.send('one', 'two', 'three');

    await bed.drain();

    expect(bed.ledger.effects).toEqual(['one', 'two', 'three']);
    expect(await bed.account()).toMatchObject({ next: 3, received: 3, accepted: 3, duplicate: 0, deadLettered: 0 });
    expect(bed.committed()).toBe(3);
  });

  it('a skipped message is counted with its reason and has no effect', async () => {
    const bed = new LaneBed();
    bed.broker.send('one', 'heartbeat', 'two');

    await bed.drain();

    expect(bed.ledger.effects).toEqual(['one', 'two']);
    expect(await bed.account()).toMatchObject({ next: 3, received: 3, accepted: 2, skipped: 1 });
    expect(bed.summaries[0]?.exits).toEqual([{ step: 'readWord', outcome: 'skipped', code: 'heartbeat', count: 1 }]);
  });

  it('a poison message becomes a dead letter with its code, its reason and its step; the next one goes on', async () => {
    const bed = new LaneBed();
    bed.broker.send('one', 'poison', { value: null }, 'two');

    await bed.drain();

    expect(bed.ledger.effects).toEqual(['one', 'two']);
    expect(await bed.account()).toMatchObject({ next: 4, received: 4, accepted: 2, deadLettered: 2 });
    expect(bed.committed()).toBe(4);
    expect(bed.letterBox.letters.map(({ record, step, outcome }) => [record.offset, step, outcome])).toEqual([
      [1n, 'readWord', { kind: 'deadLettered', code: 'CONTRACT_VIOLATED', detail: 'word: is poison' }],
      [2n, 'readWord', { kind: 'deadLettered', code: 'DECODE_FAILED', detail: 'the message has no value' }],
    ]);
  });

  it('a batch of nothing but poison is settled without any effect', async () => {
    const bed = new LaneBed();
    bed.broker.send('poison 1', 'poison 2');

    await bed.drain();

    expect(bed.ledger.effects).toEqual([]);
    expect(await bed.account()).toMatchObject({ next: 2, received: 2, accepted: 0, deadLettered: 2 });
    expect(bed.committed()).toBe(2);
  });

  it('a message that was there already is a duplicate: no second effect, and the account says so', async () => {
    const bed = new LaneBed();
    bed.broker.send('one', 'two', 'one', 'one');

    await bed.drain();

    expect(bed.ledger.effects).toEqual(['one', 'two']);
    expect(await bed.account()).toMatchObject({ next: 4, received: 4, accepted: 2, duplicate: 2 });
  });

  it('each crash point between two effects is passed in the order that makes a crash harmless', async () => {
    const bed = new LaneBed();
    bed.broker.send('one', 'poison');

    await bed.drain();

    expect(bed.passed).toEqual([
      'deadLettersWritten',
      'effectsPrepared',
      'transactionOpen',
      'transactionCommitted',
      'groupCommitted',
    ]);
  });

  it('batches follow one another; each is booked from where the last one ended', async () => {
    const bed = new LaneBed();
    bed.broker.send('one', 'two', 'three', 'four', 'five');

    await bed.drain({ batchSize: 2 });

    expect(bed.summaries.map(({ received }) => received)).toEqual([2, 2, 1]);
    expect(bed.broker.commits.map(({ offset }) => offset)).toEqual([0n, 2n, 4n, 5n]);
    expect(await bed.account()).toMatchObject({ next: 5, received: 5, accepted: 5 });
  });

  it('partitions are booked each for itself', async () => {
    const bed = new LaneBed({ partitions: 2 });
    bed.broker.logs[0]!.append('one', 'two');
    bed.broker.logs[1]!.append('three', 'poison', 'four');

    await bed.drain({ concurrency: 2 });

    expect(bed.ledger.effects.toSorted()).toEqual(['four', 'one', 'three', 'two']);
    expect(await bed.account(0)).toMatchObject({ next: 2, received: 2, accepted: 2 });
    expect(await bed.account(1)).toMatchObject({ next: 3, received: 3, accepted: 2, deadLettered: 1 });
    expect([bed.committed(0), bed.committed(1)]).toEqual([2, 3]);
  });

  it('the status tells how far a partition is and how old the oldest unsettled message is', async () => {
    const bed = new LaneBed();
    const { runtime, stop } = await bed.start({ batchSize: 2 });
    const held = bed.holdNextBatch();
    bed.broker.send(
      { value: 'one', timestamp: 1_000 },
      { value: 'two', timestamp: 2_000 },
      { value: 'three', timestamp: 3_000 },
    );
    await held.entered;
    expect(runtime.status()).toEqual([{ partition: 0, next: 0n, high: 3n, oldestTimestamp: 1_000 }]);

    held.release();
    await bed.broker.quiet();
    expect(runtime.status()).toEqual([{ partition: 0, next: 3n, high: 3n, oldestTimestamp: null }]);
    await stop();
  });

  it('the record that a new generation reads once more, only to know the log again, does not count as waiting', async () => {
    const bed = new LaneBed();
    bed.broker.send('one', 'two');
    await bed.drain();
    const { runtime, stop } = await bed.start();
    await bed.broker.quiet();
    for (const { next, high, oldestTimestamp } of runtime.status())
      expect([next, oldestTimestamp]).toEqual([high, null]);
    await stop();
  });
});
