import { columns, type Column } from './column-names.ts';
import { MAX_COLUMNS } from './limits.ts';
import type { FileReason } from './reasons.ts';

/** Where each column stands in a header; -1 for a column that is not there. */
export type ColumnIndexes = Readonly<Record<Column, number>>;

/** The other names of each column (docs/label-rules.md#2-reading). */
export const columnAliases: Readonly<Record<Column, readonly string[]>> = {
  doc_id: ['UNIQUE_DOC_ID', 'document_id', 'external_id'],
  text: ['TicketText', 'content'],
  annotator_id: ['annotator', 'completed_by', 'user_id', 'worker', 'annotator.email'],
  field: [],
  label: ['choice', 'sentiment', 'consensus_label'],
  confidence_score: ['LabelConfidence', 'confidence', 'score', 'probability'],
  annotated_at: [],
};

const columnByName = new Map<string, Column>(
  columns.flatMap((column) => [column, ...columnAliases[column]].map((name) => [foldName(name), column] as const)),
);

/** `id` is the document in Argilla's exports, but the task in Label Studio's and a row number in most others. */
const ARGILLA_ID = 'id';

function foldName(name: string): string {
  return name.toLowerCase().replace(/[\s_]+/g, '');
}

/** Argilla's flattened exports carry its own record id, and one `<question>.responses` column for each question. */
export function isArgillaHeader(names: readonly string[]): boolean {
  return names.some((name) => /^_server_id$|\.responses$/i.test(name.trim()));
}

/** Which column a header name stands for: case, white space and underscores do not matter. */
export function columnOf(name: string, isArgilla = false): Column | undefined {
  const folded = foldName(name);
  return isArgilla && folded === ARGILLA_ID ? 'doc_id' : columnByName.get(folded);
}

export function countKnownColumns(names: readonly string[]): number {
  const isArgilla = isArgillaHeader(names);
  return new Set(names.map((name) => columnOf(name, isArgilla)).filter((column) => column !== undefined)).size;
}

export interface NeededColumns {
  /** False where a setting says what a missing confidence means: the column may then be absent. */
  readonly isConfidenceNeeded: boolean;
}

/** The indexes of a header's columns, or why the file is rejected. Only the text or the doc_id is needed to find the
 * document, and an annotator is never needed: Azure ML exports none. */
export function matchColumns(names: readonly string[], needed: NeededColumns): ColumnIndexes | FileReason {
  if (names.length > MAX_COLUMNS) return 'too_many_columns';
  const isArgilla = isArgillaHeader(names);
  const indexes = Object.fromEntries(columns.map((column) => [column, -1])) as Record<Column, number>;
  for (const [index, name] of names.entries()) {
    const column = columnOf(name, isArgilla);
    if (column === undefined) continue;
    if (indexes[column] >= 0) return `duplicate_column:${column}`;
    indexes[column] = index;
  }
  if (columns.every((column) => indexes[column] < 0)) return 'missing_header';
  if (indexes.text < 0 && indexes.doc_id < 0) return 'missing_column:text';
  if (indexes.label < 0) return 'missing_column:label';
  if (indexes.confidence_score < 0 && needed.isConfidenceNeeded) return 'missing_column:confidence_score';
  return indexes;
}

/** Two columns we do not know may share a name; neither is lost. */
export function freeName(taken: Pick<ReadonlySet<string>, 'has'>, name: string): string {
  if (!taken.has(name)) return name;
  let count = 2;
  while (taken.has(`${name}_${count}`)) count += 1;
  return `${name}_${count}`;
}
