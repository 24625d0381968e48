import { describe, expect, it } from 'vitest';
import { LaneBed } from '../testing/lane-bed.ts';

/**
 * Chapter 4 · A log that changed
 *
 * The log may not be what the ledger remembers: retention may have eaten from its beginning, or the topic may have been
 * made again. So before a lane reads on, the last booked record is read once more:
 *
 * - offsets that retention deleted unread are booked `expired`, and said as an error
 * - another log under the same name starts a new row from its beginning; natural keys absorb what is replayed
 */
describe('a log that lost its beginning', () => {
  it('what retention deleted unread is booked as expired, counted, and said as an error', async () => {
    const bed = new LaneBed();
    bed.broker.send('one');
    await bed.drain();
    bed.broker.send('lost', 'lost too', 'two');
    bed.broker.expireBefore(3n);

    await bed.drain();

    expect(bed.ledger.effects).toEqual(['one', 'two']);
    expect(await bed.account()).toMatchObject({ incarnation: 1, next: 4, received: 2, accepted: 2, expired: 2 });
    expect(bed.expired).toEqual([2]);
    expect(bed.logged('error')).toEqual([
      'Retention deleted messages before they were read; they are booked as expired.',
    ]);
    expect(bed.committed()).toBe(4);
  });

  it('also when it happens to a lane that is reading', async () => {
    const bed = new LaneBed();
    const { stop } = await bed.start({ batchSize: 1 });
    const held = bed.holdNextBatch();
    bed.broker.send('one', 'lost', 'lost too', 'two');
    await held.entered;
    bed.broker.expireBefore(3n);
    held.release();
    await bed.broker.quiet();
    await stop();

    expect(bed.ledger.effects).toEqual(['one', 'two']);
    expect(await bed.account()).toMatchObject({ incarnation: 1, next: 4, received: 2, expired: 2 });
    expect(bed.expired).toEqual([2]);
  });

  it('nothing is expired when everything deleted had been read, even if the last booked record went with it', async () => {
    const bed = new LaneBed();
    bed.broker.send('one', 'two');
    await bed.drain();
    bed.broker.expireBefore(2n);
    bed.broker.send('three');

    await bed.drain();

    expect(await bed.account()).toMatchObject({ incarnation: 1, next: 3, received: 3, expired: 0 });
    expect(bed.logged('error')).toEqual([]);
  });
});

describe('another log under the same name', () => {
  const REPLACED = 'The topic was replaced by another of the same name; reading it from its beginning.';

  it('is noticed when it is shorter than the ledger', async () => {
    const bed = new LaneBed();
    bed.broker.send('one', 'two', 'three');
    await bed.drain();
    bed.broker.replaceTopic();
    bed.broker.send('one', 'four');

    await bed.drain();

    expect(bed.ledger.effects).toEqual(['one', 'two', 'three', 'four']);
    expect(await bed.account()).toMatchObject({
      incarnation: 2,
      first: 0,
      next: 2,
      received: 2,
      accepted: 1,
      duplicate: 1,
    });
    expect(bed.logged('error')).toEqual([REPLACED]);
    expect(bed.committed()).toBe(2);
  });

  it('is noticed when it is longer, by the record before the ledger’s offset', async () => {
    const bed = new LaneBed();
    bed.broker.send('one', 'two');
    await bed.drain();
    bed.broker.replaceTopic();
    bed.broker.send('three', 'four', 'five', 'one');

    await bed.drain();

    expect(bed.ledger.effects).toEqual(['one', 'two', 'three', 'four', 'five']);
    expect(await bed.account()).toMatchObject({ incarnation: 2, next: 4, received: 4, accepted: 3, duplicate: 1 });
    expect(bed.logged('error')).toEqual([REPLACED]);
  });

  it('is noticed by its cluster, even if its records looked the same', async () => {
    const bed = new LaneBed();
    bed.broker.send('one', 'two');
    await bed.drain();
    bed.broker.wipe();
    bed.broker.send('one', 'two', 'three');

    await bed.drain();

    expect(bed.ledger.effects).toEqual(['one', 'two', 'three']);
    expect(await bed.account()).toMatchObject({ incarnation: 2, received: 3, accepted: 1, duplicate: 2 });
  });

  it('is noticed by a lane that is reading', async () => {
    const bed = new LaneBed();
    const { stop } = await bed.start();
    bed.broker.send('one', 'two');
    await bed.broker.quiet();
    bed.broker.replaceTopic();
    bed.broker.send('three');
    await bed.broker.quiet();
    await stop();

    expect(bed.ledger.effects).toEqual(['one', 'two', 'three']);
    expect(await bed.account()).toMatchObject({ incarnation: 2, first: 0, next: 1, received: 1 });
    expect(bed.logged('error')).toEqual([REPLACED]);
  });

  it('keeps the account of the log before it', async () => {
    const bed = new LaneBed();
    bed.broker.send('one', 'two');
    await bed.drain();
    bed.broker.wipe();
    bed.broker.send('three');
    await bed.drain();

    expect(bed.history().map(({ incarnation, counts }) => [incarnation, counts.received])).toEqual([
      [1, 2],
      [2, 1],
    ]);
  });
});
