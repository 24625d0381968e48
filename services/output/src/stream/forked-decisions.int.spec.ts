import { stayInLife } from '@assay/shared/postgres/lives';
import { roles } from '@assay/shared/contracts/roles';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { decision } from '../testing/known-decision.ts';
import { OutputBed } from '../testing/output-bed.ts';
import { applyWaiting } from './apply-decisions.ts';

let bed: OutputBed;
beforeAll(async () => void (bed = await OutputBed.start()));
afterAll(() => bed.stop());
beforeEach(() => bed.clear());

const told = (of: OutputBed) =>
  of.query(`
    select stream || ' ' || op || ' ' || life || '.' || version as told from assay.output_lines
     where stream = 'gold' order by seq`);
const lines = async (of: OutputBed) => (await told(of)).map((row) => (row as { told: string }).told);
const lives = async (of: OutputBed) =>
  (await of.query<{ life: number }>('select life from assay.lives order by 1')).map(({ life }) => life);
const forked = async (of: OutputBed) =>
  (await of.query<{ doc: string }>('select right(doc_id, 1) as doc from assay.forked_documents order by 1')).map(
    ({ doc }) => doc,
  );
const at = (second: number) => ({ decided_at: `2026-11-21T10:00:0${second}.000000Z` });

describe('a database that was restored, while the topic keeps the decisions made after its backup', () => {
  let restored: OutputBed;

  beforeEach(async () => {
    await bed.storeDocuments(2);
    await bed.apply(decision(1, 1, 'gold'), decision(2, 1, 'gold'));
    restored = await bed.restored();
  });
  const OLDER = [decision(1, 2, 'disagreement', at(1)), decision(1, 3, 'gold', at(2))];

  it('a new dissent outranks every decision of the life before, whatever comes first and again', async () => {
    await bed.apply(...OLDER);
    expect(await lines(bed)).toEqual(['gold add 1.1', 'gold add 1.1', 'gold add 1.3']);

    await restored.applyForked(...OLDER);
    await restored.apply(decision(1, 2, 'disagreement', { life: 2, ...at(5) }));
    expect(await restored.applyForked(...OLDER)).toEqual({ duplicate: 2 });

    expect(await lines(restored)).toEqual(['gold add 1.1', 'gold add 1.1', 'gold add 1.3', 'gold retract 2.2']);
    await restored.stop();
  });

  it('the same versions in the new life find their places in the streams', async () => {
    await restored.applyForked(...OLDER);
    await restored.apply(decision(1, 2, 'gold', { life: 2, ...at(5) }));
    await restored.apply(decision(1, 3, 'gold', { life: 2, ...at(6) }));

    expect(await lines(restored)).toEqual([
      'gold add 1.1',
      'gold add 1.1',
      'gold add 1.3',
      'gold add 2.2',
      'gold add 2.3',
    ]);
    expect((await restored.release()).kind).toBe('released');
    await restored.stop();
  });

  it('is noticed, and documents that were decided otherwise are given to the validator', async () => {
    await restored.apply(decision(1, 1, 'gold'), decision(2, 1, 'gold'));
    expect([await lives(restored), await forked(restored)]).toEqual([[1, 2], []]);

    await restored.applyForked(...OLDER);

    expect([await lives(restored), await forked(restored)]).toEqual([[1, 2], ['1']]);
    await restored.stop();
  });

  it('a document that stands as a lost decision left it is in a release all the same', async () => {
    await restored.applyForked(...OLDER);

    const released = await restored.release();
    expect(released).toMatchObject({
      manifest: { line_count: 2, rules_versions: { 'rules-1': 1, 'unknown (before a restore)': 1 } },
    });
    await restored.stop();
  });
});

describe('a file system that was set back, which Postgres itself cannot see', () => {
  it('is told by decisions that are not here', async () => {
    await bed.storeDocuments(2);
    await bed.apply(decision(1, 1, 'gold'));
    await bed.applyForked(decision(1, 2, 'disagreement'), decision(2, 1, 'gold'));

    expect(await bed.query('select life, reason from assay.lives order by 1 desc limit 1')).toEqual([
      { life: 2, reason: 'the topic holds decisions that are not here' },
    ]);
    expect(await forked(bed)).toEqual(['1', '2']);
  });

  it('also when new decisions have taken the same versions meanwhile', async () => {
    await bed.storeDocuments(1);
    await bed.apply(decision(1, 1, 'gold', at(5)));
    await bed.applyForked(decision(1, 1, 'disagreement', at(1)));

    expect([await lives(bed), await forked(bed)]).toEqual([[1, 2], ['1']]);
  });

  it('to before the life before it: the next one is above all of which the topic tells', async () => {
    await bed.storeDocuments(1);
    await bed.applyForked(decision(1, 1, 'gold', { life: 4 }));

    expect(await lives(bed)).toEqual([1, 5]);
  });

  it('also by a decision whose document is not here, which waits for it and is outranked then', async () => {
    await bed.applyForked(decision(1, 7, 'gold'));
    expect([await lives(bed), await forked(bed)]).toEqual([[1, 2], []]);
    await bed.storeDocuments(1);

    await applyWaiting(bed.postgres);
    expect(await forked(bed)).toEqual(['1']);
    await bed.apply(decision(1, 1, 'disagreement', { life: 2 }));

    expect(await lines(bed)).toEqual(['gold add 1.7', 'gold retract 2.1']);
  });
});

it('a decision that cannot be seen yet, because its transaction is about to end, is no proof of a restore', async () => {
  await bed.storeDocuments(1);
  const one = decision(1, 1, 'gold');
  const entered = Promise.withResolvers<void>();
  const blocked = `select from pg_stat_activity where datname = current_database() and wait_event = 'advisory'`;
  const validator = bed.as(roles.validator);
  const deciding = validator.transaction('synchronous', async (tx) => {
    await stayInLife(tx);
    const insert = {
      name: 'insert-a-decision',
      text: 'insert into public.decisions select * from json_populate_recordset(null::public.decisions, $1::json)',
    };
    await tx.query(insert, [JSON.stringify([one])]);
    entered.resolve();
    while ((await bed.query(blocked)).length === 0) await new Promise(setImmediate);
  });
  await entered.promise;
  await Promise.all([deciding, bed.applyForked(one)]);

  expect([await lives(bed), await forked(bed)]).toEqual([[1], []]);
});
