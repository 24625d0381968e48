import { constants, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { codingOf, type Compression, unpack, UnreadableBody } from './content-coding.ts';

const plain = Buffer.from('a ticket, and another\n'.repeat(10_000));

async function unpacked(body: Buffer, compression: Compression): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of unpack(body, compression)) pieces.push(piece);
  return Buffer.concat(pieces);
}

describe('Content-Encoding', () => {
  it.each([
    [undefined, 'identity'],
    ['', 'identity'],
    [' Identity ', 'identity'],
    ['GZIP', 'gzip'],
    ['x-gzip', 'gzip'],
    ['zstd', 'zstd'],
    ['br', 'unknown'],
    ['gzip, zstd', 'unknown'],
    ['toString', 'unknown'],
  ])('%j is %s', (header, coding) => expect(codingOf(header)).toBe(coding));
});

describe.each([
  ['gzip', gzipSync],
  ['zstd', zstdCompressSync],
] as const)('a body of %s', (compression, pack) => {
  const packed = pack(plain);

  it('is unpacked as it was', async () => {
    expect((await unpacked(packed, compression)).equals(plain)).toBe(true);
    expect(await unpacked(pack(Buffer.alloc(0)), compression)).toHaveLength(0);
  });

  it.each([
    ['is none', Buffer.from('{"a":"ticket"}')],
    ['is empty', Buffer.alloc(0)],
    ['ends too early', packed.subarray(0, -5)],
    ['is damaged', Buffer.concat([packed.subarray(0, 12), Buffer.alloc(12, 0xff), packed.subarray(24)])],
    ['has zeros behind it', Buffer.concat([packed, Buffer.alloc(20)])],
    ['has something else behind it', Buffer.concat([packed, Buffer.from('more')])],
  ])('that %s is refused, not taken in part', async (_what, body) => {
    await expect(unpacked(body, compression)).rejects.toThrow(UnreadableBody);
  });

  it('lets others work between its pieces', async () => {
    let turns = 0;
    const turn = setInterval(() => turns++);
    for await (const _ of unpack(pack(Buffer.alloc(50_000_000)), compression));
    clearInterval(turn);
    expect(turns).toBeGreaterThan(1);
  });

  it('comes in pieces, and no further than it is asked for', async () => {
    let asked = 0;
    for await (const piece of unpack(pack(Buffer.alloc(50_000_000)), compression)) {
      expect(piece.length).toBeLessThanOrEqual(64 * 1024);
      if (++asked === 3) break;
    }
    expect(asked).toBe(3);
  });
});

it('gzip of several members is one body; zstd of several frames is refused, because Node reads only the first', async () => {
  const gzip = gzipSync(plain);
  expect(await unpacked(Buffer.concat([gzip, gzip]), 'gzip')).toHaveLength(2 * plain.length);
  const zstd = zstdCompressSync(plain);
  await expect(unpacked(Buffer.concat([zstd, zstd]), 'zstd')).rejects.toThrow('as one frame');
});

it('zstd that asks for a window beyond that of HTTP gets no memory for it', async () => {
  const body = zstdCompressSync(Buffer.alloc(40_000_000, 'abc'), { params: { [constants.ZSTD_c_windowLog]: 25 } });
  await expect(unpacked(body, 'zstd')).rejects.toThrow(UnreadableBody);
});
