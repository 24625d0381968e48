import type { CleanLine } from '@assay/shared/contracts/release';
import type { GoldLine } from '@assay/shared/contracts/gold-line';

/** A training example as a release shows it; null for a document that was taken out again. */
export function cleanLineOf(line: GoldLine): CleanLine | null {
  if (line.op === 'retract') return null;
  const { doc_id, text, label, labels, confidence_score, annotators, decided_at, life, version } = line;
  const named = labels === undefined ? { label } : { labels };
  // Lines from before there were lives have none, and a release of them that was begun then is finished with the same bytes.
  const lived = life === undefined ? {} : { life };
  return { doc_id, text, ...named, confidence_score, annotators, decided_at, ...lived, version };
}
