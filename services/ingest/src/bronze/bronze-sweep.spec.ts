import { createMemoryBlobStore } from '@assay/shared/testing/memory-blob-store';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bronzeSweep, sweepBronze } from './bronze-sweep.ts';

const HOUR = 3_600_000;

async function given(blobNames: readonly string[], committed: readonly string[]) {
  let now = new Date(0);
  const blobs = createMemoryBlobStore(() => now);
  for (const name of blobNames) await blobs.create(name, Buffer.from('x'), {});
  now = new Date(10 * HOUR);
  const asked: (readonly string[])[] = [];
  const query = async (_statement: unknown, [names]: readonly unknown[]) => {
    asked.push([...(names as readonly string[])]);
    return committed.filter((name) => (names as readonly string[]).includes(name)).map((name) => ({ name }));
  };
  const left = async () => {
    const names: string[] = [];
    for await (const { name } of blobs.list('')) names.push(name);
    return names;
  };
  return { blobs, postgres: { query: query as never }, asked, left };
}

describe('a sweep of bronze', () => {
  it('deletes what no committed batch refers to, and nothing else', async () => {
    const { blobs, postgres, left } = await given(['2026/a', '2026/b', '2026/c'], ['2026/b']);
    expect(await sweepBronze(blobs, postgres, new Date(HOUR))).toBe(2);
    expect(await left()).toEqual(['2026/b']);
  });

  it('leaves what is young alone: its batch may be committing right now', async () => {
    const { blobs, postgres, left, asked } = await given(['2026/a'], []);
    await blobs.create('2026/young', Buffer.from('x'), {});
    expect(await sweepBronze(blobs, postgres, new Date(10 * HOUR))).toBe(1);
    expect(await left()).toEqual(['2026/young']);
    expect(asked).toEqual([['2026/a']]);
  });

  it('leaves spilled dead letters alone: their dead letter refers to them, not a row', async () => {
    const { blobs, postgres, left } = await given(['dead-letters/2026/x'], []);
    expect(await sweepBronze(blobs, postgres, new Date(HOUR))).toBe(0);
    expect(await left()).toEqual(['dead-letters/2026/x']);
  });

  it('asks for many in pieces, and forgets none', async () => {
    const names = Array.from({ length: 1_203 }, (_, n) => `2026/${String(n).padStart(5, '0')}`);
    const { blobs, postgres, left, asked } = await given(names, names.slice(0, 3));
    expect(await sweepBronze(blobs, postgres, new Date(HOUR))).toBe(1_200);
    expect(await left()).toEqual(names.slice(0, 3));
    expect(asked.map(({ length }) => length)).toEqual([500, 500, 203]);
  });

  it('asks nothing when there is nothing', async () => {
    const { blobs, postgres, asked } = await given([], []);
    expect(await sweepBronze(blobs, postgres, new Date(HOUR))).toBe(0);
    expect(asked).toEqual([]);
  });

  it('deletes nothing when the database does not answer', async () => {
    const { blobs, left } = await given(['2026/a'], []);
    const down = { query: () => Promise.reject(new Error('refused')) };
    await expect(sweepBronze(blobs, down, new Date(HOUR))).rejects.toThrow('refused');
    expect(await left()).toEqual(['2026/a']);
  });
});

describe('a round of the sweep', () => {
  const swept = async (blobNames: readonly string[], committed: readonly string[]) => {
    const { blobs, postgres, left } = await given(blobNames, committed);
    const lines: string[] = [];
    const at = (level: string) => (fields: object, message: string) =>
      void lines.push(`${level} ${JSON.stringify(fields)} ${message}`);
    const log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
    vi.setSystemTime(100 * HOUR);
    return { more: await bronzeSweep(blobs, postgres, 24, log)(), lines, left: await left() };
  };
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('spares what is younger than it was told, says what it deleted, and is done', async () => {
    const { more, lines, left } = await swept(['2026/a'], []);
    expect(left).toEqual([]);
    expect(lines).toEqual(['info {"swept":1} Bronze blobs left over from a crash were deleted.']);
    expect(more).toBe(false);
  });

  it('says nothing when it deleted nothing', async () => {
    expect((await swept(['2026/a'], ['2026/a'])).lines).toEqual([]);
  });
});
