import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { labelText } from '../label.ts';
import { readLabelFile } from '../label-file.ts';
import { defaultSettings } from '../label-row.ts';
import { shortestFloat } from './parquet-reader.ts';
import { readLabels } from '../read-labels.ts';

function fixture(name: string): Buffer {
  return readFileSync(new URL(`../../testdata/parquet/${name}.parquet`, import.meta.url));
}

async function read(bytes: Uint8Array, path = 'a.parquet'): Promise<unknown> {
  const { outcome, labels, rejected } = await readLabels(path, bytes);
  if (outcome.kind === 'rejected') return outcome.reason;
  const accepted = labels.map(({ docId, text, annotator, value, confidence }) => [
    docId ?? text,
    annotator,
    labelText(value),
    confidence,
  ]);
  return { accepted, rejected: rejected.map(({ row, reason }) => `#${row} ${reason}`) };
}

const other = 'Zürich says "503",\nagain';
const plain = {
  accepted: [
    ['My invoice is wrong', '1', 'billing', 0.93],
    ['My invoice is wrong', '2', 'bug', 0.7],
    [other, '1', 'bug', 0.57],
    [other, '2', 'bug', 0.8],
  ],
  rejected: [],
};

describe('readParquet', () => {
  it.each(['none', 'snappy', 'gzip', 'zstd', 'brotli', 'lz4', 'large_string', 'row_groups', 'float32', 'decimal'])(
    'reads %s',
    async (name) => {
      expect(await read(fixture(name))).toEqual(plain);
    },
  );

  it('reads confidences as text by the same grammar as CSV', async () => {
    expect(await read(fixture('strings'))).toMatchObject({
      accepted: [['My invoice is wrong', 'ann@example.com', 'billing', 0.93]],
      rejected: ['#2 confidence_not_a_number', '#3 confidence_not_a_number', '#4 confidence_missing'],
    });
  });

  it('tells null, NaN, infinity and numbers out of range', async () => {
    expect(await read(fixture('not_finite'))).toEqual({
      accepted: [],
      rejected: [
        '#1 confidence_not_a_number',
        '#2 confidence_not_a_number',
        '#3 confidence_missing',
        '#4 confidence_out_of_range',
      ],
    });
  });

  it('keeps every digit of a 64-bit annotator', async () => {
    expect(await read(fixture('int64_dictionary'))).toMatchObject({
      accepted: [{ 1: '9007199254740993' }, {}, {}, {}],
    });
  });

  it.each(['timestamps', 'timestamps_ns'])('keeps the microseconds of %s', async (name) => {
    const { labels } = await readLabels('a.parquet', fixture(name));
    expect(labels.map(({ annotatedAt }) => annotatedAt)).toEqual([
      '2026-11-20T10:00:00.123456Z',
      '2026-11-20T10:00:00.123457Z',
      '2026-11-20T10:00:00.123458Z',
      '2026-11-20T10:00:00.123459Z',
    ]);
  });

  it('reads a list column as sets', async () => {
    expect(await read(fixture('label_lists'))).toMatchObject({
      accepted: [{ 2: '["a","b"]' }, { 2: '["a","b"]' }, { 2: 'a' }],
      rejected: ['#4 missing_label'],
    });
  });

  it('finds columns by alias and keeps the others', async () => {
    const { labels, rejected } = await readLabels('a.parquet', fixture('aliases'));
    expect(labels.map(({ docId, annotator, extra }) => [docId, annotator, extra])).toEqual([
      ['d1', null, { note: 'x' }],
      ['d1', null, { note: 'x' }],
      ['d2', null, { note: 'x' }],
    ]);
    expect(rejected.map(({ reason }) => reason)).toEqual(['missing_text']);
  });

  it('rejects a file without a needed column, and takes one without rows', async () => {
    expect(await read(fixture('no_label'))).toBe('missing_column:label');
    expect(await read(fixture('no_rows'))).toEqual({ accepted: [], rejected: [] });
  });

  it('knows Parquet by its first bytes, and inside gzip', async () => {
    expect(await read(fixture('snappy'), 'a.bin')).toEqual(plain);
    expect(await read(gzipSync(fixture('snappy')), 'a.parquet.gz')).toEqual(plain);
  });

  it.each([
    ['half-written', 'parquet_no_footer', fixture('snappy').subarray(0, 700)],
    ['only begun', 'parquet_no_footer', Buffer.from('PAR1')],
    ['not Parquet at all', 'parquet_no_footer', Buffer.from('text,label\n')],
    ['with a broken footer', 'parquet_unreadable', damaged(fixture('none'), -40, 30)],
    ['with a broken page', 'parquet_unreadable', damaged(fixture('zstd'), 4, 60)],
  ])('rejects a file that is %s', async (_case, reason, bytes) => {
    expect(await read(bytes)).toBe(reason);
  });

  it('does not mistake a failing disk or sink for a broken file', async () => {
    const bytes = fixture('none');
    const source = {
      path: 'a.parquet',
      byteLength: bytes.length,
      open: () => [bytes],
      slice: (start: number, end?: number) => Uint8Array.from(bytes.subarray(start, end)).buffer,
    };
    const sink = { begin: () => undefined, accept: () => undefined, reject: () => undefined };
    let slices = 0;
    const failing = {
      ...source,
      slice: (start: number, end?: number) => {
        slices += 1;
        if (slices > 2) throw new Error('disk');
        return source.slice(start, end);
      },
    };
    await expect(readLabelFile(failing, sink, defaultSettings)).rejects.toThrow('reading a Parquet file');
    const full = {
      ...sink,
      accept: () => {
        throw new Error('full');
      },
    };
    await expect(readLabelFile(source, full, defaultSettings)).rejects.toThrow('taking a Parquet row');
  });
});

function damaged(bytes: Buffer, at: number, length: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.fill(0x5a, at < 0 ? bytes.length + at : at, (at < 0 ? bytes.length + at : at) + length);
  return copy;
}

describe('shortestFloat', () => {
  it.each([0.1, 0.7, 0.8, 0.95, 1, 0.3333333, 1e-7])('finds %f again behind its 32-bit form', (value) => {
    expect(shortestFloat(Math.fround(value))).toBe(value);
  });
});
