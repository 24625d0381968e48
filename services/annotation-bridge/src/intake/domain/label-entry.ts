import { textHash } from '@assay/labels/document-key';
import { instantText } from '@assay/labels/instant';
import { labelJson, labelKey } from '@assay/labels/label';
import type { LabelRow } from '@assay/labels/label-row';
import { labelOf } from '@assay/labels/label-of-row';
import type { RowReason } from '@assay/labels/reasons';
import type { RecordView } from '@assay/labels/record-reader';
import type { LabelMessage } from '@assay/shared/contracts/label-message';
import { toPostgresJson, toPostgresText } from '@assay/shared/contracts/postgres-text';
import { topics } from '@assay/shared/contracts/topics';
import { KIB, MIB } from '@assay/shared/contracts/units';

/** What becomes of one row of a label file: it is sent on, or kept with the reason why not. */
export type LabelEntry =
  | { readonly kind: 'message'; readonly key: string; readonly value: string }
  | { readonly kind: 'rejected'; readonly row: number; readonly reason: RowReason; readonly record: unknown };

export interface LabelFileName {
  readonly path: string;
  readonly sha256: string;
}

/** Room for the headers and the framing of a record around the value. */
const VALUE_MAX_BYTES = topics.labels.maxMessageBytes - 64 * KIB;

/** A longer record is kept as its length: it would be a broken file in one cell, and nobody reads it in a table. */
const RECORD_MAX_LENGTH = MIB;

export function rejectedEntry(row: number, reason: RowReason, record: unknown): LabelEntry {
  const length = JSON.stringify(record)?.length ?? 0;
  return {
    kind: 'rejected',
    row,
    reason,
    record: length > RECORD_MAX_LENGTH ? { too_long: length } : toPostgresJson(record ?? null),
  };
}

export function labelEntry(row: LabelRow, record: RecordView, file: LabelFileName): LabelEntry {
  const message = labelMessage(row, record, file);
  // Waiting could not help a document of which no id of ours will ever be the name.
  if (message === null) return rejectedEntry(row.row, 'unknown_document', record.record());
  const key = message.doc_id ?? message.text_hash ?? '';
  const value = JSON.stringify(message);
  if (Buffer.byteLength(value) <= VALUE_MAX_BYTES) return { kind: 'message', key, value };
  // The text only helps to find the document, and its hash has done that.
  const shorter = JSON.stringify({ ...message, text: null });
  if (Buffer.byteLength(shorter) <= VALUE_MAX_BYTES) return { kind: 'message', key, value: shorter };
  return rejectedEntry(row.row, 'malformed_row', record.record());
}

const DOC_ID = /^[0-9a-f]{32}$/;

/** Null when the row names a document by something that is no doc_id. */
function labelMessage(row: LabelRow, record: RecordView, { path, sha256 }: LabelFileName): LabelMessage | null {
  const label = labelOf(row, record, path);
  const docId = label.docId === null ? null : toPostgresText(label.docId);
  if (docId !== null && !DOC_ID.test(docId)) return null;
  const text = label.text === null ? null : toPostgresText(label.text);
  return {
    v: 1,
    op: extraText(label.extra, 'op')?.toLowerCase() === 'withdraw' ? 'withdraw' : 'vote',
    doc_id: docId,
    text_hash: text === null ? null : textHash(text),
    field: toPostgresText(label.field),
    annotator_id: label.annotator === null ? null : toPostgresText(label.annotator),
    label: toPostgresText(labelKey(label.value)),
    value: toPostgresJson(labelJson(label.value)),
    confidence_score: row.confidence,
    annotated_at: instantOf(row.annotatedAt),
    text,
    origin: {
      path,
      sha256,
      row: row.row,
      tool: extraText(label.extra, 'tool') ?? label.origin.tool,
      tool_annotation_id: extraText(label.extra, 'annotation_id') ?? label.origin.id,
    },
  };
}

function instantOf(micros: number): string | null {
  if (Number.isNaN(micros)) return null;
  const text = instantText(micros);
  // A zone can carry the first or the last day of the calendar out of the years everybody can write.
  return /^(?!0000)\d{4}-/.test(text) ? text : null;
}

/** A column of the file that is none of the label columns; files the bridge wrote itself carry these. */
function extraText(extra: Readonly<Record<string, unknown>>, name: string): string | null {
  const value = extra[name];
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const text = toPostgresText(String(value)).trim();
  return text === '' ? null : text;
}
