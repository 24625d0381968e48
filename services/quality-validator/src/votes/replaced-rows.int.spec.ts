import { createRandom } from '@assay/agreement/random';
import type { LabelChange, LabelMessage, RemovalMessage } from '@assay/shared/contracts/label-message';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { byText, docIdOf, labelRow, type LabelRowChanges } from '../testing/label-row.ts';
import { shuffled, withRandomDelays } from '../testing/random-delays.ts';
import { deliver } from '../testing/run-history.ts';
import { DEFAULT, ValidatorBed } from '../testing/validator-bed.ts';
import { rejectExpired, settleMatched } from './waiting-labels.ts';

/** `path#n/g`: a row of the gth content of the path. */
function rowOf(place: string, changes: LabelRowChanges = {}): LabelMessage {
  const [at, generation] = place.split('/') as [string, string];
  const row = labelRow(at, changes);
  return {
    ...row,
    origin: { ...row.origin, generation: Number(generation), sha256: generation.padStart(64, '0') },
  };
}

/** What a row said before this generation is no longer in its file; keyed as that row was. */
const removalOf = ({ doc_id, text_hash, origin: { path, row } }: LabelMessage, generation: number): RemovalMessage => ({
  v: 1,
  op: 'remove',
  doc_id,
  text_hash,
  origin: { path, row, generation },
});

describe('rows of a file that was replaced', () => {
  let bed: ValidatorBed;
  beforeAll(async () => {
    bed = await ValidatorBed.start();
  });
  afterAll(() => bed.stop());
  beforeEach(async () => {
    await bed.clear();
    await bed.addDocuments(Array.from({ length: 60 }, (_, index) => index + 1));
  });

  const told = async () =>
    (await bed.state()).annotations.map(({ row, status }) => `${row} ${status}`).toSorted((a, b) => (a < b ? -1 : 1));

  const labels = async () =>
    (await bed.state()).decisions.map(
      ({ version, verdict, fields }) => `${version} ${verdict} ${String(fields['label']?.label)}`,
    );

  it('60 corrections in place are all taken, and only they count', async () => {
    const documents = Array.from({ length: 60 }, (_, index) => index + 1);
    const first = documents.map((number) => rowOf(`a.csv#${number}/1`, { doc_id: docIdOf(number), says: 'bug' }));
    const second = documents.map((number) => rowOf(`a.csv#${number}/2`, { doc_id: docIdOf(number), says: 'praise' }));
    await bed.addFiles([...first, ...second]);
    await bed.settle(first);
    await bed.settle([...second, ...first.map((row) => removalOf(row, 2))]);
    expect(await bed.account()).toMatchObject({ label_rows: 120, live: 60, withdrawn: 60, superseded: 0, gold: 60 });
    const said = await bed.query(`select distinct fields -> 'label' ->> 'label' as label from public.decisions
      join assay.heads using (decision_id)`);
    expect(said).toEqual([{ label: 'praise' }]);
  });

  it.each([
    ['by its id', {}],
    ['by its text', byText(1)],
  ])('a row that was cut off in its last word leaves nothing of it, naming its document %s', async (_, named) => {
    const cut = rowOf('a.csv#1/1', { ...named, says: 'bill' });
    const whole = rowOf('a.csv#1/2', { ...named, says: 'billing' });
    await bed.addFiles([cut, whole]);
    await bed.settle([cut]);
    await bed.settle([whole]);
    await bed.settle([removalOf(cut, 2)]);
    expect(await labels()).toEqual(['1 gold bill', '2 gold billing']);
    expect(await bed.account()).toMatchObject({ live: 1, withdrawn: 1, superseded: 0 });
  });

  it('a row that moved keeps its vote, without a decision in between', async () => {
    const before = rowOf('a.csv#1/1');
    const after = rowOf('a.csv#2/2');
    await bed.addFiles([before, after]);
    for (const change of [before, after, removalOf(before, 2)]) await bed.settle([change]);
    expect(await told()).toEqual(['a.csv#2 live']);
    expect(await labels()).toEqual(['1 gold bug']);
    expect(await bed.account()).toMatchObject({ live: 1, withdrawn: 1, duplicate_rows: 0 });
  });

  it('an equal row of another file keeps the vote, and stands for it', async () => {
    const first = rowOf('a.csv#1/1');
    const other = rowOf('b.csv#7/1');
    await bed.addFiles([first, other]);
    for (const change of [first, other, removalOf(first, 2)]) await bed.settle([change]);
    expect(await told()).toEqual(['b.csv#7 live']);
    expect(await bed.account()).toMatchObject({ label_rows: 2, live: 1, withdrawn: 1, duplicate_rows: 0 });
    await bed.settle([removalOf(other, 2)]);
    expect(await told()).toEqual(['b.csv#7 withdrawn']);
    expect(await bed.account()).toMatchObject({ live: 0, withdrawn: 2, pending: 60 });
  });

  it('A, then B, then A again in one place is A', async () => {
    const rows = ['bug', 'praise', 'bug'].map((says, index) => rowOf(`a.csv#1/${index + 1}`, { says }));
    const [first, second, third] = rows as [LabelMessage, LabelMessage, LabelMessage];
    await bed.addFiles(rows);
    for (const change of [first, second, removalOf(first, 2), third, removalOf(second, 3)]) await bed.settle([change]);
    expect((await labels()).at(-1)).toMatch(/gold bug$/);
    expect(await bed.account()).toMatchObject({ live: 1, withdrawn: 2, superseded: 0, duplicate_rows: 0 });
  });

  it('that arrives after it was taken back is never a vote', async () => {
    const late = rowOf('a.csv#1/1');
    await bed.addFiles([late]);
    await bed.settle([removalOf(late, 2)], { partition: 1 });
    await bed.settle([late]);
    expect(await told()).toEqual([]);
    expect(await bed.account()).toMatchObject({ live: 0, withdrawn: 1, pending: 60 });
  });

  it('while it waits for its document is gone at once, and does not wait', async () => {
    const [waiting, expired] = [
      rowOf('a.csv#1/1', { doc_id: docIdOf(99) }),
      rowOf('a.csv#2/1', { doc_id: docIdOf(98) }),
    ];
    await bed.addFiles([waiting, expired]);
    await bed.settle([waiting]);
    await bed.settle([removalOf(waiting, 2)]);
    expect(await bed.account()).toMatchObject({ waiting_rows: 0, withdrawn: 1 });
    await bed.settle([expired]);
    await rejectExpired(bed.postgres, -1);
    expect(await bed.account()).toMatchObject({ rejected_rows: 1 });
    await bed.settle([removalOf(expired, 2)]);
    expect(await bed.account()).toMatchObject({ waiting_rows: 0, rejected_rows: 0, withdrawn: 2 });
  });

  it.each([
    ['by the id of its tool', { toolId: '7' }],
    ['by the equal row', {}],
  ])('that took a vote back %s does so no longer, and another one that says so still does', async (_, how) => {
    const vote = rowOf('a.csv#1/1', how);
    const [one, two] = ['b.csv#1/1', 'c.csv#1/1'].map((at) => rowOf(at, { ...how, op: 'withdraw' })) as [
      LabelMessage,
      LabelMessage,
    ];
    await bed.addFiles([vote, one, two]);
    for (const change of [vote, one, two]) await bed.settle([change]);
    expect(await bed.account()).toMatchObject({ live: 0, withdrawn: 1, withdrawals: 1, duplicate_rows: 1 });
    await bed.settle([removalOf(one, 2)]);
    expect(await bed.account()).toMatchObject({ live: 0, withdrawn: 2, withdrawals: 1, duplicate_rows: 0 });
    await bed.settle([removalOf(two, 2)]);
    expect(await bed.account()).toMatchObject({ live: 1, withdrawn: 2, withdrawals: 0, gold: 1 });
  });

  it('counts a content that is never finished as far as its rows have come', async () => {
    await bed.settle([rowOf('a.csv#1/1'), rowOf('a.csv#2/1', { doc_id: docIdOf(2) })]);
    expect(await bed.account()).toMatchObject({ label_rows: 2, live: 2, rows_under_way: 0 });
  });

  /** Rows of one document in two partitions, its removals in both, and the worker: all at once, in any order. */
  it('settle the same whoever of three is faster', async () => {
    for (let round = 1; round <= 12; round++) {
      await bed.clear();
      const numbers = [1, 2, 3, 4];
      const random = createRandom(round);
      const late = round % 2 === 0;
      if (!late) await bed.addDocuments(numbers);
      const by = (number: number, says: string): LabelRowChanges => ({ says, annotator_id: `a${number}` });
      const byId = numbers.map((number) =>
        rowOf(`a.csv#${number}/1`, { ...by(number, 'bill'), doc_id: docIdOf(number) }),
      );
      const inText = numbers.map((number) =>
        rowOf(`a.csv#${number}/2`, { ...byText(number), ...by(number, 'billing') }),
      );
      const moved = numbers.map((number) =>
        rowOf(`a.csv#${number + 10}/3`, { ...byText(number), ...by(number, 'billing') }),
      );
      await bed.addFiles([...byId, ...inText, ...moved]);
      const logs: readonly (readonly LabelChange[])[] = [
        [...byId, ...byId.map((row) => removalOf(row, 2))],
        [...inText, ...moved, ...inText.map((row) => removalOf(row, 3))],
      ];
      const postgres = withRandomDelays(bed.postgres, random);
      const read = async (log: readonly LabelChange[], partition: number) => {
        for (let at = 0; at < log.length; at += 3) await deliver(postgres, partition, log.slice(at, at + 3), DEFAULT);
      };
      const comes = async () => {
        if (late) for (const number of shuffled(numbers, random)) await bed.addDocuments([number]);
        while (await settleMatched(postgres, DEFAULT));
      };
      await Promise.all([...logs.map(read), comes()]);
      while (await settleMatched(bed.postgres, DEFAULT));
      expect(await bed.account(), `round ${round}`).toMatchObject({
        label_rows: 12,
        live: 4,
        withdrawn: 8,
        duplicate_rows: 0,
        waiting_rows: 0,
        gold: 4,
      });
      expect((await told()).filter((row) => row.endsWith('live'))).toEqual(
        numbers.map((number) => `a.csv#${number + 10} live`),
      );
    }
  });
});
