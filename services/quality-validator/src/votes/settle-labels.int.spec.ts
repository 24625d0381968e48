import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgedAtOnce, outcomeOf } from '../testing/judged-at-once.ts';
import { labelHistory } from '../testing/label-history.ts';
import { runHistory } from '../testing/run-history.ts';
import { ValidatorBed } from '../testing/validator-bed.ts';

const RUNS = Number(process.env['ASSAY_PROPERTY_RUNS_INT'] ?? 25);

describe('settling labels in Postgres', () => {
  let bed: ValidatorBed;
  beforeAll(async () => {
    bed = await ValidatorBed.start();
  });
  afterAll(() => bed.stop());

  it(
    'ends the same however they were interleaved, batched, repeated and replayed',
    () =>
      fc.assert(
        fc.asyncProperty(labelHistory, async (history) => {
          await bed.clear();
          const addDocument = (docId: string, textHash: string) => bed.addDocument(docId, textHash);
          await runHistory(history, { postgres: bed.postgres, addDocument });
          expect(outcomeOf(await bed.state(), history)).toEqual(judgedAtOnce(history));
        }),
        { numRuns: RUNS },
      ),
    60_000 + RUNS * 2_000,
  );
});
