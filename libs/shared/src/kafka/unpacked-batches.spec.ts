import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { MIB } from '../contracts/units.ts';
import { asItIs, FetchRoom, gunzip, headerBefore } from './unpacked-batches.ts';

/** A batch as it stands in the answer of a broker, with something before it; answers where its records begin. */
function batchOf(records: Buffer, count: number, first = 7n): Buffer {
  const header = Buffer.alloc(61);
  header.writeBigInt64BE(first, 0);
  header.writeInt32BE(49 + records.length, 8);
  header.writeInt8(2, 16);
  header.writeInt16BE(0x11, 21);
  header.writeInt32BE(count - 1, 23);
  header.writeBigInt64BE(99n, 35);
  header.writeBigInt64BE(5n, 43);
  header.writeInt32BE(count, 57);
  return Buffer.concat([Buffer.alloc(10), header, records]).subarray(71);
}

const headerOf = (packed: Buffer) => headerBefore(packed)!;

describe('the header of a batch', () => {
  it('is read from before its records', () => {
    expect(headerBefore(batchOf(Buffer.from('records'), 3))).toEqual({
      first: 7n,
      last: 9n,
      records: 3,
      timestamp: 99n,
      producerId: 5n,
      inTransaction: true,
    });
  });

  it('is none where other bytes stand there', () => {
    expect(headerBefore(Buffer.alloc(100).subarray(80))).toBeNull();
    expect(headerBefore(Buffer.from('x'))).toBeNull();
  });
});

describe('the room of a fetch', () => {
  const packed = (mebibytes: number, count = 1) => batchOf(gzipSync(Buffer.alloc(mebibytes * MIB)), count);

  it('refuses a batch that alone unpacks to more, with its bytes as they came', async () => {
    const batch = packed(65);
    const found = await new FetchRoom().unpack(batch, headerOf(batch), gunzip);
    expect(found).toMatchObject({
      kind: 'refused',
      batch: { first: 7n, why: 'it unpacks to more than 67108864 bytes' },
    });
    expect(found.kind === 'refused' && found.batch.packed.equals(batch)).toBe(true);
  });

  it('refuses a batch of more records than kafkajs can decode, packed or not', async () => {
    const batch = batchOf(Buffer.from('records'), 150_000);
    for (const unpack of [asItIs, gunzip])
      expect(await new FetchRoom().unpack(batch, headerOf(batch), unpack)).toMatchObject({
        kind: 'refused',
        batch: { last: 150_006n, why: 'it has more than 100000 records' },
      });
  });

  it('leaves to the next fetch what would be too much only together', async () => {
    const room = new FetchRoom();
    const kinds: string[] = [];
    for (const batch of [packed(40), packed(40), packed(10)])
      kinds.push((await room.unpack(batch, headerOf(batch), gunzip)).kind);
    expect(kinds).toEqual(['unpacked', 'later', 'unpacked']);
  });

  it('counts records of all batches', async () => {
    const room = new FetchRoom();
    const kinds: string[] = [];
    for (const count of [60_000, 60_000, 40_000]) {
      const batch = batchOf(Buffer.from('records'), count);
      kinds.push((await room.unpack(batch, headerOf(batch), asItIs)).kind);
    }
    expect(kinds).toEqual(['unpacked', 'later', 'unpacked']);
  });
});
