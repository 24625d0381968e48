import { buffer } from 'node:stream/consumers';
import { beforeEach, describe, expect, it } from 'vitest';
import type { BlobStore, Range } from './blob-store.ts';

const MIB = 1024 * 1024;

async function* sourceOf(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces;
}

/** What a server cannot do, so that what rests on it is left out by name. */
export type Lacks = 'a condition on completing an upload of parts';

/** What writers and readers rely on, whoever keeps the blobs. Each `given` answers an empty store. */
export function describeBlobStore(name: string, given: () => Promise<BlobStore>, lacks: readonly Lacks[] = []): void {
  describe(`blobs in ${name}`, () => {
    let blobs: BlobStore;
    beforeEach(async () => {
      blobs = await given();
    });

    async function listed(prefix: string): Promise<readonly string[]> {
      const names: string[] = [];
      for await (const { name: found } of blobs.list(prefix)) names.push(found);
      return names;
    }
    const bytes = (text: string) => Buffer.from(text);

    it('are read back byte for byte, with their metadata', async () => {
      const content = Buffer.from([0x00, 0xff, 0xc3, 0x28, 0x0a]);
      expect(await blobs.create('a/b/c', content, { digest: 'abc', keyid: 'k-1' })).toBe('created');
      expect(Buffer.from((await blobs.read('a/b/c'))!)).toEqual(content);
      expect(await blobs.metadata('a/b/c')).toEqual({ digest: 'abc', keyid: 'k-1' });
    });

    it('may be empty', async () => {
      expect(await blobs.create('empty', Buffer.alloc(0), {})).toBe('created');
      expect(await blobs.read('empty')).toHaveLength(0);
      expect(await blobs.metadata('empty')).toEqual({});
    });

    it('are written once: a second write changes neither bytes nor metadata', async () => {
      await blobs.create('once', bytes('first'), { by: 'first' });
      expect(await blobs.create('once', bytes('second'), { by: 'second' })).toBe('exists');
      expect(String(Buffer.from((await blobs.read('once'))!))).toBe('first');
      expect(await blobs.metadata('once')).toEqual({ by: 'first' });
    });

    it('are replaced, bytes and metadata, where a pointer asks for it', async () => {
      await blobs.replace('pointer', bytes('first'), { by: 'first' });
      await blobs.replace('pointer', bytes('second'), { by: 'second' });
      expect(String(Buffer.from((await blobs.read('pointer'))!))).toBe('second');
      expect(await blobs.metadata('pointer')).toEqual({ by: 'second' });
    });

    it('written by several at once have one writer', async () => {
      const results = await Promise.all(
        [1, 2, 3, 4].map((n) => blobs.create('race', bytes(`by ${n}`), { by: `${n}` })),
      );
      expect(results.filter((result) => result === 'created')).toHaveLength(1);
      const winner = results.indexOf('created') + 1;
      expect(String(Buffer.from((await blobs.read('race'))!))).toBe(`by ${winner}`);
      expect(await blobs.metadata('race')).toEqual({ by: `${winner}` });
    });

    it('do not change when the caller’s buffer does', async () => {
      const content = bytes('before');
      await blobs.create('kept', content, {});
      content.fill(0);
      expect(String(Buffer.from((await blobs.read('kept'))!))).toBe('before');
    });

    it('that are not there read as null', async () => {
      expect(await blobs.read('nothing')).toBeNull();
      expect(await blobs.metadata('nothing')).toBeNull();
      expect(await blobs.delete('nothing')).toBe(false);
      expect(await listed('')).toEqual([]);
    });

    it('are gone once deleted, and their name is free again', async () => {
      await blobs.create('gone', bytes('x'), {});
      expect(await blobs.delete('gone')).toBe(true);
      expect(await blobs.read('gone')).toBeNull();
      expect(await blobs.delete('gone')).toBe(false);
      expect(await blobs.create('gone', bytes('y'), {})).toBe('created');
    });

    it('are listed below a prefix, in byte order', async () => {
      for (const one of ['2026/11/21/b', '2026/11/2', '2026/11/21/a', '2026/11/21/A', '2026/11/22/a', 'dead-letters/x'])
        await blobs.create(one, bytes(one), {});
      expect(await listed('2026/11/21/')).toEqual(['2026/11/21/A', '2026/11/21/a', '2026/11/21/b']);
      expect(await listed('2026/11/2')).toEqual([
        '2026/11/2',
        '2026/11/21/A',
        '2026/11/21/a',
        '2026/11/21/b',
        '2026/11/22/a',
      ]);
      expect(await listed('')).toHaveLength(6);
      expect(await listed('2027/')).toEqual([]);
    });

    it('tell when they were written', async () => {
      await blobs.create('dated', bytes('x'), {});
      const times: number[] = [];
      for await (const { writtenAt } of blobs.list('dated')) times.push(writtenAt.getTime());
      expect(times).toHaveLength(1);
      // Servers keep seconds, and clocks differ a little.
      expect(Math.abs(times[0]! - Date.now())).toBeLessThan(60_000);
    });

    it('may have names with a tilde and a hash, as bronze does', async () => {
      const odd = '2026/11/21/tickets.raw.v1-3/100-200~0123456789abcdef';
      await blobs.create(odd, bytes('x'), {});
      expect(await listed('2026/')).toEqual([odd]);
      expect(await blobs.read(odd)).toHaveLength(1);
    });

    it('are listed with their size, and an etag that changes with every write', async () => {
      const versions: { etag: string; size: number }[] = [];
      for (const text of ['one', 'twenty', 'three!']) {
        await blobs.replace('versioned', bytes(text), {});
        for await (const { etag, size } of blobs.list('versioned')) versions.push({ etag, size });
      }
      expect(versions.map(({ size }) => size)).toEqual([3, 6, 6]);
      expect(new Set(versions.map(({ etag }) => etag)).size).toBe(3);
      expect(versions.every(({ etag }) => /^[^"]+$/.test(etag))).toBe(true);
    });

    it('are read only in the version asked for', async () => {
      await blobs.replace('versioned', bytes('first'), {});
      const { etag } = (await blobs.open('versioned'))!;
      expect(String(Buffer.from((await blobs.read('versioned', { etag }))!))).toBe('first');
      await blobs.replace('versioned', bytes('second'), {});
      expect(await blobs.read('versioned', { etag })).toBeNull();
      expect(await blobs.open('versioned', { etag, from: 1 })).toBeNull();
      expect(await blobs.open('versioned', { etag, from: 100 })).toBeNull();
      await blobs.delete('versioned');
      expect(await blobs.read('versioned', { etag })).toBeNull();
    });

    it.each<[Range, string]>([
      [{}, '0123456789'],
      [{ from: 3 }, '3456789'],
      [{ to: 3 }, '012'],
      [{ from: 3, to: 5 }, '34'],
      [{ from: 8, to: 100 }, '89'],
      [{ from: 9, to: 10 }, '9'],
      [{ from: 10 }, ''],
      [{ from: 100, to: 200 }, ''],
      [{ from: 4, to: 4 }, ''],
    ])('open at any range, here %o, and tell the size of the whole', async (range, expected) => {
      await blobs.create('digits', bytes('0123456789'), {});
      const found = (await blobs.open('digits', range))!;
      expect(String(await buffer(found.chunks))).toBe(expected);
      expect(found.size).toBe(10);
      for await (const { etag } of blobs.list('digits')) expect(found.etag).toBe(etag);
    });

    it('open when they are empty, and not when they are not there', async () => {
      await blobs.create('empty', Buffer.alloc(0), {});
      const found = (await blobs.open('empty', { from: 0, to: 10 }))!;
      expect([found.size, await buffer(found.chunks)]).toEqual([0, Buffer.alloc(0)]);
      expect(await blobs.open('nothing')).toBeNull();
      expect(await blobs.open('nothing', { from: 1, to: 1 })).toBeNull();
    });

    it('let go of a reader who leaves before the end, or never began', async () => {
      await blobs.create('long', Buffer.alloc(3_000_000, 'x'), {});
      for await (const chunk of (await blobs.open('long'))!.chunks) {
        expect(chunk.length).toBeGreaterThan(0);
        break;
      }
      const unread = (await blobs.open('long'))!.chunks[Symbol.asyncIterator]();
      await unread.return?.();
      expect(await blobs.read('long')).toHaveLength(3_000_000);
    });

    it.each([
      ['of no piece', []],
      ['of an empty piece', [0]],
      ['of small pieces', [1, 2, 3]],
      ['of just a block', [4 * MIB]],
      ['larger than a block', [3 * MIB, 3 * MIB, 3 * MIB + 1]],
    ])('are written from a source %s', async (_what, sizes) => {
      const pieces = sizes.map((size, at) => Buffer.alloc(size, at + 1));
      expect(await blobs.create('streamed', sourceOf(pieces), { by: 'source' })).toBe('created');
      expect(Buffer.compare(Buffer.from((await blobs.read('streamed'))!), Buffer.concat(pieces))).toBe(0);
      expect(await blobs.metadata('streamed')).toEqual({ by: 'source' });
      expect(await blobs.create('streamed', sourceOf([Buffer.alloc(9 * MIB)]), {})).toBe('exists');
      expect(await blobs.metadata('streamed')).toEqual({ by: 'source' });
      await blobs.replace('streamed', sourceOf([bytes('other')]), {});
      expect(String(Buffer.from((await blobs.read('streamed'))!))).toBe('other');
    });

    it.skipIf(lacks.includes('a condition on completing an upload of parts'))(
      'larger than a block have one writer too',
      async () => {
        const large = (n: number) => sourceOf([Buffer.alloc(4 * MIB, n), Buffer.alloc(4 * MIB, n), Buffer.alloc(1, n)]);
        const results = await Promise.all([1, 2, 3].map((n) => blobs.create('race', large(n), { by: `${n}` })));
        expect(results.filter((result) => result === 'created')).toHaveLength(1);
        const winner = results.indexOf('created') + 1;
        expect(Buffer.from((await blobs.read('race'))!).equals(Buffer.alloc(8 * MIB + 1, winner))).toBe(true);
      },
    );

    it('whose source fails are not there, and the source’s own error is told', async () => {
      const broken = async function* () {
        yield Buffer.alloc(9 * MIB);
        throw new Error('the source ends here');
      };
      await expect(blobs.create('broken', broken(), {})).rejects.toThrow('the source ends here');
      expect(await blobs.read('broken')).toBeNull();
      expect(await listed('')).toEqual([]);
    });

    it('answer a ping', async () => {
      await expect(blobs.ping()).resolves.toBeUndefined();
    });
  });
}
