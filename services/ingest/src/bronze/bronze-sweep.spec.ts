import { createMemoryBlobStore } from '@assay/shared/testing/memory-blob-store';
import type { SourceRecord } from '@assay/shared/pipeline/record';
import type { Statement } from '@assay/shared/postgres/statement';
import { sourceRecord } from '@assay/shared/testing/source-record';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findDocuments, insertBronzeBlob } from '../tickets/documents.sql.ts';
import { bronzeSweep, sweepBronze } from './bronze-sweep.ts';

const HOUR = 3_600_000;

/** Blobs hold one ticket each, of a document with the same name; `sealed` ones cannot be opened. */
async function given(
  blobNames: readonly string[],
  committed: readonly string[],
  { documents = blobNames, sealed = [] }: { documents?: readonly string[]; sealed?: readonly string[] } = {},
) {
  let now = new Date(0);
  const blobs = createMemoryBlobStore(() => now);
  for (const name of blobNames) await blobs.create(name, Buffer.from('x'), {});
  now = new Date(10 * HOUR);
  const asked: (readonly string[])[] = [];
  const named = [...committed];
  const query = async ({ name: statement }: Statement, [asking]: readonly unknown[]) => {
    if (statement === insertBronzeBlob.name) return void named.push(asking as string);
    const names = asking as readonly string[];
    if (statement === findDocuments.name)
      return documents.filter((id) => names.includes(id)).map((doc_id) => ({ doc_id }));
    asked.push([...names]);
    return named.filter((name) => names.includes(name)).map((name) => ({ name }));
  };
  const bronze = {
    read: async (name: string) => (sealed.includes(name) ? null : [sourceRecord({ value: Buffer.from(name) })]),
  };
  const docIdOf = ({ value }: SourceRecord) => String(value);
  const postgres = { query: query as never };
  const sweep = (before: Date) => sweepBronze({ blobs, bronze, postgres, docIdOf }, before);
  const left = async () => {
    const names: string[] = [];
    for await (const { name } of blobs.list('')) names.push(name);
    return names;
  };
  return { blobs, bronze, postgres, docIdOf, sweep, asked, left, named };
}

describe('a sweep of bronze', () => {
  it('deletes what no committed batch refers to, and nothing else', async () => {
    const { sweep, left } = await given(['2026/a', '2026/b', '2026/c'], ['2026/b']);
    expect(await sweep(new Date(HOUR))).toEqual({ deleted: 2, kept: 0 });
    expect(await left()).toEqual(['2026/b']);
  });

  it('leaves what is young alone: its batch may be committing right now', async () => {
    const { sweep, blobs, left, asked } = await given(['2026/a'], []);
    await blobs.create('2026/young', Buffer.from('x'), {});
    expect(await sweep(new Date(10 * HOUR))).toEqual({ deleted: 1, kept: 0 });
    expect(await left()).toEqual(['2026/young']);
    expect(asked).toEqual([['2026/a']]);
  });

  it('leaves spilled dead letters alone: their dead letter refers to them, not a row', async () => {
    const { sweep, left } = await given(['dead-letters/2026/x'], []);
    expect(await sweep(new Date(HOUR))).toEqual({ deleted: 0, kept: 0 });
    expect(await left()).toEqual(['dead-letters/2026/x']);
  });

  it('asks for many in pieces, and forgets none', async () => {
    const names = Array.from({ length: 1_203 }, (_, n) => `2026/${String(n).padStart(5, '0')}`);
    const { sweep, left, asked } = await given(names, names.slice(0, 3));
    expect(await sweep(new Date(HOUR))).toEqual({ deleted: 1_200, kept: 0 });
    expect(await left()).toEqual(names.slice(0, 3));
    expect(asked.map(({ length }) => length)).toEqual([500, 500, 203]);
  });

  it('keeps a blob that no row names and whose ticket is no document: the row was lost in a restore', async () => {
    const { sweep, left, named } = await given(['2026/a', '2026/b'], [], { documents: ['2026/b'] });
    expect(await sweep(new Date(HOUR))).toEqual({ deleted: 1, kept: 1 });
    expect(await left()).toEqual(['2026/a']);
    expect(named).toEqual(['2026/a']);
    expect(await sweep(new Date(HOUR)), 'it has its row again').toEqual({ deleted: 0, kept: 0 });
  });

  it('keeps what it cannot look into', async () => {
    const { sweep, left } = await given(['2026/a'], [], { sealed: ['2026/a'] });
    expect(await sweep(new Date(HOUR))).toEqual({ deleted: 0, kept: 1 });
    expect(await left()).toEqual(['2026/a']);
  });

  it('looks at some in a round, goes on behind them in the next, and begins again after the last', async () => {
    const names = Array.from({ length: 1_203 }, (_, n) => `2026/${String(n).padStart(5, '0')}`);
    const { blobs, bronze, postgres, docIdOf, left, asked } = await given(names, names);
    const turn = { listing: null };
    const round = () => sweepBronze({ blobs, bronze, postgres, docIdOf }, new Date(HOUR), turn, 1_000);
    await round();
    expect(asked.flat()).toEqual(names.slice(0, 1_000));
    await round();
    expect(asked.flat()).toEqual(names);
    await round();
    expect(asked.flat()).toEqual([...names, ...names.slice(0, 1_000)]);
    expect(await left()).toEqual(names);
  });

  it('asks nothing when there is nothing', async () => {
    const { sweep, asked } = await given([], []);
    expect(await sweep(new Date(HOUR))).toEqual({ deleted: 0, kept: 0 });
    expect(asked).toEqual([]);
  });

  it('deletes nothing when the database does not answer', async () => {
    const { left, ...parts } = await given(['2026/a'], []);
    const down = { query: () => Promise.reject(new Error('refused')) };
    await expect(sweepBronze({ ...parts, postgres: down }, new Date(HOUR))).rejects.toThrow('refused');
    expect(await left()).toEqual(['2026/a']);
  });
});

describe('a round of the sweep', () => {
  const swept = async (...blobs: Parameters<typeof given>) => {
    const { left, ...parts } = await given(...blobs);
    const lines: string[] = [];
    const at = (level: string) => (fields: object, message: string) =>
      void lines.push(`${level} ${JSON.stringify(fields)} ${message}`);
    const log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
    vi.setSystemTime(100 * HOUR);
    return { more: await bronzeSweep(parts, 24, log)(), lines, left: await left() };
  };
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('spares what is younger than it was told, says what it deleted, and is done', async () => {
    const { more, lines, left } = await swept(['2026/a'], []);
    expect(left).toEqual([]);
    expect(lines).toEqual(['info {"swept":1} Bronze blobs left over from a crash were deleted.']);
    expect(more).toBe(false);
  });

  it('says what it keeps though no row named it', async () => {
    const { lines, left } = await swept(['2026/a'], [], { documents: [] });
    expect(left).toEqual(['2026/a']);
    expect(lines).toEqual([expect.stringMatching(/^warn {"kept":1} .*Was Postgres restored\?$/)]);
  });

  it('says nothing when it deleted nothing', async () => {
    expect((await swept(['2026/a'], ['2026/a'])).lines).toEqual([]);
  });
});
