import { verdicts } from '@assay/labels/decide';
import type { Decision, DecisionRules, Verdict } from '@assay/labels/decide';
import { NO_VERDICT, decideOne, isOneField } from '../decisions/decide-documents.ts';
import type { DecidedDocuments, VoteNames } from '../decisions/decide-documents.ts';
import { DocumentLines, decidingLabels, goldLabelOf } from './document-lines.ts';
import type { DocumentRows, GoldLabel, ShownLabels } from './document-lines.ts';
import type { KnownLabel } from '../rows/dictionaries.ts';
import { PENDING_NAME } from './result-files.ts';
import type { ResultFiles } from './result-files.ts';
import type { RowCollector } from '../rows/row-collector.ts';
import type { RowNames } from '../rows/row-names.ts';
import { ANONYMOUS, NO_INSTANT, NO_TEXT } from '../rows/row-table.ts';
import type { RowTable } from '../rows/row-table.ts';
import type { RowsByDocument } from '../decisions/settle-rows.ts';
import type { TextReader } from '../rows/text-store.ts';

export interface DecidedRun {
  readonly collector: RowCollector;
  readonly live: RowsByDocument;
  readonly decided: DecidedDocuments;
  readonly rules: DecisionRules;
  readonly voteNames: VoteNames;
  readonly names: RowNames;
}

/** Writes one line for each document, in the order of the texts they are shown with: the scratch file is then read once,
 * from front to back. */
export function writeDecisions(run: DecidedRun, texts: TextReader, results: ResultFiles): void {
  const writer = new DecisionWriter(run, texts, results);
  for (const document of documentsInTextOrder(run)) writer.write(document);
}

const fileOf = {
  disagreement: 'disagreements.jsonl',
  low_confidence: 'low_confidence.jsonl',
  pending: PENDING_NAME,
} as const;

class DecisionWriter {
  readonly #run: DecidedRun;
  readonly #lines: DocumentLines;
  readonly #results: ResultFiles;

  constructor(run: DecidedRun, texts: TextReader, results: ResultFiles) {
    this.#run = run;
    this.#results = results;
    this.#lines = new DocumentLines(run.collector, run.names, texts);
  }

  write(rows: DocumentRows): void {
    const { live, decided, rules, voteNames } = this.#run;
    const verdict = verdicts[decided.verdict[rows.document] ?? NO_VERDICT];
    if (verdict === undefined) return;
    const isSimple = isOneField(this.#run.collector.table, live, rows.document, voteNames.onlyField);
    if (!isSimple) this.#writeDecision(rows, decideOne(live, rows.document, rules, voteNames));
    else if (verdict === 'gold') this.#writeGold(rows, this.#goldLabel(rows.rows));
    else this.#writeVotes(rows, verdict, this.#labelsOf(rows.rows), false);
  }

  #writeDecision(rows: DocumentRows, decision: Decision): void {
    if (decision.verdict === 'gold') this.#writeGold(rows, goldLabelOf(decision));
    else this.#writeVotes(rows, decision.verdict, decidingLabels(decision), true);
  }

  #writeGold(rows: DocumentRows, label: GoldLabel): void {
    this.#lines.gold(this.#results.writer('clean_training_dataset.jsonl'), rows, label);
  }

  #writeVotes(rows: DocumentRows, verdict: Exclude<Verdict, 'gold'>, labels: ShownLabels, hasFields: boolean): void {
    this.#lines.votes(this.#results.writer(fileOf[verdict]), rows, labels.json, hasFields);
    if (verdict === 'disagreement') this.#lines.log(this.#results.writer('disagreements.log'), rows, labels.text);
  }

  /** decidingLabels for a document whose votes are all for one field. */
  #labelsOf(rows: Int32Array): ShownLabels {
    const { table, labels } = this.#run.collector;
    const known: KnownLabel[] = [];
    for (const row of rows) {
      const label = labels.labels[table.label[row] ?? 0];
      if (label !== undefined && !known.includes(label)) known.push(label);
    }
    known.sort((left, right) => (left.key < right.key ? -1 : 1));
    return { json: known.map(({ json }) => JSON.stringify(json)), text: known.map(({ text }) => text) };
  }

  /** goldLabelOf for a document whose votes are all for one field and agree: nearly all documents. */
  #goldLabel(rows: Int32Array): GoldLabel {
    const { collector, names, rules } = this.#run;
    const annotators: string[] = [];
    let confidence = 1;
    for (const row of rows) {
      const own = collector.table.confidence[row] ?? 0;
      if (own < rules.threshold) continue;
      if (own < confidence) confidence = own;
      if (collector.table.annotator[row] !== ANONYMOUS) annotators.push(names.annotator(row) ?? '');
    }
    if (annotators.length > 1) annotators.sort();
    return { member: `"label":${names.labelJson(rows[0] ?? 0)}`, confidence, annotators };
  }
}

function* documentsInTextOrder({ collector, live }: DecidedRun): Generator<DocumentRows> {
  const documents = live.starts.length - 1;
  const textOf = new Int32Array(documents).fill(NO_TEXT);
  const documentByText = new Int32Array(collector.textCount).fill(-1);
  const rowsOf = (document: number) => live.rows.subarray(live.starts[document], live.starts[document + 1]);
  for (let document = 0; document < documents; document += 1) {
    const text = newestText(collector.table, live, document);
    textOf[document] = text;
    if (text !== NO_TEXT) documentByText[text] = document;
  }
  for (const [text, document] of documentByText.entries()) {
    if (document >= 0) yield { document, rows: rowsOf(document), text };
  }
  for (let document = 0; document < documents; document += 1) {
    if (textOf[document] === NO_TEXT) yield { document, rows: rowsOf(document), text: NO_TEXT };
  }
}

/** The text of the newest live vote that has one: a corrected ticket is shown corrected. */
function newestText(table: RowTable, { starts, rows }: RowsByDocument, document: number): number {
  let newest = NO_INSTANT;
  let text = NO_TEXT;
  for (let at = starts[document] ?? 0; at < (starts[document + 1] ?? 0); at += 1) {
    const row = rows[at] ?? 0;
    if ((table.text[row] ?? NO_TEXT) === NO_TEXT || (table.annotatedAt[row] ?? NO_INSTANT) < newest) continue;
    newest = table.annotatedAt[row] ?? NO_INSTANT;
    text = table.text[row] ?? NO_TEXT;
  }
  return text;
}
