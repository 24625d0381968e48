import type { Verdict } from '@assay/labels/decide';
import { DocumentLines } from './document-lines.ts';
import type { DocumentRows } from './document-lines.ts';
import type { ResultFiles } from './result-files.ts';
import type { RowCollector } from './row-collector.ts';
import type { RowNames } from './row-names.ts';
import { NO_TEXT } from './row-table.ts';
import type { RowsByDocument } from './settle-rows.ts';
import type { TextReader } from './text-store.ts';

export interface OriginalCounts {
  /** Texts with a clean row, texts with two labels, texts with neither. */
  readonly decisions: Readonly<Record<Verdict, number>>;
  readonly cleanRows: number;
  readonly rowsBelowThreshold: number;
}

/** decideOriginal of @assay/labels for a whole run, which is one batch. A text's rows are met in row order, texts in the
 * order of their first row. What the original drops without a word is listed in low_confidence.jsonl, unless
 * another row of the same text is clean. */
export function writeOriginal(
  run: { collector: RowCollector; rows: RowsByDocument; threshold: number; names: RowNames },
  texts: TextReader,
  results: ResultFiles,
): OriginalCounts {
  const { collector, rows: byText, threshold, names } = run;
  const { table, labels } = collector;
  const lines = new DocumentLines(collector, names, texts);
  const decisions = { gold: 0, disagreement: 0, low_confidence: 0, pending: 0 };
  let cleanRows = 0;
  let rowsBelowThreshold = 0;
  for (let document = 0; document + 1 < byText.starts.length; document += 1) {
    const all = byText.rows.subarray(byText.starts[document], byText.starts[document + 1]);
    if (all.length === 0) continue;
    const confident = all.filter((row) => (table.confidence[row] ?? 0) >= threshold);
    rowsBelowThreshold += all.length - confident.length;
    const found = new Set(Array.from(confident, (row) => table.label[row] ?? 0));
    const known = [...found].map((label) => labels.labels[label]).filter((label) => label !== undefined);
    known.sort((left, right) => (left.key < right.key ? -1 : 1));
    const text = table.text[all[0] ?? 0] ?? NO_TEXT;
    const shown = (rows: Int32Array): DocumentRows => ({ document, rows, text });
    const json = known.map((label) => JSON.stringify(label.json));
    if (known.length > 1) {
      decisions.disagreement += 1;
      lines.votes(results.writer('disagreements.jsonl'), shown(confident), json, false);
      const logged = known.map((label) => label.text);
      lines.log(results.writer('disagreements.log'), shown(confident), logged);
    } else if (known.length === 1) {
      decisions.gold += 1;
      cleanRows += confident.length;
      for (const row of confident) lines.originalRow(results.writer('clean_training_dataset.jsonl'), row);
    } else {
      decisions.low_confidence += 1;
      const dropped = new Set(Array.from(all, (row) => names.labelJson(row)));
      lines.votes(results.writer('low_confidence.jsonl'), shown(all), [...dropped].toSorted(), false);
    }
  }
  return { decisions, cleanRows, rowsBelowThreshold };
}
