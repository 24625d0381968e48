import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { applyDecisions, applyWaiting } from './apply-decisions.ts';
import { newTurn, takeCome } from './waiting-decisions.ts';
import { OutputBed } from '../testing/output-bed.ts';
import { decision, docIdOf } from '../testing/known-decision.ts';

let bed: OutputBed;
beforeAll(async () => void (bed = await OutputBed.start()));
afterAll(() => bed.stop());
beforeEach(() => bed.clear());

const lines = () =>
  bed.query<{ stream: string; doc_id: string; version: number; op: string; line: string }>(
    'select stream, doc_id, version, op, line from assay.output_lines order by written_at, stream, seq',
  );
const told = async () => (await lines()).map(({ stream, doc_id, version, op }) => [stream, doc_id.at(-1), version, op]);

const waiting = () => bed.query('select right(doc_id, 1) as doc, version from assay.waiting_decisions order by doc_id');

/** Until somebody waits for a lock of ours. */
async function untilBlocked(): Promise<void> {
  const blocked = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  while ((await bed.query(blocked)).length === 0) await new Promise((resolve) => setImmediate(resolve));
}

describe('applyDecisions', () => {
  it('writes a gold line with the text of the document', async () => {
    await bed.storeDocuments(1, () => 'zwei „Zeilen“\nund | ein \\ mehr 🧾');

    expect(await bed.apply(decision(1, 1, 'gold'))).toEqual({ duplicate: 0 });

    const [row] = await lines();
    expect(JSON.parse(row!.line)).toMatchObject({
      doc_id: docIdOf(1),
      text: 'zwei „Zeilen“\nund | ein \\ mehr 🧾',
      label: 'billing',
    });
  });

  it('takes a late dissent out of gold and into the disagreements, and a withdrawal back again', async () => {
    await bed.storeDocuments(1);

    await bed.apply(decision(1, 1, 'gold'));
    await bed.apply(decision(1, 2, 'disagreement'));
    await bed.apply(decision(1, 3, 'gold'));

    expect(await told()).toEqual([
      ['gold', '1', 1, 'add'],
      ['disagreements', '1', 2, 'add'],
      ['gold', '1', 2, 'retract'],
      ['disagreements', '1', 3, 'retract'],
      ['gold', '1', 3, 'add'],
    ]);
  });

  it('drops versions that a snapshot delivers late, also within one batch', async () => {
    await bed.storeDocuments(2);

    expect(await bed.apply(decision(1, 3, 'disagreement'), decision(1, 2, 'gold'))).toEqual({ duplicate: 1 });
    expect(await bed.apply(decision(1, 1, 'gold'), decision(2, 1, 'gold'), decision(1, 3, 'disagreement'))).toEqual({
      duplicate: 2,
    });

    expect(await told()).toEqual([
      ['disagreements', '1', 3, 'add'],
      ['gold', '2', 1, 'add'],
    ]);
  });

  it('remembers a verdict that writes no line, so that an older gold cannot come after it', async () => {
    await bed.storeDocuments(1);

    await bed.apply(decision(1, 2, 'pending'));

    expect(await bed.apply(decision(1, 1, 'gold'))).toEqual({ duplicate: 1 });
    expect(await told()).toEqual([]);
  });

  it('retracts a document whose text was erased, whatever the decision says', async () => {
    await bed.storeDocuments(1);
    await bed.apply(decision(1, 1, 'gold'));
    await bed.query('update public.documents set text = null');

    await bed.apply(decision(1, 2, 'gold'));

    expect(JSON.parse((await lines()).at(-1)!.line)).toMatchObject({ op: 'retract', reason: 'erased' });
  });

  /** Partitions were added: the newer decision comes through another one while the older is still unread in its own. */
  it.each([
    ['the newer', 3, 2, [['disagreements', '1', 3, 'add']]],
    [
      'the older',
      2,
      3,
      [
        ['gold', '1', 2, 'add'],
        ['disagreements', '1', 3, 'add'],
        ['gold', '1', 3, 'retract'],
      ],
    ],
  ] as const)(
    'two partitions apply two versions at the same time, and %s is first',
    async (_, first, second, expected) => {
      await bed.storeDocuments(1);
      const of = (version: number) => decision(1, version, version === 2 ? 'gold' : 'disagreement');
      let other: ReturnType<typeof bed.apply> | undefined;
      await bed.postgres.transaction('synchronous', async (tx) => {
        await applyDecisions.apply(tx, [of(first)]);
        other = bed.apply(of(second));
        await untilBlocked();
      });
      expect(await other).toEqual({ duplicate: second < first ? 1 : 0 });
      expect(await told()).toEqual(expected);
    },
  );

  it('writes rows in order of doc_id', async () => {
    await bed.storeDocuments(3);

    await bed.apply(decision(3, 1, 'gold'), decision(1, 1, 'gold'), decision(2, 1, 'gold'));

    expect((await told()).map(([, doc]) => doc)).toEqual(['1', '2', '3']);
  });

  it('sets aside a decision whose document Postgres does not have, and applies the others', async () => {
    await bed.storeDocuments(1);

    expect(await bed.apply(decision(2, 1, 'gold'), decision(1, 1, 'gold'))).toEqual({ duplicate: 0 });
    expect(await applyWaiting(bed.postgres)).toBe(false);

    expect(await told()).toEqual([['gold', '1', 1, 'add']]);
    expect(await waiting()).toEqual([{ doc: '2', version: 1 }]);
  });

  it('applies the newest of what was set aside when the document has come, once', async () => {
    await bed.apply(decision(1, 2, 'disagreement'), decision(1, 1, 'gold'));
    await bed.apply(decision(1, 1, 'gold'), decision(1, 3, 'gold', { reason: 'the \u0000 newest' }));
    await bed.storeDocuments(1);

    await applyWaiting(bed.postgres);
    await applyWaiting(bed.postgres);
    expect(await bed.apply(decision(1, 3, 'gold'))).toEqual({ duplicate: 1 });

    expect(await told()).toEqual([['gold', '1', 3, 'add']]);
    expect(await waiting()).toEqual([]);
  });

  it('looks at some of what waits in a round, and comes through all of it', async () => {
    await bed.query(`
      insert into assay.waiting_decisions (doc_id, version, decision)
      select '!' || n, 1, '{}' from generate_series(1, 5000) as n`);
    await bed.apply(decision(1, 1, 'gold'));
    await bed.storeDocuments(1);
    const turn = newTurn();
    const rounds: number[] = [];
    for (let round = 1; round <= 4; round++) {
      await applyWaiting(bed.postgres, turn);
      if ((await told()).length > 0) rounds.push(round);
    }
    expect(rounds).toEqual([3, 4]);
    expect(turn.after).not.toBe('');
  });

  it('drops what was set aside when a newer decision was applied first', async () => {
    await bed.apply(decision(1, 1, 'gold'));
    await bed.storeDocuments(1);
    await bed.apply(decision(1, 2, 'disagreement'));

    await applyWaiting(bed.postgres);

    expect(await told()).toEqual([['disagreements', '1', 2, 'add']]);
    expect(await waiting()).toEqual([]);
  });

  it('keeps a newer decision from overtaking one that is being taken from those set aside', async () => {
    await bed.apply(decision(1, 1, 'gold'));
    await bed.storeDocuments(1);

    const applied: string[] = [];
    const entered = Promise.withResolvers<void>();
    const taking = bed.postgres.transaction('synchronous', async (tx) => {
      const decisions = await takeCome(tx, 10);
      entered.resolve();
      await untilBlocked();
      await applyDecisions.apply(tx, decisions);
      applied.push('older');
    });
    await entered.promise;
    const newer = bed.apply(decision(1, 2, 'disagreement')).then(() => applied.push('newer'));
    await Promise.all([taking, newer]);

    expect(applied).toEqual(['older', 'newer']);
    expect(await told()).toEqual([
      ['gold', '1', 1, 'add'],
      ['disagreements', '1', 2, 'add'],
      ['gold', '1', 2, 'retract'],
    ]);
  });
});
