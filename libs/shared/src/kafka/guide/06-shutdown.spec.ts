import { describe, expect, it, vi } from 'vitest';
import { crashPoints } from '../../pipeline/lane-listener.ts';
import { LaneBed, outage } from '../testing/lane-bed.ts';

/**
 * Chapter 6 · Shutdown
 *
 * A stop is asked for by SIGTERM, and it drops nothing half done: the batch in hand gets its one try to the end, is booked,
 * is told to the group, and then the instance leaves. A batch that only waits to be tried again is dropped where it stands,
 * because nothing of it was committed and the next start does it all.
 *
 * A process that is killed instead leaves the same: what was booked is booked, the rest comes again.
 */
describe('a stop', () => {
  it('lets the batch in hand finish: booked, told to the group, and only then the instance leaves', async () => {
    const bed = new LaneBed();
    const { stop } = await bed.start({ batchSize: 2 });
    const held = bed.holdNextBatch();
    bed.broker.send('one', 'two', 'three');
    await held.entered;

    const stopped = stop();
    held.release();
    await stopped;

    expect(bed.ledger.effects).toEqual(['one', 'two']);
    expect(await bed.account()).toMatchObject({ next: 2, received: 2, accepted: 2 });
    expect(bed.committed()).toBe(2);
    expect(bed.broker.memberCount).toBe(0);
  });

  it('drops a batch that waits for an outage to pass, at once: nothing booked, nothing committed', async () => {
    const bed = new LaneBed();
    const waiting = bed.nextRetry();
    bed.beforeEffects = async () => Promise.reject(outage('blob'));
    const { stop } = await bed.start({ backoff: { firstDelayMs: 60_000, maxDelayMs: 60_000 } });
    bed.broker.send('one');
    await waiting;

    await stop();

    expect(bed.ledger.effects).toEqual([]);
    expect(await bed.account()).toMatchObject({ next: 0, received: 0 });
    expect(bed.committed()).toBe(0);
    expect(bed.fatal).toEqual([]);
  });

  it('and the next start does what was dropped', async () => {
    const bed = new LaneBed();
    const waiting = bed.nextRetry();
    bed.ledger.failNext(outage('postgres'));
    const { stop } = await bed.start({ backoff: { firstDelayMs: 60_000, maxDelayMs: 60_000 } });
    bed.broker.send('poison', 'one');
    await waiting;
    await stop();

    await bed.drain();

    expect(bed.ledger.effects).toEqual(['one']);
    expect(await bed.account()).toMatchObject({ next: 2, received: 2, accepted: 1, deadLettered: 1 });
    // Written once by each of the two; whoever counts them by their source counts one.
    expect(bed.letterBox.letters.map(({ record }) => record.offset)).toEqual([0n, 0n]);
  });

  it('an outage that begins while the lane stops does not hold it up', async () => {
    const bed = new LaneBed();
    const { stop } = await bed.start();
    const held = bed.holdNextBatch();
    bed.broker.send('one');
    await held.entered;
    bed.ledger.failNext(outage('postgres'), { times: 1_000 });

    const stopped = stop();
    held.release();
    await stopped;

    expect(await bed.account()).toMatchObject({ next: 0, received: 0 });
    expect(bed.fatal).toEqual([]);
  });

  it('waits for gaps that are being booked, which kafkajs knows nothing about', async () => {
    const bed = new LaneBed();
    const { stop } = await bed.start();
    await bed.broker.quiet();
    const entered = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    const order: string[] = [];
    const book = bed.ledger.book.bind(bed.ledger);
    vi.spyOn(bed.ledger, 'book').mockImplementationOnce(async (...args) => {
      entered.resolve();
      await released.promise;
      const booking = await book(...args);
      order.push('booked');
      return booking;
    });
    bed.broker.log.appendTransaction('abort', 'never');
    bed.broker.touch();
    await entered.promise;

    const stopped = stop().then(() => order.push('stopped'));
    await bed.broker.quiet();
    released.resolve();
    await stopped;

    expect(order).toEqual(['booked', 'stopped']);
    expect(await bed.account()).toMatchObject({ next: 2, received: 0, gaps: 2 });
  });

  it('when nothing is in hand just leaves; what comes afterwards is for the next start', async () => {
    const bed = new LaneBed();
    const { stop } = await bed.start();
    bed.broker.send('one');
    await bed.broker.quiet();
    await stop();
    bed.broker.send('two');
    expect(await bed.account()).toMatchObject({ next: 1 });

    await bed.drain();
    expect(await bed.account()).toMatchObject({ next: 2, received: 2, accepted: 2 });
  });

  it('after a fatal failure ends as well, and changes nothing', async () => {
    const bed = new LaneBed();
    const { stop } = await bed.start();
    bed.broker.send('bug');
    await bed.broker.quiet();
    await stop();

    expect(bed.fatal).toHaveLength(1);
    expect(await bed.account()).toMatchObject({ next: 0, received: 0 });
  });
});

describe('a process that ends in the middle of a batch', () => {
  it.each(crashPoints)('at %s leaves every message for the next start, and nothing is done twice', async (point) => {
    const bed = new LaneBed();
    bed.endAt = point;
    bed.broker.send('one', 'poison', 'two');
    await bed.drain();
    expect(bed.fatal).toEqual([new Error(`ended at ${point}`)]);

    await bed.drain({ batchSize: 2 });

    expect(bed.ledger.effects).toEqual(['one', 'two']);
    expect(await bed.account()).toMatchObject({ next: 3, received: 3, accepted: 2, duplicate: 0, deadLettered: 1 });
    expect(new Set(bed.letterBox.letters.map(({ record }) => record.offset))).toEqual(new Set([1n]));
    expect(bed.committed()).toBe(3);
  });
});
