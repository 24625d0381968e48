import { mutatedContent } from '@assay/labels/testing/mutated-content';
import { sourceRecord } from '@assay/shared/testing/source-record';
import { describe, expect, it } from 'vitest';
import { decodeLabel } from './decode-label.step.ts';
import { voteRowOf } from './domain/vote-row.ts';

/** `npm test -- long` takes 100,000. */
const RUNS = Number(process.env['ASSAY_MUTATIONS'] ?? 500);

const label = {
  v: 1,
  op: 'vote',
  doc_id: 'd'.repeat(32),
  text_hash: null,
  field: 'label',
  annotator_id: 'ann',
  label: 'choice:bug',
  value: { spans: [[0, 4, 'bug']] },
  confidence_score: 0.9,
  annotated_at: '2026-11-21T09:30:00.000001+02:00',
  text: 'a text',
  origin: { path: '2026/11/21/a.csv', sha256: 'a'.repeat(64), row: 1, tool: 'file', tool_annotation_id: null },
};
const sample = Buffer.from(JSON.stringify(label));

/** Null where the message becomes a vote, a removal or a dead letter. */
function faultOf(value: Buffer): string | null {
  const outcome = decodeLabel({ ...sourceRecord(), value });
  if (outcome.kind !== 'accepted') return outcome.kind === 'deadLettered' ? null : outcome.kind;
  if (outcome.value.op === 'remove') return null;
  const id = voteRowOf('d'.repeat(32), outcome.value).annotation_id;
  return /^[0-9a-f]{32}$/.test(id) ? null : 'is a vote without an id';
}

describe('label messages that something happened to', { timeout: 60_000 + RUNS * 10 }, () => {
  it(`${RUNS} of them become a vote or a dead letter`, () => {
    for (let seed = 0; seed < RUNS; seed++) expect(faultOf(mutatedContent(sample, seed)), `seed ${seed}`).toBeNull();
  });
});
