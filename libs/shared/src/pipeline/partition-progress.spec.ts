import { describe, expect, it, vi } from 'vitest';
import { advanceOver } from './ledger.ts';
import { MemoryLedger } from '../testing/memory-ledger.ts';
import { sourceRecord } from '../testing/source-record.ts';
import { markOf, PartitionProgress } from './partition-progress.ts';
import type { Fetched } from './partitioned-source.ts';

const key = { lane: 'a-lane', topic: 'a-topic', partition: 0 };

/** Offsets [first, last] with a message at each, as a fetch that asked for `fetched` brought them. */
function fetched(first: bigint, last: bigint, { asked = first, keyOf = (o: bigint) => `key ${o}` } = {}): Fetched {
  const count = Number(last - first) + 1;
  const records = Array.from({ length: count }, (_, index) => {
    const offset = first + BigInt(index);
    return sourceRecord({ offset, key: Buffer.from(keyOf(offset)), timestamp: Number(offset) });
  });
  return { fetchedOffset: asked, first, last, records };
}

function given({ low = 0n, high = 100n } = {}) {
  const ledger = new MemoryLedger();
  const bounds = { clusterId: 'cluster', low, high };
  const errors: string[] = [];
  const expired: number[] = [];
  const log = { debug() {}, info() {}, warn() {}, error: (_: object, message: string) => void errors.push(message) };
  const progress = new PartitionProgress({
    key,
    ledger,
    bounds: async () => ({ ...bounds }),
    onExpired: (count) => expired.push(count),
    log,
  });
  return { ledger, bounds, errors, expired, progress };
}

type Given = ReturnType<typeof given>;

/** A row that stands at `next`, with everything before it received. */
async function booked({ ledger }: Given, next: bigint): Promise<void> {
  await ledger.open(key, 1, 'cluster', 0n);
  const mark = markOf(fetched(next - 1n, next - 1n).records[0]!);
  const tally = { received: Number(next), duplicate: 0, skipped: 0, deadLettered: 0 };
  await ledger.book(key, 1, advanceOver(0n, next, tally, mark), null);
}

const process = (from: bigint, incarnation = 1) => ({ kind: 'process', incarnation, from });
const seek = (offset: bigint, booked: boolean) => ({ kind: 'seek', offset, booked });

describe('admitting a fetch when nothing is known', () => {
  it('opens the row at the beginning of the log and processes from there', async () => {
    const { progress } = given();
    expect(await progress.admit(fetched(0n, 4n))).toEqual(process(0n));
  });

  it('sends the consumer to the beginning when the fetch is not from there', async () => {
    const { progress } = given({ low: 3n });
    expect(await progress.admit(fetched(7n, 9n))).toEqual(seek(3n, true));
  });

  it('takes the row somebody else opened a moment before', async () => {
    const g = given();
    await booked(g, 5n);
    vi.spyOn(g.ledger, 'read').mockResolvedValueOnce(null);
    expect(await g.progress.admit(fetched(3n, 9n))).toEqual(process(5n));
  });

  it('asks for the last booked record before it believes that the log is the same', async () => {
    const g = given();
    await booked(g, 5n);
    expect(await g.progress.admit(fetched(5n, 9n))).toEqual(seek(4n, false));
    expect(await g.progress.admit(fetched(4n, 9n))).toEqual(process(5n));
  });

  it('finds out where to read from a fetch that holds nothing', async () => {
    const g = given();
    await booked(g, 5n);
    expect(await g.progress.admit({ fetchedOffset: null, first: 1n, last: 0n, records: [] })).toEqual(seek(4n, false));
  });
});

describe('admitting a fetch that does or does not continue the ledger', () => {
  async function ready(next: bigint): Promise<Given> {
    const g = given();
    await booked(g, next);
    await g.progress.admit(fetched(next - 1n, next - 1n));
    await g.progress.admit(fetched(next - 1n, next));
    return g;
  }

  it('a batch that starts before the ledger is processed from where the ledger stands', async () => {
    const { progress } = await ready(5n);
    expect(await progress.admit(fetched(2n, 9n))).toEqual(process(5n));
  });

  it('a hole between what was asked for and the first message is ours to book', async () => {
    const { progress } = await ready(5n);
    expect(await progress.admit(fetched(7n, 9n, { asked: 5n }))).toEqual(process(5n));
  });

  it('a batch that starts after the ledger because the position was reset is not', async () => {
    const { progress } = await ready(5n);
    expect(await progress.admit(fetched(7n, 9n))).toEqual(seek(4n, false));
  });

  it('a batch that ends before the ledger is dropped', async () => {
    const { progress } = await ready(5n);
    expect(await progress.admit(fetched(0n, 3n))).toMatchObject({ kind: 'seek' });
  });

  it('goes on from where a booking ended', async () => {
    const { progress } = await ready(5n);
    progress.moved(10n);
    expect(await progress.admit(fetched(10n, 12n))).toEqual(process(10n));
  });

  it('reads the ledger again after somebody else moved the row', async () => {
    const { progress, ledger } = await ready(5n);
    const three = { received: 3, duplicate: 0, skipped: 0, deadLettered: 0 };
    await ledger.book(key, 1, advanceOver(5n, 8n, three, markOf(fetched(7n, 7n).records[0]!)), null);
    progress.lost();
    expect(await progress.admit(fetched(5n, 9n))).toEqual(seek(7n, false));
    expect(await progress.admit(fetched(7n, 9n))).toEqual(process(8n));
  });
});

describe('looking at the last booked record again', () => {
  async function verifying(): Promise<Given> {
    const g = given();
    await booked(g, 5n);
    await g.progress.admit(fetched(5n, 9n));
    return g;
  }
  const replaced = ['The topic was replaced by another of the same name; reading it from its beginning.'];

  it('a fetch that was under way before the seek says nothing; the consumer is sent there again', async () => {
    const { progress, errors } = await verifying();
    expect(await progress.admit(fetched(20n, 30n))).toEqual(seek(4n, false));
    expect(await progress.admit({ fetchedOffset: null, first: 31n, last: 32n, records: [] })).toEqual(seek(4n, false));
    expect(await progress.admit(fetched(4n, 9n))).toEqual(process(5n));
    expect(errors).toEqual([]);
  });

  it('another key at that offset means another log', async () => {
    const { progress, errors } = await verifying();
    const other = fetched(4n, 9n, { keyOf: () => 'another key' });
    expect(await progress.admit(other)).toEqual(seek(0n, true));
    expect(errors).toEqual(replaced);
  });

  it('another time at that offset means another log', async () => {
    const { progress, errors } = await verifying();
    const other = fetched(4n, 9n);
    const records = other.records.map((record) => ({ ...record, timestamp: 77 }));
    expect(await progress.admit({ ...other, records })).toEqual(seek(0n, true));
    expect(errors).toEqual(replaced);
  });

  it('no message at that offset, although it was asked for, means another log', async () => {
    const { progress, errors, ledger } = await verifying();
    expect(await progress.admit(fetched(6n, 9n, { asked: 4n }))).toEqual(seek(0n, true));
    expect(errors).toEqual(replaced);
    expect(await ledger.read(key)).toMatchObject({ incarnation: 2, firstOffset: 0n, nextOffset: 0n });
  });

  it('when it never comes, that means another log too', async () => {
    const { progress, errors } = await verifying();
    for (let fetch = 0; fetch < 9; fetch++) expect(await progress.admit(fetched(20n, 30n))).toEqual(seek(4n, false));
    expect(await progress.admit(fetched(20n, 30n))).toEqual(seek(0n, true));
    expect(errors).toEqual(replaced);
  });

  it('when retention took it meanwhile, the log is judged anew', async () => {
    const { progress, bounds, errors, ledger } = await verifying();
    bounds.low = 5n;
    expect(await progress.admit(fetched(5n, 9n, { asked: 4n }))).toEqual(process(5n));
    expect(errors).toEqual([]);
    expect(await ledger.read(key)).toMatchObject({ incarnation: 1 });
  });
});

describe('booking what retention took', () => {
  it('raises it once and goes on at the new beginning', async () => {
    const g = given({ low: 8n });
    await booked(g, 5n);
    expect(await g.progress.admit(fetched(8n, 9n))).toEqual(process(8n));
    expect(g.expired).toEqual([3]);
    expect(await g.ledger.read(key)).toMatchObject({ nextOffset: 8n, counts: { received: 5, expired: 3 } });
  });

  it('raises nothing when another instance booked it first', async () => {
    const g = given({ low: 8n });
    await booked(g, 5n);
    const stale = await g.ledger.read(key);
    await g.progress.admit(fetched(8n, 9n));
    const late = given({ low: 8n });
    vi.spyOn(late.ledger, 'book').mockImplementation((...args) => g.ledger.book(...args));
    vi.spyOn(late.ledger, 'read')
      .mockImplementation((k) => g.ledger.read(k))
      .mockResolvedValueOnce(stale);

    expect(await late.progress.admit(fetched(8n, 9n))).toEqual(process(8n));
    expect(late.expired).toEqual([]);
    expect(late.errors).toEqual([]);
  });
});

describe('the fingerprint of a record', () => {
  it('does not contain the key', () => {
    expect(JSON.stringify({ ...markOf(sourceRecord({ key: Buffer.from('T-1042') })), offset: 0 })).not.toContain(
      'T-1042',
    );
  });

  it('tells keys apart, and a missing one from a present one', () => {
    const hash = (value: string | null) =>
      markOf(sourceRecord({ key: value === null ? null : Buffer.from(value) })).keyHash;
    expect(new Set([hash('a'), hash('b'), hash(null)]).size).toBe(3);
  });
});
