import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { docIdOf, labelRow } from '../testing/label-row.ts';
import { ValidatorBed } from '../testing/validator-bed.ts';
import { PAIR_COUNTS_READ, readPairCounts } from '../votes/labels.sql.ts';
import { pairDigestOf } from './domain/count-votes.ts';

/** Counts of other annotators and fields in the table, which no batch touches. */
const OTHERS = 300_000;

describe('the agreement that a batch tells', () => {
  let bed: ValidatorBed;
  beforeAll(async () => {
    bed = await ValidatorBed.start();
  });
  afterAll(() => bed.stop());
  beforeEach(() => bed.clear());

  const fill = async (count: number, field: string, raters: [string, string], pair: string | null) => {
    await bed.query(
      `insert into assay.agreement_counts (shard, field, kind, key, key_digest, pair_digest, n)
       select 0, $2, 'pair', json_build_array(json_build_array($3::text, 'choice:' || n), json_build_array($4::text, 'choice:x')),
              md5($2 || n), coalesce($5, md5('pair ' || n / 50)), 1
         from generate_series(1, $1::integer) as n`,
      [count, field, ...raters, pair],
    );
    await bed.query('analyze assay.agreement_counts');
  };
  const kappas = async () => {
    const rows = await bed.query<{ kappa: number | null }>(
      `select round(kappa_score::numeric, 6)::float as kappa
         from public.quality_metrics m join public.annotations a using (annotation_id)
        order by a.doc_id, a.annotator_id nulls last`,
    );
    return rows.map(({ kappa }) => kappa);
  };
  const bothVote = async (document: number, ann: string, bob: string) =>
    bed.settle([
      labelRow(`${document}.csv#1`, { doc_id: docIdOf(document), says: ann }),
      labelRow(`${document}.csv#2`, { doc_id: docIdOf(document), says: bob, annotator_id: 'bob' }),
    ]);

  it('is the kappa of the two over all documents they share, in every partition', async () => {
    await bed.addDocuments([1, 2, 3]);
    await bothVote(1, 'bug', 'bug');
    await bothVote(2, 'praise', 'praise');
    await bed.settle(
      [
        labelRow('3.csv#1', { doc_id: docIdOf(3), says: 'bug' }),
        labelRow('3.csv#2', { doc_id: docIdOf(3), says: 'praise', annotator_id: 'bob' }),
        labelRow('3.csv#3', { doc_id: docIdOf(3), says: 'bug', annotator_id: null }),
      ],
      { partition: 2 },
    );
    // One label only has no kappa; two of two alike are 1; two of three alike, with equal shares of chance: 0.4.
    expect(await kappas()).toEqual([null, null, 1, 1, 0.4, 0.4, null]);
  });

  it('is null where the two gave each other more different answers than may be read', async () => {
    await bed.addDocuments([1]);
    await fill(PAIR_COUNTS_READ, 'label', ['ann', 'bob'], pairDigestOf('label', ['ann', 'bob']));
    await bothVote(1, 'bug', 'praise');
    expect(await kappas()).toEqual([null, null]);
  });

  it('is read by an index, and costs the same whatever else was counted', async () => {
    await fill(OTHERS, 'label', ['x', 'y'], null);
    const [{ 'QUERY PLAN': plan }] = (await bed.query<{ 'QUERY PLAN': object }>(
      `explain (analyze, buffers, format json) ${readPairCounts.text.replace('$1', "array[md5('pair 7'), md5('pair 8')]")}`,
    )) as [{ 'QUERY PLAN': object }];
    expect(JSON.stringify(plan)).not.toMatch(/"(Seq Scan|Sort)"/);
    expect(JSON.stringify(plan)).toContain('agreement_counts_by_pair');
  });
});
