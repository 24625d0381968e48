import { beforeEach, describe, expect, it } from 'vitest';
import { advanceOver, advanceOverExpired, faultsOf, NO_COUNTS } from './ledger.ts';
import type { Effects, LedgerKey, LedgerStore } from './ledger-store.ts';

/** What the suite needs beside the store. */
export interface LedgerUnderTest<Tx> {
  readonly store: LedgerStore<Tx>;
  /** Inserts a key once; answers whether it was new. */
  readonly insertKey: (tx: Tx, key: string) => Promise<boolean>;
  /** Keys whose transactions committed. */
  readonly committedKeys: () => Promise<readonly string[]>;
}

const tally = (received: number, skipped = 0, deadLettered = 0) => ({
  received,
  duplicate: 0,
  skipped,
  deadLettered,
});
const mark = (offset: bigint) => ({ offset, keyHash: `hash of ${offset}`, timestamp: 1_795_253_400_000 });

/** What the lane runtime relies on, whoever keeps the ledger. Each `given` starts with a partition nobody has read. */
export function describeLedgerStore<Tx>(name: string, given: () => Promise<LedgerUnderTest<Tx>>): void {
  describe(`a ledger in ${name}`, () => {
    let ledger: LedgerUnderTest<Tx>;
    let key: LedgerKey;
    let partition = 0;

    beforeEach(async () => {
      ledger = await given();
      key = { lane: 'assay.ingest.spec', topic: 'a-topic', partition: partition++ };
    });

    /** Effects that insert some keys, as a write does. */
    const inserting = (keys: readonly string[], also: Partial<Effects<Tx>> = {}): Effects<Tx> => ({
      durability: 'synchronous',
      async apply(tx) {
        let duplicate = 0;
        for (const one of keys) if (!(await ledger.insertKey(tx, one))) duplicate++;
        return { duplicate };
      },
      beforeCommit: async () => {},
      ...also,
    });

    it('has no row until one is opened', async () => {
      expect(await ledger.store.read(key)).toBeNull();
      const opened = await ledger.store.open(key, 1, 'cluster', 7n);
      expect(opened).toEqual({
        incarnation: 1,
        clusterId: 'cluster',
        firstOffset: 7n,
        nextOffset: 7n,
        lastRecord: null,
        counts: NO_COUNTS,
      });
      expect(await ledger.store.read(key)).toEqual(opened);
    });

    it('keeps partitions, topics and lanes apart', async () => {
      await ledger.store.open(key, 1, 'cluster', 7n);
      expect(await ledger.store.read({ ...key, partition: -1 })).toBeNull();
      expect(await ledger.store.read({ ...key, topic: 'another' })).toBeNull();
      expect(await ledger.store.read({ ...key, lane: 'another' })).toBeNull();
    });

    it('opened by two at once has one row, and both are told where it stands', async () => {
      const [one, two] = await Promise.all([
        ledger.store.open(key, 1, 'cluster', 7n),
        ledger.store.open(key, 1, 'cluster', 9n),
      ]);
      expect(one).toEqual(two);
      await ledger.store.book(key, 1, advanceOver(one.nextOffset, one.nextOffset + 2n, tally(2), null), null);
      expect(await ledger.store.open(key, 1, 'cluster', 7n)).toMatchObject({ counts: { received: 2 } });
    });

    it('answers the newest incarnation and keeps the ones before it', async () => {
      await ledger.store.open(key, 1, 'cluster', 0n);
      await ledger.store.book(key, 1, advanceOver(0n, 2n, tally(2), mark(1n)), null);
      await ledger.store.open(key, 2, 'another cluster', 5n);
      expect(await ledger.store.read(key)).toMatchObject({
        incarnation: 2,
        clusterId: 'another cluster',
        nextOffset: 5n,
      });
      expect(await ledger.store.book(key, 1, advanceOver(2n, 3n, tally(1), null), null)).toEqual({
        kind: 'booked',
        duplicate: 0,
      });
      expect(await ledger.store.read(key)).toMatchObject({ incarnation: 2, counts: NO_COUNTS });
    });

    it('moves and adds up, batch after batch, with offsets beyond a double', async () => {
      const start = 2n ** 53n + 1n;
      await ledger.store.open(key, 1, 'cluster', start);
      await ledger.store.book(key, 1, advanceOver(start, start + 5n, tally(4, 1, 1), mark(start + 4n)), null);
      await ledger.store.book(key, 1, advanceOverExpired(start + 5n, start + 8n), null);
      await ledger.store.book(key, 1, advanceOver(start + 8n, start + 10n, tally(0), null), null);
      const row = (await ledger.store.read(key))!;
      expect(row).toMatchObject({
        firstOffset: start,
        nextOffset: start + 10n,
        lastRecord: mark(start + 4n),
        counts: { received: 4, accepted: 2, duplicate: 0, skipped: 1, deadLettered: 1, gaps: 3, expired: 3 },
      });
      expect(faultsOf(row)).toEqual([]);
    });

    it('books nothing when the row is not where the mover thought, and has no effect then', async () => {
      await ledger.store.open(key, 1, 'cluster', 0n);
      await ledger.store.book(key, 1, advanceOver(0n, 2n, tally(2), null), null);
      const stale = advanceOver(0n, 3n, tally(3), null);
      expect(await ledger.store.book(key, 1, stale, inserting([`stale ${key.partition}`]))).toEqual({ kind: 'missed' });
      expect(await ledger.committedKeys()).not.toContain(`stale ${key.partition}`);
      expect(await ledger.store.read(key)).toMatchObject({ nextOffset: 2n, counts: { received: 2 } });
    });

    it('books nothing where there is no row', async () => {
      expect(await ledger.store.book(key, 1, advanceOver(0n, 2n, tally(2), null), null)).toEqual({ kind: 'missed' });
    });

    it('commits effects and move together, and takes the duplicates out of the accepted', async () => {
      await ledger.store.open(key, 1, 'cluster', 0n);
      const keys = [`a ${key.partition}`, `b ${key.partition}`];
      await ledger.store.book(key, 1, advanceOver(0n, 2n, tally(2), mark(1n)), inserting(keys));
      const again = inserting([...keys, `c ${key.partition}`]);
      expect(await ledger.store.book(key, 1, advanceOver(2n, 5n, tally(3), mark(4n)), again)).toEqual({
        kind: 'booked',
        duplicate: 2,
      });
      expect(await ledger.store.read(key)).toMatchObject({ counts: { received: 5, accepted: 3, duplicate: 2 } });
      expect((await ledger.committedKeys()).filter((one) => one.endsWith(` ${key.partition}`))).toHaveLength(3);
    });

    it('an effect that fails takes the move back', async () => {
      await ledger.store.open(key, 1, 'cluster', 0n);
      const failing = inserting([`lost ${key.partition}`], {
        beforeCommit: () => Promise.reject(new Error('at the last moment')),
      });
      await expect(ledger.store.book(key, 1, advanceOver(0n, 2n, tally(2), null), failing)).rejects.toThrow(
        'at the last moment',
      );
      expect(await ledger.store.read(key)).toMatchObject({ nextOffset: 0n, counts: NO_COUNTS });
      expect(await ledger.committedKeys()).not.toContain(`lost ${key.partition}`);
    });

    it('of two owners that move from the same offset at once, one is booked and the other one misses', async () => {
      await ledger.store.open(key, 1, 'cluster', 0n);
      const attempts = [3n, 5n, 2n].map((to) =>
        ledger.store.book(
          key,
          1,
          advanceOver(0n, to, tally(Number(to)), null),
          inserting([`${to} of ${key.partition}`]),
        ),
      );
      const kinds = (await Promise.all(attempts)).map(({ kind }) => kind);
      expect(kinds.toSorted()).toEqual(['booked', 'missed', 'missed']);
      const row = (await ledger.store.read(key))!;
      expect(faultsOf(row)).toEqual([]);
      const keys = (await ledger.committedKeys()).filter((one) => one.endsWith(` of ${key.partition}`));
      expect(keys).toEqual([`${row.nextOffset} of ${key.partition}`]);
    });

    it('an owner that waits for another one’s transaction misses when that one commits', async () => {
      await ledger.store.open(key, 1, 'cluster', 0n);
      const entered = Promise.withResolvers<void>();
      const released = Promise.withResolvers<void>();
      const slow = inserting([], {
        beforeCommit: async () => {
          entered.resolve();
          await released.promise;
        },
      });
      const first = ledger.store.book(key, 1, advanceOver(0n, 4n, tally(4), null), slow);
      await entered.promise;
      const second = ledger.store.book(key, 1, advanceOver(0n, 2n, tally(2), null), null);
      released.resolve();
      expect((await first).kind).toBe('booked');
      expect((await second).kind).toBe('missed');
    });

    it('an owner that waits for another one’s transaction is booked when that one fails', async () => {
      await ledger.store.open(key, 1, 'cluster', 0n);
      const entered = Promise.withResolvers<void>();
      const released = Promise.withResolvers<void>();
      const failing = inserting([], {
        beforeCommit: async () => {
          entered.resolve();
          await released.promise;
          throw new Error('it ends');
        },
      });
      const first = ledger.store.book(key, 1, advanceOver(0n, 4n, tally(4), null), failing);
      await entered.promise;
      const second = ledger.store.book(key, 1, advanceOver(0n, 2n, tally(2), null), null);
      released.resolve();
      await expect(first).rejects.toThrow('it ends');
      expect((await second).kind).toBe('booked');
      expect(await ledger.store.read(key)).toMatchObject({ nextOffset: 2n });
    });
  });
}
