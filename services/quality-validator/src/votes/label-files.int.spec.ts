import type { LabelMessage } from '@assay/shared/contracts/label-message';
import { sourceRecord } from '@assay/shared/testing/source-record';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { docIdOf, labelRow } from '../testing/label-row.ts';
import { DEFAULT, ValidatorBed } from '../testing/validator-bed.ts';
import { settleLabels } from './settle-labels.ts';

/** What a file's rows count for, whatever way and however often they come. */
describe('rows of label files', () => {
  let bed: ValidatorBed;
  beforeAll(async () => {
    bed = await ValidatorBed.start();
  });
  afterAll(() => bed.stop());
  beforeEach(async () => {
    await bed.clear();
    await bed.addDocuments([1, 2, 3]);
  });

  const rows = (path: string, count: number): LabelMessage[] =>
    Array.from({ length: count }, (_, index) =>
      labelRow(`${path}#${index + 1}`, { doc_id: docIdOf((index % 3) + 1), annotator_id: `a${index}` }),
    );

  async function withoutMetricTimes() {
    return { state: await bed.state(), account: await bed.account() };
  }

  it('settles what the bridge has sent, and the account knows what is under way', async () => {
    const file = rows('a.csv', 6);
    await bed.addFiles(file);
    expect(await bed.account()).toMatchObject({ label_rows: 6, rows_under_way: 6, live: 0, pending: 3 });
    expect(await bed.settle(file.slice(0, 2))).toBe(0);
    expect(await bed.account()).toMatchObject({ rows_under_way: 4, live: 2, pending: 1, gold: 2 });
    expect(await bed.settle(file.slice(2))).toBe(0);
    expect(await bed.account()).toMatchObject({ rows_under_way: 0, live: 6, gold: 3, duplicate_rows: 0 });
  });

  it.each([1, 2, 5])(
    'changes nothing when a file comes again in batches of %i: duplicates of the lane, not of the file',
    async (size) => {
      const file = [...rows('a.csv', 6), labelRow('a.csv#7', { annotator_id: 'a0' })];
      await bed.addFiles(file);
      expect(await bed.settle(file), 'row 7 is equal to row 1').toBe(1);
      const before = await withoutMetricTimes();
      expect(before.account).toMatchObject({ live: 6, duplicate_rows: 1 });

      let duplicates = 0;
      for (let at = 0; at < file.length; at += size) duplicates += await bed.settle(file.slice(at, at + size));
      expect(duplicates).toBe(7);
      expect(await withoutMetricTimes()).toEqual(before);
    },
  );

  it('forgets a batch whose transaction did not commit', async () => {
    const file = rows('a.csv', 4);
    await bed.addFiles(file);
    await bed.settle(file.slice(0, 1));
    const before = await withoutMetricTimes();
    const crashed = bed.postgres.transaction('synchronous', async (tx) => {
      await settleLabels(DEFAULT).apply(
        tx,
        file.slice(1).map((value) => ({ record: sourceRecord(), value })),
      );
      throw new Error('the process ends here');
    });
    await expect(crashed).rejects.toThrow('the process ends here');
    expect(await withoutMetricTimes()).toEqual(before);
    expect(await bed.settle(file)).toBe(1);
    expect(await bed.account()).toMatchObject({ live: 4, duplicate_rows: 0, rows_under_way: 0 });
  });

  it('takes a file that was sent in part and then whole for one file, in one batch or in two', async () => {
    const file = rows('a.csv', 6);
    await bed.addFiles(file);
    expect(await bed.settle([...file.slice(0, 4), ...file])).toBe(4);
    expect(await bed.account()).toMatchObject({ live: 6, duplicate_rows: 0, rows_under_way: 0 });
    expect((await bed.state()).files).toEqual([
      { path: 'a.csv', row_count: 6, duplicate_count: 0, withdrawn_count: 0 },
    ]);
  });

  it.each([
    ['the later file first', ['b.csv', 'a.csv'], 'two batches'],
    ['the earlier file first', ['a.csv', 'b.csv'], 'two batches'],
    ['the later file first', ['b.csv', 'a.csv'], 'one batch'],
    ['the earlier file first', ['a.csv', 'b.csv'], 'one batch'],
  ])('knows equal rows of two files for one annotation and one duplicate: %s', async (_, paths, batches) => {
    const labels = paths.map((path) => labelRow(`${path}#1`));
    await bed.addFiles(labels);
    const duplicates =
      batches === 'one batch'
        ? await bed.settle(labels)
        : (await bed.settle(labels.slice(0, 1))) + (await bed.settle(labels.slice(1)));
    expect(duplicates).toBe(1);
    expect(await bed.account()).toMatchObject({ label_rows: 2, live: 1, duplicate_rows: 1 });
    expect((await bed.state()).annotations.map(({ row }) => row)).toEqual(['a.csv#1']);
  });

  it('keeps the files of two partitions apart', async () => {
    const file = rows('a.csv', 6);
    await bed.addFiles(file);
    const odd = file.filter(({ origin }) => origin.row % 2 === 1);
    const even = file.filter(({ origin }) => origin.row % 2 === 0);
    await bed.settle(even, { partition: 4 });
    expect(await bed.settle(odd, { partition: 3 }), 'row 1 is below row 6, but in another partition').toBe(0);
    expect(await bed.account()).toMatchObject({ live: 6, rows_under_way: 0 });
  });

  it('takes another content under the same path for another file', async () => {
    const first = labelRow('a.csv#1', { says: 'bug' });
    const second = { ...labelRow('a.csv#1', { says: 'praise' }), origin: { ...first.origin, sha256: 'e'.repeat(64) } };
    await bed.addFiles([first, second]);
    await bed.settle([first]);
    expect(await bed.settle([second])).toBe(0);
    expect(await bed.account()).toMatchObject({ label_rows: 2, live: 1, superseded: 1 });
  });

  it('stores times to the microsecond, and the same instant of another zone is the same row', async () => {
    const at = (place: string, annotated_at: string) => labelRow(place, { annotated_at });
    const labels = [
      at('a.csv#1', '2026-11-21T10:00:00.000001+02:00'),
      at('a.csv#2', '2026-11-21T08:00:00.0000019Z'),
      at('a.csv#3', '0000-12-31T23:00:00Z'),
      at('a.csv#4', '9999-12-31T23:59:59Z'),
    ];
    await bed.addFiles(labels);
    expect(await bed.settle(labels)).toBe(1);
    const stored = await bed.query(
      `select to_char(annotated_at at time zone 'utc', 'YYYY-MM-DD HH24:MI:SS.US') as at from public.annotations order by raw_row`,
    );
    expect(stored).toEqual([{ at: '2026-11-21 08:00:00.000001' }, { at: null }, { at: '9999-12-31 23:59:59.000000' }]);
  });
});
