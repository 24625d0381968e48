import { parseLabelCell } from './label-cell.ts';
import { DEFAULT_FIELD } from './label.ts';
import type { Label } from './label.ts';
import type { Cell, LabelRow } from './label-row.ts';
import type { RecordView } from './record-reader.ts';

/** The canonical label of a row that passed. */
export function labelOf(row: LabelRow, record: RecordView, path: string): Label {
  return {
    docId: textOrNull(row.docId),
    text: textOrNull(row.text),
    annotator: textOrNull(row.annotator),
    field: textOrNull(row.field) ?? DEFAULT_FIELD,
    value: parseLabelCell(row.label.toString()),
    confidence: Number.isNaN(row.confidence) ? null : row.confidence,
    partConfidences: null,
    annotatedAt: textOrNull(row.annotatedAtCell),
    origin: { tool: 'file', id: null, path, row: row.row, version: null },
    extra: record.extra(),
  };
}

function textOrNull(cell: Cell): string | null {
  return cell.isEmpty() ? null : cell.toString();
}
