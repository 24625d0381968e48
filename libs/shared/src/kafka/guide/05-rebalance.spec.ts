import { describe, expect, it, vi } from 'vitest';
import { LaneBed, outage } from '../testing/lane-bed.ts';

/**
 * Chapter 5 · Rebalances and other owners
 *
 * Kafka gives a partition to one instance at a time, but an instance may not know yet that it lost one: it is in the middle
 * of a batch, or it was frozen past its session. So ownership is decided where the effects are: the first statement of every
 * transaction moves the ledger's row from the offset this instance last saw. When another owner moved it meanwhile nothing
 * matches, the batch is dropped, the row is read again, and the consumer is sought there. That is no error, and no offset ever
 * goes back.
 *
 * kafkajs tells of a rebalance by an error of a heartbeat or of the group's commit. Those errors, and only those, go back to
 * kafkajs, which joins the group again; the lane then forgets what it knew of any partition.
 */
describe('a rebalance in the middle of a batch', () => {
  it('lets the transaction stand; the group’s commit fails and nothing is done twice', async () => {
    const bed = new LaneBed();
    const { stop } = await bed.start();
    const held = bed.holdNextBatch();
    bed.broker.send('one', 'two');
    await held.entered;
    bed.broker.rebalance();
    held.release();
    await bed.broker.quiet();
    bed.broker.send('three');
    await bed.broker.quiet();
    await stop();

    expect(bed.ledger.effects).toEqual(['one', 'two', 'three']);
    expect(await bed.account()).toMatchObject({ next: 3, received: 3, accepted: 3, duplicate: 0 });
    expect(bed.committed()).toBe(3);
    expect(bed.fatal).toEqual([]);
  });

  it('before the batch began: the heartbeat finds it, the batch is dropped untouched and comes again', async () => {
    const bed = new LaneBed();
    const { stop } = await bed.start();
    await bed.broker.quiet();
    const book = vi.spyOn(bed.ledger, 'book');
    const join = vi.spyOn(bed.broker, 'join');
    vi.spyOn(bed.broker, 'heartbeat').mockImplementationOnce((member) => {
      bed.broker.rebalance();
      bed.broker.heartbeat(member, -1);
    });
    bed.broker.send('one', 'two');
    await bed.broker.quiet();
    await stop();

    expect(book).toHaveBeenCalledTimes(1);
    expect(join.mock.invocationCallOrder[0]).toBeLessThan(book.mock.invocationCallOrder[0]!);
    expect(await bed.account()).toMatchObject({ next: 2, received: 2, accepted: 2 });
    expect(bed.committed()).toBe(2);
  });

  it('while the lane waits for an outage to pass: the heartbeat of the wait finds it', async () => {
    const bed = new LaneBed();
    const { stop } = await bed.start();
    await bed.broker.quiet();
    const { ledger } = bed;
    const prepared: (readonly string[])[] = [];
    bed.beforeEffects = async (words) => void prepared.push(words);
    const book = ledger.book.bind(ledger);
    vi.spyOn(ledger, 'book').mockImplementationOnce((...args) => {
      bed.broker.rebalance();
      ledger.failNext(outage());
      return book(...args);
    });
    bed.broker.send('one', 'two');
    await bed.broker.quiet();
    await stop();

    // Dropped in its wait and begun again, rather than tried again by an instance that may have lost the partition.
    expect(prepared).toEqual([
      ['one', 'two'],
      ['one', 'two'],
    ]);
    expect(bed.ledger.effects).toEqual(['one', 'two']);
    expect(await bed.account()).toMatchObject({ next: 2, accepted: 2, duplicate: 0 });
    expect(bed.fatal).toEqual([]);
  });

  it('a new instance takes over some partitions, and every message is booked once', async () => {
    const bed = new LaneBed({ partitions: 4 });
    const words = (partition: number, from: number) => [0, 1, 2].map((n) => `${partition}/${from + n}`);
    const a = await bed.start({ batchSize: 1, concurrency: 2 });
    for (const log of bed.broker.logs) log.append(...words(log.partition, 0));
    const held = bed.holdNextBatch();
    bed.broker.touch();
    await held.entered;
    const b = await bed.start({ batchSize: 2, concurrency: 2 });
    held.release();
    await bed.broker.quiet();
    for (const log of bed.broker.logs) log.append(...words(log.partition, 3));
    bed.broker.touch();
    await bed.broker.quiet();
    await a.stop();
    await bed.broker.quiet();
    await b.stop();

    for (const { partition } of bed.broker.logs) {
      expect(await bed.account(partition)).toMatchObject({ next: 6, received: 6, accepted: 6, duplicate: 0 });
      expect(bed.committed(partition)).toBe(6);
    }
    expect(new Set(bed.ledger.effects).size).toBe(24);
    expect(bed.ledger.effects).toHaveLength(24);
  });
});

describe('two owners of one partition', () => {
  it('the one that was frozen past its session loses the compare-and-set and follows the ledger, without an error', async () => {
    const bed = new LaneBed();
    const frozen = await bed.start();
    const held = bed.holdNextBatch();
    bed.broker.send('one', 'two');
    await held.entered;
    frozen.consumer.timeOut();

    const other = await bed.start();
    await vi.waitFor(async () => expect(await bed.account()).toMatchObject({ next: 2, accepted: 2 }));
    await other.stop();
    held.release();
    await bed.broker.quiet();
    bed.broker.send('three');
    await bed.broker.quiet();
    await frozen.stop();

    expect(bed.ledger.effects).toEqual(['one', 'two', 'three']);
    expect(await bed.account()).toMatchObject({ next: 3, received: 3, accepted: 3, duplicate: 0 });
    expect(bed.committed()).toBe(3);
    expect([...bed.logged('warn'), ...bed.logged('error')]).toEqual([]);
    expect(bed.fatal).toEqual([]);
  });

  it('with other batch sizes: what the other booked in part is not booked again', async () => {
    const bed = new LaneBed();
    const frozen = await bed.start({ batchSize: 4 });
    const held = bed.holdNextBatch();
    bed.broker.send('one', 'two', 'three', 'four');
    await held.entered;
    frozen.consumer.timeOut();

    const other = await bed.start({ batchSize: 3 });
    await vi.waitFor(async () => expect(await bed.account()).toMatchObject({ next: 4 }));
    await other.stop();
    held.release();
    await bed.broker.quiet();
    await frozen.stop();

    expect(bed.ledger.effects).toEqual(['one', 'two', 'three', 'four']);
    expect(await bed.account()).toMatchObject({ next: 4, received: 4, accepted: 4, duplicate: 0 });
  });

  it('stale memory: an instance that gets a partition back reads the ledger, not what it remembers', async () => {
    const bed = new LaneBed();
    const a = await bed.start();
    bed.broker.send('one');
    await bed.broker.quiet();
    a.consumer.timeOut();
    const b = await bed.start();
    bed.broker.send('poison', 'two');
    await bed.broker.quiet();
    await b.stop();
    // As if the last commit of the other instance had not reached the group: Kafka offers what is booked already.
    bed.broker.committed.set(0, 1n);
    bed.broker.send('three');
    await bed.broker.quiet();
    await a.stop();

    expect(bed.ledger.effects).toEqual(['one', 'two', 'three']);
    expect(bed.letterBox.letters).toHaveLength(1);
    expect(await bed.account()).toMatchObject({ next: 4, received: 4, accepted: 3, deadLettered: 1, duplicate: 0 });
    expect(bed.committed()).toBe(4);
  });

  it('the row an instance moves is never moved back', async () => {
    const bed = new LaneBed();
    const moves: bigint[] = [];
    const book = bed.ledger.book.bind(bed.ledger);
    vi.spyOn(bed.ledger, 'book').mockImplementation(async (...args) => {
      const booking = await book(...args);
      if (booking.kind === 'booked') moves.push(args[2].to);
      return booking;
    });
    const a = await bed.start({ batchSize: 2 });
    const held = bed.holdNextBatch();
    bed.broker.send('one', 'two', 'three', 'four', 'five');
    await held.entered;
    a.consumer.timeOut();
    const b = await bed.start({ batchSize: 1 });
    await vi.waitFor(async () => expect(await bed.account()).toMatchObject({ next: 5 }));
    held.release();
    await bed.broker.quiet();
    await Promise.all([a.stop(), b.stop()]);

    expect(moves).toEqual(moves.toSorted((x, y) => Number(x - y)));
    expect(new Set(moves).size).toBe(moves.length);
    expect(bed.ledger.effects).toEqual(['one', 'two', 'three', 'four', 'five']);
  });
});

describe('a batch that went stale', () => {
  it('is dropped: the consumer was sought somewhere else while it waited', async () => {
    const bed = new LaneBed({ partitions: 2 });
    const { consumer, stop } = await bed.start({ concurrency: 1 });
    await bed.broker.quiet();
    const held = bed.holdNextBatch();
    bed.broker.logs[0]!.append('one');
    bed.broker.logs[1]!.append('two');
    bed.broker.touch();
    await held.entered;
    consumer.seek({ partition: 1, offset: '0' });
    held.release();
    await bed.broker.quiet();
    await stop();

    expect(bed.ledger.effects).toEqual(['one', 'two']);
    expect(bed.broker.commits.filter(({ partition }) => partition === 1).map(({ offset }) => offset)).toEqual([0n, 1n]);
  });
});
