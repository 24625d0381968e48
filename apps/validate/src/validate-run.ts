import { randomInt } from 'node:crypto';
import { InputError } from '@assay/cli/verb';
import { ByteHash } from './bytes/byte-hash.ts';
import { countAgreement } from './decisions/count-agreement.ts';
import type { FieldAgreement } from './decisions/count-agreement.ts';
import { decideDocuments } from './decisions/decide-documents.ts';
import { FileOpener, readLabelFiles } from './files/read-label-files.ts';
import { checkOutput, findLabelFiles } from './files/find-label-files.ts';
import { checkGates } from './report/gates.ts';
import type { ValidateOptions } from './options.ts';
import { Progress } from './files/progress.ts';
import { buildReport } from './report/report.ts';
import type { Report } from './report/report.ts';
import { htmlReport } from './report/report-html.ts';
import { PENDING_NAME, ResultFiles, resultNames } from './results/result-files.ts';
import { RowCollector } from './rows/row-collector.ts';
import { RowNames } from './rows/row-names.ts';
import { LIVE, REJECTED_ROW, groupByDocument, settleRows } from './decisions/settle-rows.ts';
import { REJECTED } from './rows/row-table.ts';
import { TextStore } from './rows/text-store.ts';
import { writeDecisions } from './results/write-decisions.ts';
import { writeOriginal } from './results/write-original.ts';

/** What a run takes from the world around it, besides files. */
export interface RunEnvironment {
  readonly process: { readonly id: number; isAlive(id: number): boolean };
  /** Milliseconds that only go forward. */
  readonly now: () => number;
  readonly tell: (line: string) => void;
}

export interface FinishedRun {
  readonly report: Report;
  readonly agreement: readonly FieldAgreement[];
}

/** The whole of `assay validate`: files in, results and report out. In stages, each over all rows: read, settle, group,
 * decide, compare, write. */
export async function runValidation(options: ValidateOptions, environment: RunEnvironment): Promise<FinishedRun> {
  const { files, passedOver } = findLabelFiles(options.inputs);
  if (files.length === 0) throw new InputError(nothingToRead(options.inputs, passedOver));
  checkOutput(options.out, options.inputs, [...resultNames, PENDING_NAME]);
  const results = new ResultFiles(options.out, environment.process);
  try {
    const seed = randomInt(2 ** 32);
    const texts = new TextStore(results.scratchPath('texts'), new ByteHash(seed));
    const rejectedRows = results.writer('rejected.jsonl');
    const collector = new RowCollector({ texts, rejectedRows, seed, isOriginal: options.isOriginal });
    const progress = new Progress(files.length, environment.now, environment.tell);
    const opener = new FileOpener((bytes) => {
      const filesDone = collector.files.length + collector.rejectedFiles.length;
      progress.read(bytes, { filesDone, rows: collector.table.length });
    });
    await readLabelFiles(files, { collector, opener, settings: options.settings });
    progress.tell(() => 'deciding and writing');
    const decided = options.isOriginal
      ? decideAsOriginal(collector, texts, options, results)
      : decideByRules(collector, texts, options, results);
    return finish(decided, { collector, passedOver, options, results });
  } finally {
    results.cleanUp();
  }
}

interface Decided extends Pick<Report, 'decisions' | 'original'> {
  readonly states: Uint8Array;
  readonly agreement: readonly FieldAgreement[];
}

function decideByRules(
  collector: RowCollector,
  texts: TextStore,
  { rules }: ValidateOptions,
  results: ResultFiles,
): Decided {
  const { table, documents, fields } = collector;
  const states = settleRows(table, texts);
  const live = groupByDocument(table, documents.size, (row) => states[row] === LIVE);
  const names = new RowNames(collector);
  const required = rules.requiredFields;
  const onlyField = required === null ? null : required.length === 1 ? fields.names.indexOf(required[0] ?? '') : -1;
  const voteNames = { vote: (row: number) => names.vote(row), onlyField };
  const decided = decideDocuments(table, live, rules, voteNames);
  const agreement = countAgreement(table, live, collector);
  const reader = texts.finish();
  try {
    writeDecisions({ collector, live, decided, rules, voteNames, names }, reader, results);
  } finally {
    reader.close();
  }
  return { states, decisions: decided.counts, agreement };
}

/** The original settles nothing and measures no agreement: every row that can be read takes part. */
function decideAsOriginal(
  collector: RowCollector,
  texts: TextStore,
  { rules }: ValidateOptions,
  results: ResultFiles,
): Decided {
  const { table, documents } = collector;
  const states = Uint8Array.from(table.document.subarray(0, table.length), (document) =>
    document === REJECTED ? REJECTED_ROW : LIVE,
  );
  const rows = groupByDocument(table, documents.size, (row) => states[row] === LIVE);
  const reader = texts.finish();
  try {
    const run = { collector, rows, threshold: rules.threshold, names: new RowNames(collector) };
    const { decisions, cleanRows, rowsBelowThreshold } = writeOriginal(run, reader, results);
    const original = { clean_rows: cleanRows, rows_below_threshold: rowsBelowThreshold };
    return { states, decisions, agreement: [], original };
  } finally {
    reader.close();
  }
}

function nothingToRead(inputs: readonly string[], passedOver: number): string {
  const others =
    passedOver === 0 ? '' : `; ${passedOver} are passed over by their names (see docs/label-rules.md#1-order)`;
  return `there are no files in ${inputs.join(', ')}${others}`;
}

function finish(
  decided: Decided,
  run: { collector: RowCollector; passedOver: number; options: ValidateOptions; results: ResultFiles },
): FinishedRun {
  const { collector, passedOver, options, results } = run;
  const { states, decisions, agreement, original } = decided;
  const built = buildReport({
    collector,
    passedOver,
    states,
    decisions,
    agreement,
    options,
    ...(original === undefined ? {} : { original }),
  });
  const { rejectedFiles } = collector;
  const report = { ...built, gates: checkGates(options.gates, { account: built, rejectedFiles, agreement }) };
  results.writer('report.json').text(`${JSON.stringify(report, null, 2)}\n`);
  results.writer('report.html').text(htmlReport(report, agreement));
  results.publish();
  return { report, agreement };
}
