import type { Label } from './label.ts';
import { readLabelFile } from './label-file.ts';
import type { FileOutcome } from './label-file.ts';
import { bytesSource } from './label-source.ts';
import { labelOf } from './label-of-row.ts';
import { defaultSettings } from './label-row.ts';
import type { SourceSettings } from './label-row.ts';
import type { RowReason } from './reasons.ts';

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
