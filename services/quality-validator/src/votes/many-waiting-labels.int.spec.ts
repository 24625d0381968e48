import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { docIdOf, labelRow } from '../testing/label-row.ts';
import { DEFAULT, ValidatorBed } from '../testing/validator-bed.ts';
import { LABELS_LOOKED_AT, LABELS_TAKEN, lookAtWaitingLabels, rejectExpiredLabels } from './labels.sql.ts';
import { newTurn, rejectExpired, settleMatched } from './waiting-labels.ts';

const WAITING = 400_000;

/** Documents that never come may leave any number of labels behind; a round looks at few of them. */
describe('very many labels that wait', () => {
  let bed: ValidatorBed;
  beforeAll(async () => {
    bed = await ValidatorBed.start();
    // In order of the key they are of one file; the document of the last one will come.
    const message = labelRow('many.csv#1', { doc_id: 'e'.repeat(32) });
    await bed.query(
      `insert into assay.unmatched_labels (
         path, file_sha256, generation, row_number, partition, doc_id, message, waiting_since
       )
       select 'many.csv', $1, 1, n, 0, case when n = $2 then $3 else md5(n::text) end,
              jsonb_set($4::jsonb, '{origin,row}', to_jsonb(n)), now() - interval '1 day'
         from generate_series(1, $2::integer) as n`,
      [message.origin.sha256, WAITING, docIdOf(1), JSON.stringify({ ...message, doc_id: docIdOf(1) })],
    );
    await bed.query(
      `insert into assay.file_progress (path, file_sha256, generation, partition, last_row, row_count, duplicate_count)
       values ('many.csv', $1, 1, 0, $2, $2, 0)`,
      [message.origin.sha256, WAITING],
    );
    await bed.query('analyze assay.unmatched_labels');
  });
  afterAll(() => bed.stop());

  const waiting = async () => {
    const [row] = await bed.query<{ count: number }>('select count(*)::integer as count from assay.unmatched_labels');
    return row!.count;
  };
  const planOf = async (text: string) => {
    const rows = await bed.query<{ 'QUERY PLAN': object }>(`explain (format json) ${text}`);
    return JSON.stringify(rows[0]!['QUERY PLAN']);
  };

  it('are looked at some at a time, until the one whose document has come is found', async () => {
    await bed.addDocuments([1]);
    const turn = newTurn();
    let rounds = 0;
    while (!(await settleMatched(bed.postgres, DEFAULT, turn))) rounds++;
    expect(rounds).toBe(WAITING / LABELS_LOOKED_AT - 1);
    expect(await bed.verdicts()).toEqual({ [docIdOf(1)]: 'gold' });
    expect(await settleMatched(bed.postgres, DEFAULT, turn), 'and then from the beginning').toBe(false);
    expect(turn).toEqual(newTurn());
    expect(await waiting()).toBe(WAITING - 1);
  });

  it('are rejected some at a time when their time is over', async () => {
    expect(await rejectExpired(bed.postgres, 3_600)).toBe(LABELS_TAKEN);
    expect(await rejectExpired(bed.postgres, 3_600)).toBe(LABELS_TAKEN);
    expect(await waiting()).toBe(WAITING - 1 - 2 * LABELS_TAKEN);
    expect((await bed.state()).rejected).toHaveLength(2 * LABELS_TAKEN);
  });

  it('are found by indexes', async () => {
    const look = await planOf(
      lookAtWaitingLabels.text.replace('$1, $2, $3, $4', `'many.csv', 1, 1, '${'0'.repeat(64)}'`),
    );
    const reject = await planOf(rejectExpiredLabels.text.replace('$1', '3600'));
    for (const plan of [look, reject]) expect(plan).not.toMatch(/"Seq Scan","[^}]*"unmatched_labels"/);
    expect(look).toContain('unmatched_labels_pkey');
    expect(reject).toContain('unmatched_labels_by_age');
  });
});
