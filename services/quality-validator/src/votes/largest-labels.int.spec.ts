import { createHash } from 'node:crypto';
import { labelJson, labelKey, type LabelValue } from '@assay/labels/label';
import { MAX_ANNOTATOR_BYTES, MAX_LABEL_BYTES } from '@assay/labels/label-row';
import { labelBounds, type LabelMessage } from '@assay/shared/contracts/label-message';
import { topics } from '@assay/shared/contracts/topics';
import { KIB } from '@assay/shared/contracts/units';
import { sourceRecord } from '@assay/shared/testing/source-record';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { redecideAll } from '../decisions/redecide.verb.ts';
import { byText, docIdOf, labelRow, textHashOf } from '../testing/label-row.ts';
import { DEFAULT, ValidatorBed } from '../testing/validator-bed.ts';
import { decodeLabel } from './decode-label.step.ts';
import { rejectExpired } from './waiting-labels.ts';

/** Text that no compression makes small enough for an index. */
function noise(seed: string, length: number): string {
  let text = '';
  for (let n = 0; text.length < length; n++)
    text += createHash('sha256').update(`${seed} ${n}`).digest('base64').slice(0, 43);
  return text.slice(0, length);
}

const says = (value: LabelValue) => ({ label: labelKey(value), value: labelJson(value) });
const text = (said: string) => says({ kind: 'text', text: said });
const spans = (seed: string, count: number) =>
  says({
    kind: 'spans',
    spans: Array.from({ length: count }, (_, n) => ({ start: n * 7, end: n * 7 + 3, label: noise(`${seed}${n}`, 12) })),
  });

/** What no door refuses, in every place where a key could be made of it. */
const PATH = `${'あ'.repeat(Math.floor((labelBounds['origin.path'] - 1) / 3))}a`;
const FIELD = noise('field', labelBounds.field);
const ID = noise('id', 200 * KIB);
const TOOL = noise('tool', labelBounds['origin.tool']);
const largest = (row: number, changes: Partial<LabelMessage> = {}): LabelMessage => {
  const label = labelRow(`${PATH}#${row}`, {
    field: FIELD,
    annotator_id: noise(`annotator ${row}`, MAX_ANNOTATOR_BYTES),
    ...text(noise(`label ${row}`, MAX_LABEL_BYTES)),
    ...changes,
  });
  const origin = { tool: TOOL, tool_annotation_id: `${ID} ${row}` };
  return { ...label, origin: { ...label.origin, ...origin } };
};

describe('the largest label rows that the doors let in', () => {
  let bed: ValidatorBed;
  beforeAll(async () => {
    bed = await ValidatorBed.start();
  });
  afterAll(() => bed.stop());
  beforeEach(async () => {
    await bed.clear();
    await bed.addDocuments([1]);
  });

  const settle = async (...labels: LabelMessage[]) => {
    for (const label of labels)
      expect(decodeLabel({ ...sourceRecord(), value: Buffer.from(JSON.stringify(label)) }).kind).toBe('accepted');
    await bed.addFiles(labels);
    await bed.settle(labels);
  };

  /** The largest change event that Debezium would make of a decision: JSON columns are strings in it. */
  const largestEvent = async () => {
    const [row] = await bed.query<{ bytes: number }>(`
      select max(octet_length(json_build_object(
               'decision_id', decision_id, 'doc_id', doc_id, 'version', version, 'verdict', verdict, 'fields', fields::text,
               'votes', votes::text, 'reason', reason, 'rules_version', rules_version, 'decided_at', decided_at
             )::text)) as bytes from public.decisions`);
    return row!.bytes;
  };
  const newest = async () => {
    const { decisions } = await bed.state();
    return decisions.at(-1)!;
  };

  it('two annotators with 200 spans each are counted, and disagree', async () => {
    await settle(
      labelRow('a.json#1', spans('ann', 200)),
      labelRow('a.json#2', { annotator_id: 'bob', ...spans('bob', 200) }),
    );
    expect(await bed.verdicts()).toEqual({ [docIdOf(1)]: 'disagreement' });
    const { counts } = await bed.state();
    expect(counts.map(({ kind, n }) => `${kind} ${n}`).toSorted()).toEqual(['item 1', 'pair 1', 'rater 1', 'rater 1']);
  });

  it('two annotators with the same 200 spans make gold with all of them', async () => {
    const same = spans('same', 200);
    await settle(labelRow('a.json#1', same), labelRow('a.json#2', { annotator_id: 'bob', ...same }));
    expect(await newest()).toMatchObject({ verdict: 'gold', fields: { label: { label: same.value } } });
    expect((await newest()).fields['label']!.labels, 'shown by its digest beside it').toEqual([
      expect.stringMatching(/^spans:\[\[0,3,".*…sha256:[0-9a-f]{64}$/s),
    ]);
  });

  it('votes, their repeats and their withdrawals', async () => {
    const votes = [largest(1), largest(2)];
    const withdrawal = { ...largest(3), op: 'withdraw' as const };
    const byFirst = { ...withdrawal, origin: { ...votes[0]!.origin, row: 3 } };
    await settle(...votes, byFirst);
    expect(await bed.account()).toMatchObject({ live: 1, withdrawn: 1, gold: 1 });
    await redecideAll(bed.postgres, DEFAULT, () => {});
    expect(await bed.account()).toMatchObject({ live: 1, withdrawn: 1, gold: 1 });
  });

  it('those that wait, are rejected at once or in the end', async () => {
    await bed.addDocument(docIdOf(2), textHashOf(2));
    await bed.addDocument(docIdOf(3), textHashOf(2));
    await settle(largest(1, { doc_id: docIdOf(9) }), largest(2, byText(2)));
    expect(await bed.account()).toMatchObject({ waiting_rows: 1, rejected_rows: 1 });
    expect(await rejectExpired(bed.postgres, -1)).toBe(1);
    expect(await bed.account()).toMatchObject({ waiting_rows: 0, rejected_rows: 2 });
  });

  it('a document with hundreds of long dissents has an event that its topic takes', async () => {
    await settle(...Array.from({ length: 300 }, (_, n) => largest(n + 1, text('"'.repeat(4_000 + n)))));
    expect(await bed.verdicts()).toEqual({ [docIdOf(1)]: 'disagreement' });
    expect(await largestEvent()).toBeLessThan(topics.decisionChanges.maxMessageBytes - 64 * KIB);
    const [row] = await bed.query<{ reason: string; votes: unknown[] }>('select reason, votes from public.decisions');
    expect(row!.reason).toContain('disagreement (300 live votes, 300 labels');
    expect(row!.votes.length).toBeLessThanOrEqual(100);
  });

  describe('gold in several fields, of labels that JSON makes seven times as long', () => {
    const fields = (count: number) =>
      Array.from({ length: count }, (_, n) =>
        largest(n + 1, { field: `field ${n}`, ...text(`${n} ${'\u0001'.repeat(MAX_LABEL_BYTES - 4)}.`) }),
      );

    it('carries them whole as long as an event holds them', async () => {
      const votes = fields(4);
      await settle(...votes);
      const { verdict, fields: decided } = await newest();
      expect(verdict).toBe('gold');
      expect(Object.values(decided).map(({ label }) => label)).toEqual(votes.map(({ value }) => value));
      expect(await largestEvent()).toBeLessThan(topics.decisionChanges.maxMessageBytes - 64 * KIB);
    });

    it('is no gold when none does, says why, and does not say it again', async () => {
      await settle(...fields(6));
      await redecideAll(bed.postgres, DEFAULT, () => {});
      expect(await bed.state()).toMatchObject({ decisions: [{ version: 1, verdict: 'pending', fields: {} }] });
      const [row] = await bed.query<{ reason: string }>('select reason from public.decisions');
      expect(row!.reason).toMatch(/^its labels or fields are larger together than a decision may be/);
      expect(await largestEvent()).toBeLessThan(topics.decisionChanges.maxMessageBytes - 64 * KIB);
    });
  });
});
