import { speak } from '@assay/cli/testing/speak';
import { defaultRules } from '@assay/labels/decide';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';

import { redecideAll, verb } from './redecide.verb.ts';
import { docIdOf, labelRow } from '../testing/label-row.ts';
import { ValidatorBed } from '../testing/validator-bed.ts';

const at = (threshold: number) => ({ rules: { ...defaultRules, threshold }, version: `threshold=${threshold}` });

describe('judging again', () => {
  let bed: ValidatorBed;
  beforeAll(async () => {
    bed = await ValidatorBed.start();
  });
  afterAll(() => bed.stop());
  beforeEach(() => bed.clear());

  const metricsOf = async (row: number) =>
    bed.query<{ told: string; decision_id: string }>(
      `select m.status || ': ' || m.reason as told, m.decision_id
         from public.quality_metrics m join public.annotations a using (annotation_id)
        where a.raw_row = $1 order by m.validation_id`,
      [row],
    );

  it('writes a metric for a vote when it is first judged and for every change, and none otherwise', async () => {
    await bed.addDocuments([1]);
    const labels = [
      labelRow('a.json#1', { toolId: '1', confidence_score: 0.85 }),
      labelRow('a.json#2', { toolId: '2', says: 'praise' }),
      labelRow('a.json#3', { toolId: '3', annotator_id: 'bob', says: 'praise' }),
    ];
    const withdrawal = labelRow('b.json#1', { op: 'withdraw', toolId: '2' });
    for (const label of [...labels, withdrawal]) await bed.settle([label]);
    await redecideAll(bed.postgres, at(0.9), () => {});
    await redecideAll(bed.postgres, at(0.9), () => {});

    const doc = docIdOf(1);
    expect(await metricsOf(1)).toEqual([
      { told: 'live: confident', decision_id: `${doc}.1` },
      { told: 'superseded: a newer vote of the same annotator counts', decision_id: `${doc}.2` },
      { told: 'live: confident', decision_id: `${doc}.4` },
      { told: 'live: low_confidence', decision_id: `${doc}.5` },
    ]);
    expect(await metricsOf(2)).toEqual([
      { told: 'live: confident', decision_id: `${doc}.2` },
      { told: 'withdrawn: taken back by its annotator', decision_id: `${doc}.4` },
    ]);
    expect(await metricsOf(3)).toEqual([{ told: 'live: confident', decision_id: `${doc}.3` }]);
  });

  it('under another threshold changes what it must, in the next version, and nothing twice', async () => {
    const confidences = [0.95, 0.85, 0.7];
    const labels = confidences.map((confidence_score, index) =>
      labelRow(`a.csv#${index + 1}`, { doc_id: docIdOf(index + 1), confidence_score }),
    );
    await bed.addDocuments([1, 2, 3]);
    await bed.addFiles(labels);
    await bed.settle(labels);
    const seen: number[] = [];
    expect(await redecideAll(bed.postgres, at(0.9), (documents) => seen.push(documents))).toEqual({
      documents: 3,
      decisions: 1,
    });
    expect(seen).toEqual([3]);
    expect(Object.values(await bed.verdicts())).toEqual(['gold', 'low_confidence', 'low_confidence']);
    expect(await redecideAll(bed.postgres, at(0.9), () => {})).toEqual({ documents: 3, decisions: 0 });
    expect(await redecideAll(bed.postgres, at(0.8), () => {})).toEqual({ documents: 3, decisions: 1 });
    const rows = await bed.query(
      'select version, verdict, rules_version from public.decisions where doc_id = $1 order by 1',
      [docIdOf(2)],
    );
    expect(rows).toEqual([
      { version: 1, verdict: 'gold', rules_version: 'default' },
      { version: 2, verdict: 'low_confidence', rules_version: 'threshold=0.9' },
      { version: 3, verdict: 'gold', rules_version: 'threshold=0.8' },
    ]);
    expect(await bed.account()).toMatchObject({ gold: 2, low_confidence: 1 });
  });

  it('goes through more documents than one batch takes', async () => {
    await bed.addDocuments(Array.from({ length: 1_200 }, (_, index) => index + 1));
    await bed.query('insert into assay.heads (doc_id) select doc_id from public.documents');
    const seen: number[] = [];
    expect(await redecideAll(bed.postgres, at(0.8), (documents) => seen.push(documents))).toEqual({
      documents: 1200,
      decisions: 0,
    });
    expect(seen).toEqual([500, 1000, 1200]);
  });

  it('is a verb', async () => {
    await bed.addDocuments([1]);
    await bed.settle([labelRow('a.csv#1', { confidence_score: 0.85 })]);
    vi.stubEnv('DATABASE_URL', bed.url);
    vi.stubEnv('QUALITY_VALIDATOR_THRESHOLD', '0.9');
    onTestFinished(() => void vi.unstubAllEnvs());
    const { code, stdout, stderr } = await speak(verb, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      documents: 1,
      decisions: 1,
      rules: 'default/1 threshold=0.9 annotators=1 confident=1 fields=any',
    });
    expect(stderr).toContain('1 documents');
  });

  it('refuses rules it cannot use, and words it does not know', async () => {
    vi.stubEnv('QUALITY_VALIDATOR_THRESHOLD', '80%');
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(await speak(verb)).toMatchObject({ code: 2, stdout: '' });
    expect(await speak(verb, 'all')).toMatchObject({ code: 2, stderr: expect.stringContaining(verb.usage) });
  });
});
