import { countsOf } from '@assay/agreement/count-rows';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical } from '../decisions/domain/judge-document.ts';
import { judgedAtOnce, outcomeOf } from '../testing/judged-at-once.ts';
import { labelHistory, type LabelHistory } from '../testing/label-history.ts';
import { MemoryLabelStore } from '../testing/memory-label-store.ts';
import { runHistory } from '../testing/run-history.ts';
import type { SettledState } from '../testing/settled-state.ts';

const RUNS = Number(process.env['ASSAY_PROPERTY_RUNS'] ?? 500);
const TIMEOUT_MS = 20_000 + RUNS * 60;

async function stateAfter(history: LabelHistory): Promise<SettledState> {
  const store = new MemoryLabelStore();
  const addDocument = async (docId: string, textHash: string) => store.addDocument(docId, textHash);
  await runHistory(history, { postgres: store, addDocument });
  return store.state();
}

/** Holds for every history, whatever it ends in. */
function expectSoundHistory({ decisions, annotations, metrics, counts }: SettledState): void {
  for (const versions of Map.groupBy(decisions, ({ doc_id }) => doc_id).values()) {
    expect(versions.map(({ version }) => version)).toEqual(versions.map((_, index) => index + 1));
    const said = versions.map(({ verdict, fields }) => canonical({ verdict, fields }));
    expect(
      said.filter((one, index) => one === said[index - 1]),
      'a decision that repeats the one before it',
    ).toEqual([]);
  }
  for (const { annotation_id, status, reason } of annotations) {
    const told = metrics.filter((metric) => metric.annotation_id === annotation_id);
    const texts = told.map((metric) => `${metric.status}: ${metric.reason}`);
    expect(texts.at(-1), 'the last metric is how the vote stands').toBe(`${status}: ${reason}`);
    expect(
      texts.filter((one, index) => one === texts[index - 1]),
      'a metric without a change',
    ).toEqual([]);
  }
  for (const rows of Map.groupBy(counts, ({ field }) => field).values())
    for (const { items } of countsOf(rows).counts.patterns()) expect(items).toBeGreaterThan(0);
}

describe('settling labels', () => {
  it(
    'ends the same however they were interleaved, batched, repeated and replayed',
    () =>
      fc.assert(
        fc.asyncProperty(labelHistory, async (history) => {
          const state = await stateAfter(history);
          expect(outcomeOf(state, history)).toEqual(judgedAtOnce(history));
          expectSoundHistory(state);
        }),
        { numRuns: RUNS },
      ),
    TIMEOUT_MS,
  );
});
