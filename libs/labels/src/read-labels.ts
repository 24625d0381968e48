import { parseLabelCell } from './label-cell.ts';
import { DEFAULT_FIELD } from './label.ts';
import type { Label } from './label.ts';
import { bytesSource, readLabelFile } from './label-file.ts';
import type { FileOutcome } from './label-file.ts';
import { defaultSettings } from './label-row.ts';
import type { Cell, LabelRow, SourceSettings } from './label-row.ts';
import type { RowReason } from './reasons.ts';
import type { RecordView } from './record-reader.ts';

export interface RejectedRow {
  readonly row: number;
  readonly reason: RowReason;
  readonly record: unknown;
}

export interface LabelsRead {
  /** Without labels where the file was rejected: none of its rows counts. */
  readonly outcome: FileOutcome;
  readonly labels: readonly Label[];
  readonly rejected: readonly RejectedRow[];
}

/** A whole label file as canonical labels: for files as people and tools drop them, up to some hundred megabytes. What
 * counts millions of rows uses `readLabelFile` and makes no objects. */
export async function readLabels(
  path: string,
  bytes: Uint8Array,
  settings: SourceSettings = defaultSettings,
): Promise<LabelsRead> {
  let labels: Label[] = [];
  let rejected: RejectedRow[] = [];
  const outcome = await readLabelFile(
    bytesSource(path, bytes),
    {
      begin: () => {
        labels = [];
        rejected = [];
      },
      accept: (row, record) => void labels.push(labelOf(row, record, path)),
      reject: (row, reason, record) => void rejected.push({ row, reason, record }),
    },
    settings,
  );
  return outcome.kind === 'read' ? { outcome, labels, rejected } : { outcome, labels: [], rejected: [] };
}

/** The canonical label of a row that passed. */
export function labelOf(row: LabelRow, record: RecordView, path: string): Label {
  return {
    docId: textOrNull(row.docId),
    text: textOrNull(row.text),
    annotator: textOrNull(row.annotator),
    field: textOrNull(row.field) ?? DEFAULT_FIELD,
    value: parseLabelCell(row.label.toString()),
    confidence: row.confidence,
    partConfidences: null,
    annotatedAt: textOrNull(row.annotatedAtCell),
    origin: { tool: 'file', id: null, path, row: row.row, version: null },
    extra: record.extra(),
  };
}

function textOrNull(cell: Cell): string | null {
  return cell.isEmpty() ? null : cell.toString();
}
