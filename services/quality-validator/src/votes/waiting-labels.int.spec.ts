import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { byText, docIdOf, labelRow, textHashOf } from '../testing/label-row.ts';
import { DEFAULT, ValidatorBed } from '../testing/validator-bed.ts';
import { newTurn, rejectExpired, settleMatched } from './waiting-labels.ts';

/** Labels and documents find each other, whichever comes first; a label that finds none never blocks a partition. */
describe('labels that look for their document', () => {
  let bed: ValidatorBed;
  beforeAll(async () => {
    bed = await ValidatorBed.start();
  });
  afterAll(() => bed.stop());
  beforeEach(() => bed.clear());

  const arrives = (number: number, text = number) => bed.addDocument(docIdOf(number), textHashOf(text));
  const rejected = async () => (await bed.state()).rejected;

  it('find it by a text that only one document has', async () => {
    await arrives(1);
    await arrives(2);
    const label = labelRow('a.csv#1', byText(2));
    await bed.addFiles([label]);
    await bed.settle([label]);
    expect(await bed.verdicts()).toEqual({ [docIdOf(2)]: 'gold' });
    expect(await bed.account()).toMatchObject({ live: 1, waiting_rows: 0 });
  });

  it('prefer the doc_id, whatever the text says', async () => {
    await arrives(1);
    await arrives(2);
    const label = labelRow('a.csv#1', { ...byText(2), doc_id: docIdOf(1) });
    await bed.addFiles([label]);
    await bed.settle([label]);
    expect(await bed.verdicts()).toEqual({ [docIdOf(1)]: 'gold' });
  });

  it('are rejected when their text belongs to two documents', async () => {
    await arrives(1, 1);
    await arrives(2, 1);
    const labels = [labelRow('a.csv#1', byText(1)), labelRow('a.csv#2', { doc_id: docIdOf(2) })];
    await bed.addFiles(labels);
    await bed.settle(labels);
    expect(await rejected()).toEqual([{ row: 'a.csv#1', reason: 'ambiguous_document' }]);
    expect(await bed.verdicts()).toEqual({ [docIdOf(2)]: 'gold' });
    expect(await bed.account()).toMatchObject({ live: 1, rejected_rows: 1, waiting_rows: 0 });
    expect(await bed.settle(labels), 'and once only').toBe(2);
    expect(await bed.account()).toMatchObject({ live: 1, rejected_rows: 1 });
  });

  it('become a rejected row where Postgres refuses what is in one, and the others are settled', async () => {
    const poison = 7;
    const labels = Array.from({ length: 20 }, (_, index) =>
      labelRow(`a.csv#${index + 1}`, { doc_id: docIdOf(2), annotator_id: `ann-${index + 1}` }),
    );
    await bed.addFiles(labels);
    await bed.settle(labels);
    await bed.query(`alter table public.annotations add constraint no_poison check (annotator_id <> 'ann-${poison}')`);
    try {
      await arrives(2);
      const turn = newTurn();
      for (let round = 0; round < 20 && (await settleMatched(bed.postgres, DEFAULT, turn)); round++);
    } finally {
      await bed.query('alter table public.annotations drop constraint no_poison');
    }
    expect(await rejected()).toEqual([{ row: `a.csv#${poison}`, reason: 'not_storable' }]);
    expect(await bed.account()).toMatchObject({ live: 19, rejected_rows: 1, waiting_rows: 0, rows_under_way: 0 });
  });

  it.each([
    ['doc_id', {}],
    ['text', byText(1)],
  ])('wait for it by its %s, and are settled when it comes', async (_, how) => {
    const labels = [labelRow('a.csv#1', how), labelRow('a.csv#2', { ...how, annotator_id: 'bob' })];
    await bed.addFiles(labels);
    await bed.settle(labels);
    expect(await bed.account()).toMatchObject({ waiting_rows: 2, live: 0, rows_under_way: 0 });
    expect(await settleMatched(bed.postgres, DEFAULT)).toBe(false);

    await arrives(2);
    expect(await settleMatched(bed.postgres, DEFAULT), 'another document is not it').toBe(false);
    await arrives(1);
    expect(await settleMatched(bed.postgres, DEFAULT)).toBe(true);
    expect(await settleMatched(bed.postgres, DEFAULT)).toBe(false);
    expect(await bed.account()).toMatchObject({ waiting_rows: 0, live: 2, gold: 1, duplicate_rows: 0 });
    expect(await bed.settle(labels), 'their file is known').toBe(2);
    expect(await bed.account()).toMatchObject({ live: 2, duplicate_rows: 0 });
  });

  it('are duplicates of their file when an equal row was faster', async () => {
    const waiting = labelRow('a.csv#1', byText(1));
    const faster = labelRow('b.csv#1', { text: 'text 1' });
    await bed.addFiles([waiting, faster]);
    await bed.settle([waiting], { partition: 1 });
    await arrives(1);
    await bed.settle([faster], { partition: 2 });
    await settleMatched(bed.postgres, DEFAULT);
    expect(await bed.account()).toMatchObject({ live: 1, duplicate_rows: 1, waiting_rows: 0 });
    expect(
      (await bed.state()).annotations.map(({ row }) => row),
      'the first in row order stands',
    ).toEqual(['a.csv#1']);
  });

  it('are rejected when their text turns out to belong to two', async () => {
    const label = labelRow('a.csv#1', byText(1));
    await bed.addFiles([label]);
    await bed.settle([label]);
    await arrives(1, 1);
    await arrives(2, 1);
    await settleMatched(bed.postgres, DEFAULT);
    expect(await rejected()).toEqual([{ row: 'a.csv#1', reason: 'ambiguous_document' }]);
    expect(await bed.account()).toMatchObject({ rejected_rows: 1, waiting_rows: 0, live: 0 });
  });

  it('may be withdrawals that wait, too', async () => {
    const vote = labelRow('a.csv#1', byText(1));
    const withdrawal = labelRow('b.csv#1', { op: 'withdraw', ...byText(1) });
    await bed.addFiles([vote, withdrawal]);
    await bed.settle([withdrawal], { partition: 1 });
    await bed.settle([vote], { partition: 1 });
    await arrives(1);
    while (await settleMatched(bed.postgres, DEFAULT));
    expect(await bed.account()).toMatchObject({ waiting_rows: 0, withdrawals: 1, withdrawn: 1, live: 0, pending: 1 });
  });

  it('are settled by partition, all of them, many at a time', async () => {
    const labels = Array.from({ length: 640 }, (_, index) =>
      labelRow(`a.csv#${index + 1}`, { doc_id: docIdOf((index % 40) + 1), annotator_id: `a${index}` }),
    );
    await bed.addFiles(labels);
    await bed.settle(labels.slice(0, 100), { partition: 5 });
    await bed.settle(labels.slice(100), { partition: 0 });
    await bed.addDocuments(Array.from({ length: 40 }, (_, index) => index + 1));
    let rounds = 0;
    while (await settleMatched(bed.postgres, DEFAULT)) rounds++;
    expect(rounds, '500 of partition 0, its other 40, the 100 of partition 5').toBe(3);
    expect(await bed.account()).toMatchObject({ live: 640, waiting_rows: 0, gold: 40, duplicate_rows: 0 });
  });

  describe('that does not come', () => {
    const age = (seconds: number) =>
      bed.query(`update assay.unmatched_labels set waiting_since = now() - make_interval(secs => $1)`, [seconds]);

    it('become rejected rows after their time, not before', async () => {
      const label = labelRow('a.csv#1', byText(1));
      await bed.addFiles([label]);
      await bed.settle([label]);
      await age(50);
      expect(await rejectExpired(bed.postgres, 60)).toBe(0);
      await age(70);
      expect(await rejectExpired(bed.postgres, 60)).toBe(1);
      expect(await rejected()).toEqual([{ row: 'a.csv#1', reason: 'unknown_document' }]);
      expect(await bed.account()).toMatchObject({ rejected_rows: 1, waiting_rows: 0 });
      const [row] = await bed.query<{ record: unknown }>('select record from assay.rejected_rows');
      expect(row!.record, 'kept whole').toEqual(label);
    });

    it('but are not rejected when it came while the validator was away', async () => {
      const label = labelRow('a.csv#1');
      await bed.addFiles([label]);
      await bed.settle([label]);
      await arrives(1);
      await age(3_600);
      expect(await rejectExpired(bed.postgres, 60)).toBe(0);
      expect(await settleMatched(bed.postgres, DEFAULT)).toBe(true);
      expect(await bed.account()).toMatchObject({ live: 1, rejected_rows: 0, waiting_rows: 0 });
    });
  });
});
