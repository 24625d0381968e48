import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { docIdOf, labelRow } from '../testing/label-row.ts';
import { DEFAULT, ValidatorBed } from '../testing/validator-bed.ts';
import { judgeForked } from './forked-documents.ts';
import { redecideAll } from './redecide.verb.ts';

let bed: ValidatorBed;
beforeAll(async () => void (bed = await ValidatorBed.start()));
afterAll(() => bed.stop());
beforeEach(async () => {
  await bed.clear();
  await bed.query('delete from assay.lives where life > 1');
});

const restore = () => bed.query(`select assay.begin_life(1, 'the spec restored it')`);
const fork = (...numbers: readonly number[]) =>
  bed.query('insert into assay.forked_documents (doc_id) select unnest($1::text[])', [numbers.map(docIdOf)]);
const decisions = async () =>
  (
    await bed.query<{ told: string }>(
      `select right(doc_id, 1) || ': ' || life || '.' || version || ' ' || verdict as told, decision_id
         from public.decisions order by doc_id, life, version`,
    )
  ).map(({ told }) => told);

it('a document that was decided otherwise before a restore is decided again in the new life, once', async () => {
  await bed.addDocuments([1, 2, 3]);
  const labels = [labelRow('a.csv#1'), labelRow('a.csv#2', { doc_id: docIdOf(2) })];
  await bed.addFiles(labels);
  await bed.settle(labels);
  await restore();
  await fork(1, 3);

  expect(await judgeForked(bed.postgres, DEFAULT)).toBe(false);
  await fork(1);
  await judgeForked(bed.postgres, DEFAULT);

  expect(await decisions()).toEqual([
    `${docIdOf(1).at(-1)}: 1.1 gold`,
    `${docIdOf(1).at(-1)}: 2.2 gold`,
    `${docIdOf(2).at(-1)}: 1.1 gold`,
  ]);
  expect(await bed.query('select from assay.forked_documents')).toEqual([]);
  expect((await bed.account()).gold).toBe(2);
});

it('a vote in the new life is decided in it, also where it changes nothing', async () => {
  await bed.addDocuments([1]);
  await bed.settle([labelRow('a.csv#1', { confidence_score: 0.9 })]);
  await restore();
  await bed.settle([labelRow('b.csv#1', { annotator_id: 'bob', confidence_score: 0.1 })]);
  await bed.settle([labelRow('c.csv#1', { annotator_id: 'eve', confidence_score: 0.1 })]);

  expect(await decisions()).toEqual(['1: 1.1 gold', '1: 2.2 gold']);
  expect(await bed.query('select distinct life from assay.heads')).toEqual([{ life: 2 }]);
});

it('a redecision of everything says every decision again in the new life', async () => {
  await bed.addDocuments([1, 2]);
  await bed.settle([labelRow('a.csv#1'), labelRow('a.csv#2', { doc_id: docIdOf(2) })]);
  await restore();

  expect(await redecideAll(bed.postgres, DEFAULT, () => {})).toEqual({ documents: 2, decisions: 2 });
  expect(await redecideAll(bed.postgres, DEFAULT, () => {})).toEqual({ documents: 2, decisions: 0 });
});

it('takes no more documents in a round than it says', async () => {
  const numbers = Array.from({ length: 201 }, (_, index) => index + 1);
  await bed.addDocuments(numbers);
  await restore();
  await fork(...numbers);

  expect(await judgeForked(bed.postgres, DEFAULT)).toBe(true);
  expect(await judgeForked(bed.postgres, DEFAULT)).toBe(false);
});
