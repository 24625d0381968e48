import { describe, expect, it } from 'vitest';
import { FakeLog } from './testing/fake-log.ts';
import { fetchedOf } from './fetched-batch.ts';

function log(): FakeLog {
  return new FakeLog('a.topic', 3);
}

describe('a fetch', () => {
  it('is every offset of the batch, and the messages among them', () => {
    const filled = log();
    filled.append('one');
    filled.appendTransaction('abort', 'never');
    filled.appendTransaction('commit', 'two');
    const fetched = fetchedOf(filled.fetch(0n, 100)!);
    expect(fetched).toMatchObject({ fetchedOffset: 0n, first: 0n, last: 4n });
    expect(fetched.records.map(({ offset, value }) => [offset, String(value)])).toEqual([
      [0n, 'one'],
      [3n, 'two'],
    ]);
  });

  it('keeps key, headers and value as they came, and where they came from', () => {
    const filled = log();
    filled.append({ key: null, value: null, headers: { a: Buffer.from('1') }, timestamp: 7 });
    expect(fetchedOf(filled.fetch(0n, 1)!).records).toEqual([
      {
        topic: 'a.topic',
        partition: 3,
        offset: 0n,
        timestamp: 7,
        key: null,
        value: null,
        headers: { a: Buffer.from('1') },
      },
    ]);
  });

  it.each([-1, 0, 8.64e15, -8.64e15, -9e15, 9e15, -9223372036854775808])(
    'has a time that is a date, also for the timestamp %d, which brokers take',
    (timestamp) => {
      const filled = log();
      filled.append({ value: 'x', timestamp });
      const [record] = fetchedOf(filled.fetch(0n, 1)!).records;
      expect(() => new Date(record!.timestamp).toISOString()).not.toThrow();
    },
  );
});
