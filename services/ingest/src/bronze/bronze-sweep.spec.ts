import { createMemoryBlobStore } from '@assay/shared/testing/memory-blob-store';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startBronzeSweep, sweepBronze } from './bronze-sweep.ts';

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

describe('sweeping every hour', () => {
  beforeEach(() => void vi.useFakeTimers({ now: 100 * HOUR }));
  afterEach(() => void vi.useRealTimers());

  function log() {
    const lines: string[] = [];
    const at = (level: string) => (fields: object, message: string) =>
      void lines.push(`${level} ${JSON.stringify(fields)} ${message}`);
    return { lines, log: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') } };
  }

  it('spares what is younger than it was told, and says what it deleted', async () => {
    const { blobs, postgres, left } = await given(['2026/a'], []);
    const { lines, log: to } = log();
    const stop = startBronzeSweep(blobs, postgres, 24, to);
    await vi.advanceTimersByTimeAsync(HOUR);
    await stop();
    expect(await left()).toEqual([]);
    expect(lines).toEqual(['info {"swept":1} Bronze blobs left over from a crash were deleted.']);
  });

  it('says nothing when it deleted nothing', async () => {
    const { blobs, postgres } = await given(['2026/a'], ['2026/a']);
    const { lines, log: to } = log();
    const stop = startBronzeSweep(blobs, postgres, 24, to);
    await vi.advanceTimersByTimeAsync(3 * HOUR);
    await stop();
    expect(lines).toEqual([]);
  });

  it('goes on after an outage', async () => {
    const { blobs, left } = await given(['2026/a'], []);
    const { lines, log: to } = log();
    const query = vi.fn<() => Promise<never[]>>().mockRejectedValueOnce(new Error('refused'));
    query.mockResolvedValue([]);
    const stop = startBronzeSweep(blobs, { query: query as never }, 24, to);
    await vi.advanceTimersByTimeAsync(HOUR);
    expect(lines).toEqual([expect.stringMatching(/^warn .*refused.* the next hour tries again\.$/)]);
    await vi.advanceTimersByTimeAsync(HOUR);
    await stop();
    expect(await left()).toEqual([]);
  });

  it('does not begin again after it was stopped', async () => {
    const { blobs, postgres, asked } = await given(['2026/a'], []);
    const stop = startBronzeSweep(blobs, postgres, 24, log().log);
    await stop();
    await vi.advanceTimersByTimeAsync(5 * HOUR);
    expect(asked).toEqual([]);
  });
});
