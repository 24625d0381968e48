import { decide, fieldVerdict, verdicts } from '@assay/labels/decide';
import type { Decision, DecisionRules, Verdict } from '@assay/labels/decide';
import type { Vote } from '@assay/labels/votes';
import type { RowsByDocument } from './settle-rows.ts';
import type { RowTable } from '../rows/row-table.ts';

/** Turns rows back into votes, for the few documents that the fast way does not cover. */
export interface VoteNames {
  vote(row: number): Vote;
  /** The one required field, by number; null where a document's own fields are required. -1 where documents with a single
   * field cannot be gold or several fields are required: all of them are then decided one by one. */
  readonly onlyField: number | null;
}

/** A document without live rows has no verdict. */
export const NO_VERDICT = 255;

export interface DecidedDocuments {
  /** Index into `verdicts` for each document. */
  readonly verdict: Uint8Array;
  readonly counts: Readonly<Record<Verdict, number>>;
}

/** Decides every document that has live rows. Documents whose votes are all for one field, which is nearly all of them,
 * are decided from the numbers; the others go through `decide` itself. */
export function decideDocuments(
  table: RowTable,
  live: RowsByDocument,
  rules: DecisionRules,
  names: VoteNames,
): DecidedDocuments {
  const documents = live.starts.length - 1;
  const verdict = new Uint8Array(documents).fill(NO_VERDICT);
  const counts = { gold: 0, disagreement: 0, low_confidence: 0, pending: 0 };
  for (let document = 0; document < documents; document += 1) {
    if (live.starts[document] === live.starts[document + 1]) continue;
    const found = isOneField(table, live, document, names.onlyField)
      ? decideFromNumbers(table, live, document, rules)
      : decideOne(live, document, rules, names).verdict;
    verdict[document] = verdicts.indexOf(found);
    counts[found] += 1;
  }
  return { verdict, counts };
}

export function decideOne(live: RowsByDocument, document: number, rules: DecisionRules, names: VoteNames): Decision {
  const rows = live.rows.subarray(live.starts[document], live.starts[document + 1]);
  return decide(
    Array.from(rows, (row) => names.vote(row)),
    rules,
  );
}

/** Whether all of a document's votes are for one field, and that field alone decides. */
export function isOneField(
  table: RowTable,
  { starts, rows }: RowsByDocument,
  document: number,
  onlyField: number | null,
): boolean {
  const start = starts[document] ?? 0;
  const end = starts[document + 1] ?? 0;
  const field = onlyField ?? table.field[rows[start] ?? 0];
  for (let at = start; at < end; at += 1) {
    if (table.field[rows[at] ?? 0] !== field) return false;
  }
  return true;
}

function decideFromNumbers(
  table: RowTable,
  { starts, rows }: RowsByDocument,
  document: number,
  rules: DecisionRules,
): Verdict {
  const start = starts[document] ?? 0;
  const end = starts[document + 1] ?? 0;
  const label = table.label[rows[start] ?? 0];
  let labels = 1;
  let confident = 0;
  for (let at = start; at < end; at += 1) {
    const row = rows[at] ?? 0;
    if (table.label[row] !== label) labels = 2;
    if ((table.confidence[row] ?? 0) >= rules.threshold) confident += 1;
  }
  return fieldVerdict(labels, end - start, confident, rules);
}
