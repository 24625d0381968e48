import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { inTemporaryFolder, validateFolder } from './testing/validate-files.ts';

interface Expected {
  readonly files: number;
  readonly rows: number;
  readonly rejected_rows: Readonly<Record<string, number>>;
  readonly duplicate_rows: number;
  readonly superseded_rows: number;
  readonly live_rows: number;
  readonly documents: number;
  readonly decisions: Readonly<Record<'gold' | 'disagreement' | 'low_confidence', number>>;
  readonly live_rows_by_decision: Readonly<Record<'gold' | 'disagreement' | 'low_confidence', number>>;
  readonly decision_digest_xor64_of_sha256_doc_key: Readonly<Record<string, string>>;
}

/** The generator's digest: XOR over all documents of the first 64 bits of SHA-256 of the document's key. */
function digest(lines: readonly { readonly doc_id: string }[]): string {
  const bits = lines.map(({ doc_id: id }) =>
    createHash('sha256')
      .update(id.replace(/^text:/, ''))
      .digest()
      .readBigUInt64BE(),
  );
  return bits
    .reduce((all, own) => all ^ own, 0n)
    .toString(16)
    .padStart(16, '0');
}

const votesIn = (lines: readonly { readonly votes: readonly unknown[] }[]) =>
  lines.reduce((sum, { votes }) => sum + votes.length, 0);

// Made by bench/validate/gen_labels.py, an independent reading of the rules: see testdata/golden/README.md.
describe('assay validate on generated label files', { timeout: 60_000 }, () => {
  it.each(['original', 'extended', 'extended-jsonl', 'extended-parquet'])('%s', async (name) => {
    const folder = fileURLToPath(new URL(`../testdata/golden/${name}`, import.meta.url));
    const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Expected;
    const { report, gold, disagreements, lowConfidence } = await inTemporaryFolder(async (out) =>
      validateFolder(join(folder, 'labeled'), out),
    );
    expect(report).toMatchObject({
      rows: expected.rows,
      live: expected.live_rows,
      superseded: expected.superseded_rows,
      duplicate: expected.duplicate_rows,
      rejected_by_reason: expected.rejected_rows,
      files: { read: expected.files, rejected: 0 },
      documents: expected.documents,
      decisions: { ...expected.decisions, pending: 0 },
    });
    expect({ disagreement: votesIn(disagreements), low_confidence: votesIn(lowConfidence) }).toEqual({
      disagreement: expected.live_rows_by_decision.disagreement,
      low_confidence: expected.live_rows_by_decision.low_confidence,
    });
    expect({ gold: digest(gold), disagreement: digest(disagreements), low_confidence: digest(lowConfidence) }).toEqual(
      expected.decision_digest_xor64_of_sha256_doc_key,
    );
  });
});
