import { headers } from '@assay/shared/contracts/headers';
import type { LabelMessage } from '@assay/shared/contracts/label-message';
import { sourceRecord } from '@assay/shared/testing/source-record';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { docIdOf, labelRow } from '../testing/label-row.ts';
import { DEFAULT, ValidatorBed } from '../testing/validator-bed.ts';
import { settleLabels } from './settle-labels.ts';

let bed: ValidatorBed;
beforeAll(async () => void (bed = await ValidatorBed.start()));
afterAll(() => bed.stop());
beforeEach(() => bed.clear());

/** One batch of messages that were dead letters and were replayed. */
const replay = (...labels: readonly LabelMessage[]) =>
  bed.postgres.transaction('synchronous', (tx) =>
    settleLabels(DEFAULT).apply(
      tx,
      labels.map((value) => ({ record: sourceRecord({ headers: { [headers.replay.of]: 'a letter' } }), value })),
    ),
  );

const rows = Array.from({ length: 5 }, (_, index) => labelRow(`a.csv#${index + 1}`, { doc_id: docIdOf(index + 1) }));

beforeEach(async () => {
  await bed.addDocuments([1, 2, 3, 4, 5]);
  await bed.addFiles(rows);
  // The rows 2 and 4 were dead letters; the file went on without them.
  await bed.settle([rows[0]!, rows[2]!, rows[4]!]);
});

it('a dead letter that is replayed counts, though its file has gone on, and the account adds up', async () => {
  expect(await bed.account()).toMatchObject({ label_rows: 5, live: 3, rows_under_way: 2 });
  expect(await replay(rows[1]!, rows[3]!)).toEqual({ duplicate: 0 });
  expect(await bed.account()).toMatchObject({ live: 5, gold: 5, rows_under_way: 0 });
});

it('counts one once, however often and in however many batches it is replayed', async () => {
  expect(await replay(rows[1]!, rows[1]!)).toEqual({ duplicate: 1 });
  expect(await replay(rows[1]!)).toEqual({ duplicate: 1 });
  expect(await bed.account()).toMatchObject({ live: 4, rows_under_way: 1 });
});

it('without a replay the same row is a redelivery', async () => {
  expect(await bed.settle([rows[1]!])).toBe(1);
  expect(await bed.account()).toMatchObject({ live: 3, rows_under_way: 2 });
});

it('one that lies before rows of its file that are still to come keeps none of them out', async () => {
  const later = labelRow('b.csv#1');
  const last = labelRow('b.csv#2', { annotator_id: 'bob' });
  await bed.addFiles([later, last]);
  await replay(later);
  expect(await bed.settle([last])).toBe(0);
  expect((await bed.account()).rows_under_way).toBe(2);
});
