import { describe, expect, it, vi } from 'vitest';
import { LaneBed, outage } from '../testing/lane-bed.ts';

/**
 * Chapter 3 · The ledger
 *
 * How far a lane got stands in Postgres, in the same transaction as the effects, so the two cannot disagree. Kafka's own
 * committed offset is only told afterwards, for lag tools. On every start and after every rebalance the ledger decides where
 * to read, and kafkajs is sent there. Offsets that hold no message for us are booked as gaps.
 *
 * `next − first = received + gaps + expired` and `received = accepted + duplicate + skipped + dead-lettered` hold after every
 * move; the bed checks both whenever a chapter asks for the account.
 */
describe('where a lane starts to read', () => {
  it('without a row: at the beginning of the log, wherever that is', async () => {
    const bed = new LaneBed();
    bed.broker.send('gone', 'gone too', 'one', 'two');
    bed.broker.expireBefore(2n);

    await bed.drain();

    expect(await bed.account()).toMatchObject({ first: 2, next: 4, received: 2, accepted: 2, expired: 0 });
  });

  it('with a row: where the row says, also when the group knows nothing', async () => {
    const bed = new LaneBed();
    bed.broker.send('one', 'two');
    await bed.drain();
    bed.broker.committed.clear();
    bed.broker.send('three');

    await bed.drain();

    expect(bed.ledger.effects).toEqual(['one', 'two', 'three']);
    expect(await bed.account()).toMatchObject({ next: 3, received: 3, accepted: 3, duplicate: 0 });
  });

  it('with a row: where the row says, also when the group is ahead of it', async () => {
    const bed = new LaneBed();
    bed.broker.send('one');
    await bed.drain();
    bed.broker.send('two', 'three');
    // As after a crash of Postgres that rolled back what the group had been told already.
    bed.broker.committed.set(0, 3n);

    await bed.drain();

    expect(bed.ledger.effects).toEqual(['one', 'two', 'three']);
    expect(await bed.account()).toMatchObject({ next: 3, received: 3, accepted: 3 });
  });

  it('Postgres loses its last commits while the lane runs: the next look notices, with nothing new to read', async () => {
    const bed = new LaneBed();
    const { runtime, stop } = await bed.start();
    bed.broker.send('one');
    await bed.broker.quiet();
    const forget = bed.ledger.remember();
    bed.broker.send('two', 'three');
    await bed.broker.quiet();
    forget();
    expect(bed.ledger.effects).toEqual(['one']);

    runtime.lookAgain();
    await vi.waitUntil(() => bed.ledger.effects.length === 3);
    await bed.broker.quiet();
    await stop();

    expect(await bed.account()).toMatchObject({ next: 3, received: 3, accepted: 3, duplicate: 0 });
    expect(bed.committed()).toBe(3);
  });

  it('a look at what still stands changes nothing, and an outage says nothing about it', async () => {
    const bed = new LaneBed();
    const { runtime, stop } = await bed.start();
    bed.broker.send('one');
    await bed.broker.quiet();
    const commits = bed.broker.commits.length;
    runtime.lookAgain();
    vi.spyOn(bed.ledger, 'read').mockRejectedValueOnce(outage());
    runtime.lookAgain();
    await bed.broker.quiet();
    await stop();

    expect(bed.broker.commits).toHaveLength(commits);
    expect([bed.fatal, bed.retries]).toEqual([[], []]);
  });

  it('a crash between the transaction and the group’s commit is made up for at the next start, with nothing new to read', async () => {
    const bed = new LaneBed();
    bed.broker.send('one', 'two');
    await bed.drain();
    bed.broker.committed.set(0, 0n);

    await bed.drain();

    expect(bed.committed()).toBe(2);
    expect(await bed.account()).toMatchObject({ next: 2, received: 2, accepted: 2, duplicate: 0 });
  });

  it('a restart with another batch size books every message once', async () => {
    const bed = new LaneBed();
    bed.broker.send('one', 'two', 'three', 'four', 'five');
    const { stop } = await bed.start({ batchSize: 2 });
    await bed.broker.quiet();
    await stop();
    bed.broker.committed.set(0, 1n);
    bed.broker.send('six');

    await bed.drain({ batchSize: 3 });

    expect(bed.ledger.effects).toEqual(['one', 'two', 'three', 'four', 'five', 'six']);
    expect(await bed.account()).toMatchObject({ next: 6, received: 6, accepted: 6, duplicate: 0 });
  });

  it('starting again where nothing changed says nothing above info', async () => {
    const bed = new LaneBed();
    bed.broker.send('one', 'two');
    await bed.drain();
    await bed.drain();

    expect([...bed.logged('warn'), ...bed.logged('error')]).toEqual([]);
    expect(await bed.account()).toMatchObject({ incarnation: 1, next: 2, received: 2 });
  });
});

describe('offsets without a message', () => {
  it('the marker of a committed transaction is a gap, and the lag reaches 0', async () => {
    const bed = new LaneBed();
    bed.broker.log.appendTransaction('commit', 'one', 'two');

    await bed.drain();

    expect(await bed.account()).toMatchObject({ next: 3, received: 2, accepted: 2, gaps: 1 });
    expect(bed.committed()).toBe(3);
  });

  it('an aborted transaction is gaps, every record of it and its marker', async () => {
    const bed = new LaneBed();
    bed.broker.log.append('one');
    bed.broker.log.appendTransaction('abort', 'never', 'ever');
    bed.broker.log.append('two');

    await bed.drain();

    expect(bed.ledger.effects).toEqual(['one', 'two']);
    expect(await bed.account()).toMatchObject({ next: 5, received: 2, accepted: 2, gaps: 3 });
  });

  it.each([1, 2, 3, 100])(
    'batches of gaps alone reach no handler and are booked all the same (batch size %i)',
    async (batchSize) => {
      const bed = new LaneBed();
      bed.broker.log.appendTransaction('abort', 'never', 'ever');
      bed.broker.log.append('one');
      bed.broker.log.appendTransaction('commit', 'two');
      bed.broker.log.appendTransaction('abort', 'not this either');

      await bed.drain({ batchSize });

      expect(bed.ledger.effects).toEqual(['one', 'two']);
      expect(await bed.account()).toMatchObject({ next: 8, received: 2, accepted: 2, gaps: 6 });
      expect(bed.committed()).toBe(8);
    },
  );

  it('a restart in the middle of gaps goes on behind them', async () => {
    const bed = new LaneBed();
    bed.broker.log.append('one');
    bed.broker.log.appendTransaction('abort', 'never', 'ever');
    await bed.drain({ batchSize: 2 });
    bed.broker.log.append('two');

    await bed.drain({ batchSize: 1 });

    expect(bed.ledger.effects).toEqual(['one', 'two']);
    expect(await bed.account()).toMatchObject({ incarnation: 1, next: 5, received: 2, gaps: 3 });
  });
});

describe('a booking whose answer was lost', () => {
  it('is found on the ledger instead of being done twice', async () => {
    const bed = new LaneBed();
    bed.ledger.failNext(outage('postgres'), { afterCommit: true });
    bed.broker.send('one', 'poison', 'two');

    await bed.drain();

    expect(bed.ledger.effects).toEqual(['one', 'two']);
    expect(await bed.account()).toMatchObject({ next: 3, received: 3, accepted: 2, duplicate: 0, deadLettered: 1 });
    expect(bed.committed()).toBe(3);
    expect(bed.fatal).toEqual([]);
  });
});
