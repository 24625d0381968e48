import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { byText, docIdOf, labelRow } from '../testing/label-row.ts';
import { ValidatorBed } from '../testing/validator-bed.ts';

const DOC = docIdOf(1);

/** A vote taken back counts for nothing, whichever of the two came first, and no later pull revives it. */
describe('withdrawals', () => {
  let bed: ValidatorBed;
  beforeAll(async () => {
    bed = await ValidatorBed.start();
  });
  afterAll(() => bed.stop());
  beforeEach(async () => {
    await bed.clear();
    await bed.addDocuments([1]);
  });

  const byToolId = {
    vote: labelRow('a.json#1', { toolId: '7' }),
    withdrawal: labelRow('b.json#1', { op: 'withdraw', toolId: '7', says: 'whatever', confidence_score: 0 }),
  };
  const byContent = {
    vote: labelRow('a.csv#1', { text: 'text 1', annotated_at: '2026-11-21T09:30:00Z' }),
    // The equal row: the same instant in another zone, found by its text.
    withdrawal: labelRow('b.csv#1', { op: 'withdraw', ...byText(1), annotated_at: '2026-11-21T10:30:00+01:00' }),
  };

  describe.each([
    ['by the id of the tool', byToolId],
    ['by the equal row', byContent],
  ])('%s', (_, { vote, withdrawal }) => {
    beforeEach(() => bed.addFiles([vote, withdrawal]));

    it.each([
      ['after the vote', [[vote], [withdrawal]]],
      ['before the vote', [[withdrawal], [vote]]],
      ['in one batch, after the vote', [[vote, withdrawal]]],
      ['in one batch, before the vote', [[withdrawal, vote]]],
    ])('%s', async (_order, batches) => {
      for (const batch of batches) {
        expect(await bed.settle(batch)).toBe(0);
        await bed.account();
      }
      expect(await bed.account()).toMatchObject({
        live: 0,
        withdrawn: 1,
        withdrawals: 1,
        gold: 0,
        pending: 1,
        rows_under_way: 0,
      });
      expect((await bed.state()).annotations).toMatchObject([{ status: 'withdrawn' }]);
      expect((await bed.state()).counts).toEqual([]);
    });

    it('once is enough: a repeat in another file is a duplicate', async () => {
      const repeat = { ...withdrawal, origin: { ...withdrawal.origin, path: 'c', sha256: 'c'.repeat(64) } };
      await bed.addFiles([repeat]);
      await bed.settle([vote, withdrawal]);
      expect(await bed.settle([repeat])).toBe(1);
      expect(await bed.account()).toMatchObject({ label_rows: 3, withdrawn: 1, withdrawals: 1, duplicate_rows: 1 });
    });

    it('stays taken back when a later pull brings the vote again', async () => {
      const pulled = { ...vote, origin: { ...vote.origin, path: 'z', sha256: 'c'.repeat(64) } };
      await bed.addFiles([pulled]);
      await bed.settle([vote, withdrawal]);
      expect(await bed.settle([pulled])).toBe(1);
      expect(await bed.account()).toMatchObject({ live: 0, withdrawn: 1, duplicate_rows: 1 });
    });
  });

  it('take gold back and give it again: each is a new version', async () => {
    const agree = labelRow('a.csv#1');
    const dissent = labelRow('b.json#1', { annotator_id: 'bob', says: 'praise', toolId: '9' });
    const withdrawal = labelRow('c.json#1', { op: 'withdraw', toolId: '9' });
    await bed.addFiles([agree, dissent, withdrawal]);
    for (const label of [agree, dissent, withdrawal]) await bed.settle([label]);
    expect((await bed.state()).decisions.map(({ version, verdict }) => `${version} ${verdict}`)).toEqual([
      '1 gold',
      '2 disagreement',
      '3 gold',
    ]);
  });

  it('of the newest vote revive the one before it', async () => {
    const first = labelRow('a.json#1', { toolId: '1', says: 'old' });
    const second = labelRow('a.json#2', { toolId: '2', says: 'new' });
    const withdrawal = labelRow('b.json#1', { op: 'withdraw', toolId: '2' });
    await bed.addFiles([first, second, withdrawal]);
    await bed.settle([first, second]);
    await bed.settle([withdrawal]);
    expect((await bed.state()).decisions.at(-1)).toMatchObject({
      verdict: 'gold',
      fields: { label: { label: 'old' } },
    });
    expect(await bed.account()).toMatchObject({ live: 1, superseded: 0, withdrawn: 1 });
  });

  it('of every vote leave the document pending, with a decision that says so', async () => {
    const vote = labelRow('a.json#1', { toolId: '1' });
    const withdrawal = labelRow('b.json#1', { op: 'withdraw', toolId: '1' });
    await bed.addFiles([vote, withdrawal]);
    await bed.settle([vote]);
    await bed.settle([withdrawal]);
    expect(await bed.verdicts()).toEqual({ [DOC]: 'pending' });
    expect(await bed.account()).toMatchObject({ gold: 0, pending: 1 });
  });

  it('of one tool leave the vote with the same id of another tool alone', async () => {
    const vote = labelRow('a.json#1', { toolId: '1' });
    const other = { ...labelRow('b.json#1', { op: 'withdraw' }) };
    const withdrawal = { ...other, origin: { ...other.origin, tool: 'argilla', tool_annotation_id: '1' } };
    await bed.addFiles([vote, withdrawal]);
    await bed.settle([vote, withdrawal]);
    expect(await bed.verdicts()).toEqual({ [DOC]: 'gold' });
  });

  it('of one of two equal rows with ids of their own leave the other, those of both take the vote, in every order', async () => {
    const first = labelRow('a.json#1', { toolId: '1' });
    const second = labelRow('b.json#1', { toolId: '2' });
    const withdrawal = labelRow('c.json#1', { op: 'withdraw', toolId: '1' });
    const other = labelRow('d.json#1', { op: 'withdraw', toolId: '2' });
    const told = async () => (await bed.state()).annotations.map(({ row, status }) => `${row} ${status}`);
    const verdicts = [];
    for (const order of [
      [first, second, withdrawal],
      [withdrawal, second, first],
      [second, withdrawal, first],
    ]) {
      await bed.clear();
      await bed.addDocuments([1]);
      await bed.addFiles([...order, other]);
      for (const label of order) await bed.settle([label]);
      const one = await told();
      await bed.settle([other]);
      verdicts.push([...one, ...(await told())]);
    }
    expect(verdicts).toEqual(Array.from({ length: 3 }, () => ['a.json#1 live', 'a.json#1 withdrawn']));
  });
});
