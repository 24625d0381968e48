import { describe, expect, it, vi } from 'vitest';
import { type Handover, Interrupted, type PartitionedSource, type SourceReader } from './partitioned-source.ts';

/** A source over partitions 0 and 1 that nobody has read, and the other side of it. */
export interface SourceUnderTest {
  readonly source: PartitionedSource;
  readonly append: (partition: number, ...values: readonly string[]) => void;
  /** The group begins another generation; nobody waits for it. */
  readonly rebalance: () => void;
}

/** Notes what it is called with; books everything unless a spec says otherwise. */
class Reader implements SourceReader {
  readonly events: string[] = [];
  readonly failures: unknown[] = [];
  take: (handover: Handover) => Promise<void> = async (handover) => handover.booked();

  assigned(partitions: readonly number[]): void {
    this.events.push(`assigned ${partitions.join(' and ')}`);
  }
  async receive(handover: Handover): Promise<void> {
    for (const { partition, offset, value } of handover.fetched.records)
      this.events.push(`${partition}/${offset} ${value?.toString()}`);
    await this.take(handover);
  }
  pass(): void {}
  fail(error: unknown): void {
    this.failures.push(error);
  }

  /** What was delivered, a line for each message. */
  get messages(): readonly string[] {
    return this.events.filter((event) => !event.startsWith('assigned'));
  }
}

/** What a lane relies on, wherever its messages come from. */
export function describePartitionedSource(name: string, given: () => SourceUnderTest): void {
  const started = async () => {
    const bed = given();
    const reader = new Reader();
    await bed.source.start(reader);
    return { ...bed, reader };
  };
  const until = (isTrue: () => unknown) => vi.waitUntil(isTrue, { interval: 1, timeout: 10_000 });

  describe(`a source in ${name}`, () => {
    it('says what it was given before it delivers, and then every message of a partition in order', async () => {
      const { source, append, reader } = await started();
      append(0, 'one', 'two');
      append(1, 'other');
      await until(() => reader.messages.length === 3);
      append(0, 'three');
      await until(() => reader.messages.length === 4);
      await source.stop();
      expect(reader.events[0]).toBe('assigned 0 and 1');
      expect(reader.messages.filter((one) => one.startsWith('0/'))).toEqual(['0/0 one', '0/1 two', '0/2 three']);
      expect(reader.messages).toContain('1/0 other');
      expect(reader.failures).toEqual([]);
    });

    it('tells which offsets a fetch stands for, and where the log ends', async () => {
      const { source, append, reader } = await started();
      const seen = Promise.withResolvers<Handover>();
      reader.take = async (handover) => {
        handover.booked();
        seen.resolve(handover);
      };
      append(1, 'one', 'two', 'three');
      const { partition, high, fetched } = await seen.promise;
      expect({ partition, high, first: fetched.first, last: fetched.last }).toEqual({
        partition: 1,
        high: 3n,
        first: 0n,
        last: 2n,
      });
      expect(await source.bounds(1)).toMatchObject({ low: 0n, high: 3n });
      expect(await source.bounds(0)).toMatchObject({ low: 0n, high: 0n });
      await source.stop();
    });

    it('delivers nothing more of a partition while a fetch of it is in hand', async () => {
      const { source, append, reader } = await started();
      const released = Promise.withResolvers<void>();
      let open = 0;
      reader.take = async (handover) => {
        expect(++open).toBe(1);
        await released.promise;
        handover.booked();
        open--;
      };
      append(0, 'one');
      await until(() => reader.messages.length === 1);
      append(0, 'two');
      released.resolve();
      await until(() => reader.messages.length === 2);
      await source.stop();
    });

    it('goes on where it was sought, whatever it delivered before', async () => {
      const { source, append, reader } = await started();
      append(0, 'one', 'two', 'three');
      await until(() => reader.messages.length === 3);
      source.seek(0, 1n);
      await until(() => reader.messages.length === 5);
      await source.stop();
      expect(reader.messages.slice(3)).toEqual(['0/1 two', '0/2 three']);
    });

    it('a fetch is out of date once the partition was sought elsewhere', async () => {
      const { source, append, reader } = await started();
      const answers: boolean[] = [];
      reader.take = async (handover) => {
        answers.push(await handover.isCurrent());
        if (answers.length === 1) {
          source.seek(0, 0n);
          answers.push(await handover.isCurrent());
        } else handover.booked();
      };
      append(0, 'one');
      await until(() => answers.length === 3);
      await source.stop();
      expect(answers).toEqual([true, false, true]);
      expect(reader.messages).toEqual(['0/0 one', '0/0 one']);
    });

    it.each<[string, (handover: Handover) => Promise<unknown>]>([
      ['a look whether it is current', (handover) => handover.isCurrent()],
      ['a commit', (handover) => handover.commit(1n)],
    ])(
      'a rebalance interrupts %s; then partitions are assigned anew and what was not booked comes again',
      async (_what, ask) => {
        const { source, append, rebalance, reader } = await started();
        const interruptions: unknown[] = [];
        reader.take = async (handover) => {
          if (interruptions.length > 0) return handover.booked();
          rebalance();
          await ask(handover).catch((error: unknown) => {
            interruptions.push(error);
            throw error;
          });
        };
        append(0, 'one');
        await until(() => reader.messages.length === 2);
        await source.stop();
        expect(interruptions).toEqual([expect.any(Interrupted)]);
        expect(reader.events).toEqual(['assigned 0 and 1', '0/0 one', 'assigned 0 and 1', '0/0 one']);
        expect(reader.failures).toEqual([]);
      },
    );

    it('that stops waits for the fetch in hand, which may still be told to the group, and delivers no other', async () => {
      const { source, append, reader } = await started();
      const released = Promise.withResolvers<void>();
      const story: string[] = [];
      reader.take = async (handover) => {
        await released.promise;
        handover.booked();
        await handover.commit(1n);
        story.push('booked');
      };
      append(0, 'one');
      await until(() => reader.messages.length === 1);
      const stopped = source.stop().then(() => story.push('stopped'));
      append(0, 'two');
      released.resolve();
      await stopped;
      expect(story).toEqual(['booked', 'stopped']);
      expect(reader.messages).toEqual(['0/0 one']);
    });

    it('that is halted delivers nothing more', async () => {
      const { source, append, reader } = await started();
      append(0, 'one');
      await until(() => reader.messages.length === 1);
      source.halt();
      append(0, 'two');
      await source.stop();
      expect(reader.messages).toEqual(['0/0 one']);
    });
  });
}
