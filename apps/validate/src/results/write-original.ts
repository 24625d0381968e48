import type { Verdict } from '@assay/labels/decide';
import { DocumentLines } from './document-lines.ts';
import type { KnownLabel } from '../rows/dictionaries.ts';
import type { ResultFiles } from './result-files.ts';
import type { RowCollector } from '../rows/row-collector.ts';
import type { RowNames } from '../rows/row-names.ts';
import { NO_TEXT } from '../rows/row-table.ts';
import type { RowsByDocument } from '../decisions/settle-rows.ts';
import type { TextReader } from '../rows/text-store.ts';

export interface OriginalCounts {
  /** Texts with a clean row, texts with two labels, texts with neither. */
  readonly decisions: Readonly<Record<Verdict, number>>;
  readonly cleanRows: number;
  readonly rowsBelowThreshold: number;
}

export interface OriginalRun {
  readonly collector: RowCollector;
  /** By exact text. */
  readonly rows: RowsByDocument;
  readonly threshold: number;
  readonly names: RowNames;
}

/** decideOriginal of @assay/labels for a whole run, which is one batch. What the original drops without a word is listed
 * in low_confidence.jsonl, unless another row of the same text is clean. */
export function writeOriginal(run: OriginalRun, texts: TextReader, results: ResultFiles): OriginalCounts {
  const writer = new OriginalWriter(run, texts, results);
  for (let document = 0; document + 1 < run.rows.starts.length; document += 1) writer.write(document);
  return writer;
}

class OriginalWriter implements OriginalCounts {
  readonly decisions = { gold: 0, disagreement: 0, low_confidence: 0, pending: 0 };
  cleanRows = 0;
  rowsBelowThreshold = 0;
  readonly #run: OriginalRun;
  readonly #results: ResultFiles;
  readonly #lines: DocumentLines;

  constructor(run: OriginalRun, texts: TextReader, results: ResultFiles) {
    this.#run = run;
    this.#results = results;
    this.#lines = new DocumentLines(run.collector, run.names, texts);
  }

  write(document: number): void {
    const { collector, rows: byText, threshold } = this.#run;
    const all = byText.rows.subarray(byText.starts[document], byText.starts[document + 1]);
    if (all.length === 0) return;
    const { confidence, text } = collector.table;
    const confident = all.filter((row) => (confidence[row] ?? 0) >= threshold);
    this.rowsBelowThreshold += all.length - confident.length;
    const shownText = text[all[0] ?? 0] ?? NO_TEXT;
    const labels = this.#labelsOf(confident);
    const json = labels.map((label) => JSON.stringify(label.json));
    if (labels.length > 1) {
      const rows = { document, rows: confident, text: shownText };
      this.decisions.disagreement += 1;
      this.#lines.votes(this.#results.writer('disagreements.jsonl'), rows, json, false);
      const log = this.#results.writer('disagreements.log');
      this.#lines.log(
        log,
        rows,
        labels.map((label) => label.text),
      );
    } else if (labels.length === 1) this.#writeClean(confident);
    else this.#writeDropped({ document, rows: all, text: shownText });
  }

  #writeClean(rows: Int32Array): void {
    this.decisions.gold += 1;
    this.cleanRows += rows.length;
    for (const row of rows) this.#lines.originalRow(this.#results.writer('clean_training_dataset.jsonl'), row);
  }

  #writeDropped(rows: { document: number; rows: Int32Array; text: number }): void {
    this.decisions.low_confidence += 1;
    const json = this.#labelsOf(rows.rows).map((label) => JSON.stringify(label.json));
    this.#lines.votes(this.#results.writer('low_confidence.jsonl'), rows, json, false);
  }

  #labelsOf(rows: Int32Array): KnownLabel[] {
    const { table, labels } = this.#run.collector;
    const found = new Set(Array.from(rows, (row) => table.label[row] ?? 0));
    const known = [...found].map((label) => labels.labels[label]).filter((label) => label !== undefined);
    return known.toSorted((left, right) => (left.key < right.key ? -1 : 1));
  }
}
