import type { Verdict } from '@assay/labels/decide';
import type { FileReason, RowReason } from '@assay/labels/reasons';
import type { FileNote } from '@assay/labels/record-reader';
import { headlineKappa } from '../decisions/count-agreement.ts';
import type { FieldAgreement } from '../decisions/count-agreement.ts';
import type { GateResult } from './gates.ts';
import type { ValidateOptions } from '../options.ts';
import type { RowCollector } from '../rows/row-collector.ts';
import { LIVE, accountOf } from '../decisions/settle-rows.ts';
import type { RowAccount } from '../decisions/settle-rows.ts';

export interface LabelCount {
  readonly field: string;
  readonly label: string;
  readonly live_votes: number;
}

/** report.json. Its first ten members are the interface (docs/label-rules.md#the-command); the others tell how they
 * came about. */
export interface Report extends RowAccount {
  readonly rejected_by_reason: Readonly<Partial<Record<RowReason, number>>>;
  readonly files: { readonly read: number; readonly rejected: number; readonly passed_over: number };
  readonly rejected_files: Readonly<Record<string, FileReason>>;
  readonly decisions: Readonly<Record<Verdict, number>>;
  /** By field. */
  readonly agreement: Readonly<Record<string, unknown>>;
  readonly documents: number;
  readonly rows_of_rejected_files: number;
  readonly rejected_file_details: Readonly<Record<string, string>>;
  readonly rules: Readonly<Record<string, unknown>>;
  readonly notes: Readonly<Record<string, readonly FileNote[]>>;
  readonly by_file: Readonly<Record<string, RowAccount>>;
  readonly labels: readonly LabelCount[];
  readonly labels_left_out: number;
  /** Live votes by confidence: [0, 0.05), [0.05, 0.1), …, [0.95, 1]. */
  readonly confidence_histogram: readonly number[];
  readonly gates: readonly GateResult[];
  /** Only with `rules: original`. */
  readonly original?: { readonly clean_rows: number; readonly rows_below_threshold: number };
}

export interface ReportParts {
  readonly collector: RowCollector;
  readonly passedOver: number;
  readonly states: Uint8Array;
  readonly decisions: Readonly<Record<Verdict, number>>;
  readonly agreement: readonly FieldAgreement[];
  readonly options: ValidateOptions;
  readonly original?: { readonly clean_rows: number; readonly rows_below_threshold: number };
}

export function buildReport(parts: ReportParts): Omit<Report, 'gates'> {
  const { collector, passedOver, states, decisions, agreement, options, original } = parts;
  const { files, rejectedFiles } = collector;
  const { labels, leftOut } = countLabels(collector, states);
  return {
    ...accountOf(states, 0, states.length),
    rejected_by_reason: Object.fromEntries(collector.rejectedByReason),
    files: { read: files.length, rejected: rejectedFiles.length, passed_over: passedOver },
    rejected_files: Object.fromEntries(rejectedFiles.map(({ path, reason }) => [path, reason])),
    decisions,
    agreement: Object.fromEntries(agreement.map((field) => [field.field, agreementJson(field)])),
    documents: Object.values(decisions).reduce((sum, count) => sum + count, 0),
    rows_of_rejected_files: rejectedFiles.reduce((sum, { rows }) => sum + rows, 0),
    rejected_file_details: Object.fromEntries(
      rejectedFiles.flatMap(({ path, detail }) => (detail === undefined ? [] : [[path, detail]])),
    ),
    rules: rulesJson(options),
    notes: Object.fromEntries(files.filter(({ notes }) => notes.length > 0).map(({ path, notes }) => [path, notes])),
    by_file: Object.fromEntries(
      files.map(({ path, firstRow, rows }) => [path, accountOf(states, firstRow, firstRow + rows)]),
    ),
    labels,
    labels_left_out: leftOut,
    confidence_histogram: confidenceHistogram(collector, states),
    ...(original === undefined ? {} : { original }),
  };
}

/** Free text has as many labels as votes; the most frequent are enough for a report. */
function agreementJson({ report, documentsWithoutPairs }: FieldAgreement): unknown {
  const frequent = new Set(report.byLabel.toSorted((left, right) => right.votes - left.votes).slice(0, MAX_LABELS));
  const byLabel = report.byLabel.filter((label) => frequent.has(label));
  const labelsLeftOut = report.byLabel.length - byLabel.length;
  return snakeCased({ kappa: headlineKappa(report), ...report, byLabel, labelsLeftOut, documentsWithoutPairs });
}

/** Our JSON has snake_case members; names that are data stand in values and lists, never in keys. */
function snakeCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeCased);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [snakeName(name), snakeCased(member)]));
}

function snakeName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function rulesJson({ isOriginal, rules, settings }: ValidateOptions): Record<string, unknown> {
  return {
    rules: isOriginal ? 'original' : 'default',
    threshold: rules.threshold,
    min_annotators: rules.minAnnotators,
    min_confident_votes: rules.minConfidentVotes,
    required_fields: rules.requiredFields,
    missing_confidence: settings.missingConfidence,
    decimal_comma: settings.hasDecimalComma,
    confidence_control: settings.tools?.confidence ?? null,
  };
}

const MAX_LABELS = 1000;

function countLabels(collector: RowCollector, states: Uint8Array): { labels: LabelCount[]; leftOut: number } {
  const { table, fields, labels } = collector;
  const counts = new Map<number, number[]>();
  for (let row = 0; row < states.length; row += 1) {
    if (states[row] !== LIVE) continue;
    const field = table.field[row] ?? 0;
    const byLabel = counts.get(field) ?? [];
    if (byLabel.length === 0) counts.set(field, byLabel);
    byLabel[table.label[row] ?? 0] = (byLabel[table.label[row] ?? 0] ?? 0) + 1;
  }
  const all = [...counts].flatMap(([field, byLabel]) =>
    Object.entries(byLabel).map(([label, votes]) => ({
      field: fields.names[field] ?? '',
      label: labels.labels[Number(label)]?.text ?? '',
      live_votes: votes,
    })),
  );
  all.sort((left, right) => right.live_votes - left.live_votes || (left.label < right.label ? -1 : 1));
  return { labels: all.slice(0, MAX_LABELS), leftOut: Math.max(0, all.length - MAX_LABELS) };
}

const BINS = 20;

function confidenceHistogram({ table }: RowCollector, states: Uint8Array): number[] {
  const bins = Array.from({ length: BINS }, () => 0);
  for (let row = 0; row < states.length; row += 1) {
    if (states[row] !== LIVE) continue;
    // 0.15 · 20 is 3.0000000000000004 but 0.35 · 20 is 6.999999999999999: a nudge keeps decimals in their own bin.
    const bin = Math.min(BINS - 1, Math.floor((table.confidence[row] ?? 0) * BINS + 1e-9));
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  return bins;
}
