import { labelKey } from './label.ts';
import type { Vote } from './votes.ts';

// `rules: original`: what the original Spark job decides, given a reader that works
// (docs/label-rules.md#11-original-rules). Kept for comparison. Its known defects are the point: a weak dissenter
// disappears before anybody looks for dissent, tickets with the same text are one, a vote is never replaced, and it
// knows nothing beyond one batch.

export interface OriginalDecision<V extends Vote = Vote> {
  /** One line each. */
  readonly clean: readonly V[];
  /** Confident rows of texts with two labels or more, by text. */
  readonly disagreements: ReadonlyMap<string, readonly V[]>;
  /** Dropped before anything was compared. */
  readonly belowThreshold: readonly V[];
}

/** Decides one batch. Rows without a text take no part: the original knows a document by nothing else. */
export function decideOriginal<V extends Vote>(batch: readonly V[], threshold: number): OriginalDecision<V> {
  const withText = batch.filter(({ text }) => text !== null);
  const confident = withText.filter(({ confidence }) => confidence >= threshold);
  const byText = new Map<string, V[]>();
  for (const row of confident) {
    const rows = byText.get(row.text ?? '');
    if (rows === undefined) byText.set(row.text ?? '', [row]);
    else rows.push(row);
  }
  const disagreements = new Map([...byText].filter(([, rows]) => countLabels(rows) > 1));
  return {
    clean: confident.filter(({ text }) => !disagreements.has(text ?? '')),
    disagreements,
    belowThreshold: withText.filter(({ confidence }) => confidence < threshold),
  };
}

function countLabels(rows: readonly Vote[]): number {
  return new Set(rows.map(({ label }) => labelKey(label))).size;
}
