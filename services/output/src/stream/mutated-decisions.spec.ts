import { mutatedContent } from '@assay/labels/testing/mutated-content';
import { topics } from '@assay/shared/contracts/topics';
import { sourceRecord } from '@assay/shared/testing/source-record';
import { describe, expect, it } from 'vitest';
import { decision } from '../testing/known-decision.ts';
import { decisionLane } from './decision-lane.ts';

/** `npm test -- long` takes 100,000. */
const RUNS = Number(process.env['ASSAY_MUTATIONS'] ?? 500);

const { chain } = decisionLane();
const samples = (['gold', 'disagreement', 'erased'] as const).map((verdict) => {
  const row = decision(1, 2, verdict);
  const after = { ...row, fields: JSON.stringify(row.fields), votes: JSON.stringify(row.votes) };
  return Buffer.from(JSON.stringify({ before: null, after, source: { snapshot: 'false' }, op: 'c', ts_ms: 1 }));
});

/** Null where the decision is taken, left out or refused. */
function faultOf(value: Buffer): string | null {
  const result = chain.run(sourceRecord({ topic: topics.decisionChanges.name, value }));
  if ('value' in result) return result.value.version > 0 ? null : 'is taken without a version';
  return ['skipped', 'deadLettered'].includes(result.exit.outcome.kind) ? null : 'has no outcome';
}

describe('decisions that something happened to', { timeout: 60_000 + RUNS * 10 }, () => {
  it(`${RUNS} of them are taken, left out or refused`, () => {
    for (let seed = 0; seed < RUNS; seed++)
      expect(faultOf(mutatedContent(samples[seed % samples.length]!, seed)), `seed ${seed}`).toBeNull();
  });
});
