import { beforeEach, describe, expect, it } from 'vitest';
import type { BlobStore } from './blob-store.ts';

/** What writers and readers rely on, whoever keeps the blobs. Each `given` answers an empty store. */
export function describeBlobStore(name: string, given: () => Promise<BlobStore>): void {
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

    it('answer a ping', async () => {
      await expect(blobs.ping()).resolves.toBeUndefined();
    });
  });
}
