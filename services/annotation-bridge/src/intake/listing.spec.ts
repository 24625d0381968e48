import type { ListedBlob } from '@assay/shared/blob/blob-store';
import { describe, expect, it } from 'vitest';
import { LabelListing, NAMES_AT_ONCE } from './listing.ts';

const NOW = new Date('2026-11-21T10:00:00Z');
const blob = (index: number): ListedBlob => ({
  name: `2026/11/21/${String(index).padStart(6, '0')}.csv`,
  etag: 'e',
  size: 1,
  writtenAt: NOW,
  mayGrow: false,
});

/** A container, and how many names somebody has taken from its listing. */
function container(blobs: readonly ListedBlob[]) {
  const counted = {
    taken: 0,
    async *list() {
      for (const one of blobs) {
        counted.taken++;
        yield one;
      }
    },
  };
  return counted;
}

const quiet = () => {};
const listingOf = (blobs: { list: () => AsyncIterable<ListedBlob> }, debug: (fields: object) => void = quiet) =>
  new LabelListing(blobs, { debug, info: quiet, warn: quiet, error: quiet });

describe('the listing of label files', () => {
  it('takes 5,000 names in a round, goes on where it was, and begins again after the end', async () => {
    const files = container(Array.from({ length: NAMES_AT_ONCE + 3 }, (_, index) => blob(index)));
    const listing = listingOf(files);
    const first = await listing.nextPage(NOW);
    expect([first.number, first.files.length, files.taken]).toEqual([0, NAMES_AT_ONCE, NAMES_AT_ONCE]);
    const second = await listing.nextPage(NOW);
    expect([second.number, second.files.length]).toEqual([1, 3]);
    const third = await listing.nextPage(NOW);
    expect([third.number, third.files.length]).toEqual([0, NAMES_AT_ONCE]);
    expect(third.digest).toBe(first.digest);
  });

  it('tells a page that has changed from one that has not', async () => {
    const blobs = [blob(1), blob(2)];
    const listing = listingOf(container(blobs));
    const before = await listing.nextPage(NOW);
    expect((await listing.nextPage(NOW)).digest).toBe(before.digest);
    blobs[1] = { ...blob(2), etag: 'f' };
    expect((await listing.nextPage(NOW)).digest).not.toBe(before.digest);
  });

  it('does not call a page settled while something on it may still grow', async () => {
    const page = await listingOf(container([blob(1), { ...blob(2), mayGrow: true }])).nextPage(NOW);
    expect([page.files.length, page.isSettled]).toEqual([1, false]);
  });

  it('begins again when a listing has failed', async () => {
    let tries = 0;
    const failing = {
      async *list() {
        yield blob(1);
        if (++tries === 1) throw new Error('the store is gone');
      },
    };
    const listing = listingOf(failing);
    await expect(listing.nextPage(NOW)).rejects.toThrow('gone');
    expect((await listing.nextPage(NOW)).files).toHaveLength(1);
  });

  it('tells how many names it has passed over when it has seen all', async () => {
    const told: object[] = [];
    const marks = Array.from({ length: NAMES_AT_ONCE + 2 }, (_, index) => ({ ...blob(index), name: `_${index}` }));
    const listing = listingOf(container(marks), (fields) => void told.push(fields));
    await listing.nextPage(NOW);
    expect(told).toEqual([]);
    await listing.nextPage(NOW);
    expect(told).toEqual([{ count: NAMES_AT_ONCE + 2 }]);
  });
});
