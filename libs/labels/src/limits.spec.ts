import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { defaultSettings } from './label-row.ts';
import { defaultLimits, isDeeperThan, isPackedTooWell } from './limits.ts';
import type { FileLimits } from './limits.ts';
import { readLabels } from './read-labels.ts';

const HEADER = 'text,label,confidence_score';
const deep = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

async function read(path: string, content: string | Uint8Array, limits: Partial<FileLimits> = {}): Promise<unknown> {
  const settings = { ...defaultSettings, limits: { ...defaultLimits, ...limits } };
  const { outcome, labels, rejected } = await readLabels(path, Buffer.from(content), settings);
  if (outcome.kind === 'rejected') return outcome.reason;
  return { labels: labels.length, rejected: rejected.map(({ reason, record }) => [reason, record]) };
}

describe('a label file that is larger than it looks', () => {
  it('ends at the bytes the reader takes, packed or not', async () => {
    const content = `${HEADER}\n${'t,bug,0.9\n'.repeat(1000)}`;
    expect(await read('a.csv', content, { bytes: content.length })).toMatchObject({ labels: 1000 });
    expect(await read('a.csv', content, { bytes: content.length - 1 })).toBe('too_large');
    expect(await read('a.csv.gz', gzipSync(content), { bytes: content.length })).toMatchObject({ labels: 1000 });
    expect(await read('a.csv.gz', gzipSync(content), { bytes: content.length - 1 })).toBe('too_large');
  });

  it('ends where it was packed better than labels can be', async () => {
    const bomb = gzipSync(Buffer.concat([Buffer.from(`${HEADER}\n`), Buffer.alloc(80 * 1024 * 1024, 'x')]));
    expect(await read('a.csv.gz', bomb)).toBe('too_large');
    // As two members, and with Parquet's beginning, which is read as a whole.
    const asParquet = gzipSync(Buffer.concat([Buffer.from('PAR1'), Buffer.alloc(80 * 1024 * 1024, 'x')]));
    expect(await read('a.parquet.gz', Buffer.concat([asParquet, asParquet]))).toBe('too_large');
    expect(isPackedTooWell(1, 1_000_000)).toBe(false);
  });

  it.each([
    ['a.csv', `${HEADER}\n${'x\n'.repeat(11)}`],
    ['a.jsonl', `{"text":"t","label":"a","confidence_score":2}\n`.repeat(11)],
    ['a.json', `[${'1,'.repeat(10)}1]`],
    ['a.json', `{"of":1,"annotations":[${'1,'.repeat(10)}1]}`],
  ])('ends at the rows the reader takes: %s', async (path, content) => {
    expect(await read(path, content, { rows: 11 })).toMatchObject({ labels: 0 });
    expect(await read(path, content, { rows: 10 })).toBe('too_many_rows');
  });

  it('ends at the rows that Parquet announces, before any is decoded', async () => {
    const bytes = readFileSync(new URL('../testdata/parquet/row_groups.parquet', import.meta.url));
    expect(await read('a.parquet', bytes, { rows: 4 })).toMatchObject({ labels: 4 });
    expect(await read('a.parquet', bytes, { rows: 3 })).toBe('too_many_rows');
  });

  it('ends at the cells of Parquet that a dictionary repeats, and keeps none of them', async () => {
    const bytes = readFileSync(new URL('../testdata/parquet/long_cells.parquet', import.meta.url));
    expect(bytes.length).toBeLessThan(2000);
    const few = (await read('a.parquet', bytes)) as { labels: number; rejected: unknown[] };
    expect([few.labels, few.rejected.length, few.rejected[0]]).toEqual([
      0,
      60,
      ['malformed_row', { too_long: 50_000_000 }],
    ]);
    expect(await read('a.parquet', bytes, { bytes: 2 ** 31 })).toBe('too_large');
  });
});

describe('a header of thirty thousand names', () => {
  it('is no header of ours', async () => {
    const wide = `${HEADER}${',n'.repeat(30_000)}`;
    expect(await read('a.csv', `${wide}\n${wide}x\n`)).toBe('too_many_columns');
  });

  it('is one bad record where it is the names of one object', async () => {
    const names = Array.from({ length: 30_000 }, (_, at) => [`n${at}`, at]);
    const record = { text: 't', label: 'a', confidence_score: 0.9 };
    const lines = [{ ...record, ...Object.fromEntries(names) }, record].map((line) => JSON.stringify(line));
    expect(await read('a.jsonl', lines.join('\n'))).toEqual({
      labels: 1,
      rejected: [['malformed_row', { too_many_columns: 1000 }]],
    });
  });

  it('may repeat a name that means nothing to us, up to the bound', async () => {
    const { labels } = await readLabels('a.csv', Buffer.from(`${HEADER},n,n,n_2\nt,bug,0.9,1,2,3\n`));
    expect(labels[0]?.extra).toEqual({ n: '1', n_2: '2', n_2_2: '3' });
  });
});

describe('brackets in brackets', () => {
  const rowOf = (more: string) => `{"text":"t","label":"a","confidence_score":0.9,"more":${more}}`;

  it.each([
    ['a.json', `[${rowOf(deep(40_000))},${rowOf('1')}]`],
    ['a.jsonl', `${rowOf(deep(40_000))}\n${rowOf('1')}\n`],
    ['a.json', `{"of":1,"annotations":[${rowOf(deep(40_000))},${rowOf('1')}]}`],
    ['a.json', `[${deep(40_000)},${rowOf('1')}]`],
  ])('cost their row: %s', async (path, content) => {
    expect(await read(path, content)).toEqual({ labels: 1, rejected: [['malformed_row', { too_deep: 100 }]] });
  });

  it('are a label like any other text', async () => {
    const { labels } = await readLabels('a.csv', Buffer.from(`${HEADER}\nt,${deep(20_000)},0.9\n`));
    expect(labels[0]?.value).toEqual({ kind: 'choice', choice: deep(20_000) });
  });

  it('cost no more than the export of a tool they stand in', async () => {
    const result = `{"from_name":"label","type":"choices","value":{"choices":${deep(40_000)}}}`;
    const task = `{"id":1,"data":{"text":"x"},"annotations":[{"id":1,"completed_by":1,"result":[${result}]}]}`;
    expect(await read('a.json', `[${task}]`)).toBe('too_deep');
  });

  it('are counted without a call for each', () => {
    expect(isDeeperThan(2, [[1]])).toBe(false);
    expect(isDeeperThan(1, [[1]])).toBe(true);
    expect(isDeeperThan(100, JSON.parse(deep(40_000)))).toBe(true);
  });
});
