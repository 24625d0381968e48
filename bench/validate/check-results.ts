import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** expected.json of gen_labels.py, as far as it is compared. */
export interface Expected {
  readonly rows: number;
  readonly rejected_rows: Readonly<Record<string, number>>;
  readonly duplicate_rows: number;
  readonly superseded_rows: number;
  readonly live_rows: number;
  readonly documents: number;
  readonly decisions: Readonly<Record<string, number>>;
  readonly decision_digest_xor64_of_sha256_doc_key: Readonly<Record<string, string>>;
}

/** Counts of a baseline's summary.json. */
export function checkSummary(expected: Expected, path: string): string[] {
  const found = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  return compare(found, {
    rows: expected.rows,
    rejected_rows: expected.rejected_rows,
    duplicate_rows: expected.duplicate_rows,
    superseded_rows: expected.superseded_rows,
    live_rows: expected.live_rows,
    documents: expected.documents,
    decisions: expected.decisions,
  });
}

/** Counts of report.json, and the digests of the documents in each result file. */
export async function checkAssay(expected: Expected, out: string): Promise<string[]> {
  const found = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')) as Record<string, unknown>;
  const digests = {
    gold: await digestOf(join(out, 'clean_training_dataset.jsonl')),
    disagreement: await digestOf(join(out, 'disagreements.jsonl')),
    low_confidence: await digestOf(join(out, 'low_confidence.jsonl')),
  };
  const counts = compare(found, {
    rows: expected.rows,
    rejected_by_reason: expected.rejected_rows,
    duplicate: expected.duplicate_rows,
    superseded: expected.superseded_rows,
    live: expected.live_rows,
    documents: expected.documents,
    decisions: { ...expected.decisions, pending: 0 },
  });
  return [...counts, ...compare(digests, expected.decision_digest_xor64_of_sha256_doc_key)];
}

function compare(found: Readonly<Record<string, unknown>>, wanted: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(wanted).flatMap(([name, value]) =>
    isDeepStrictEqual(found[name], value)
      ? []
      : [`${name} is ${JSON.stringify(found[name])}, expected ${JSON.stringify(value)}`],
  );
}

/** XOR over the lines of the first 64 bits of SHA-256 of the document's key. */
async function digestOf(path: string): Promise<string> {
  let all = 0n;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    const { doc_id: id } = JSON.parse(line) as { doc_id: string };
    all ^= createHash('sha256')
      .update(id.replace(/^text:/, ''))
      .digest()
      .readBigUInt64BE();
  }
  return all.toString(16).padStart(16, '0');
}
