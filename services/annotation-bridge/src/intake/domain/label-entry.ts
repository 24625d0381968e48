import { hash } from 'node:crypto';
import { textHash } from '@assay/labels/document-key';
import { ofUnescapedText } from '@assay/labels/formula-cells';
import { instantText } from '@assay/labels/instant';
import { labelJson, labelKey } from '@assay/labels/label';
import type { LabelRow } from '@assay/labels/label-row';
import { labelOf } from '@assay/labels/label-of-row';
import type { RowReason } from '@assay/labels/reasons';
import type { RecordView } from '@assay/labels/record-reader';
import { labelBounds, type LabelMessage } from '@assay/shared/contracts/label-message';
import { toPostgresJson, toPostgresText } from '@assay/shared/contracts/postgres-text';
import { topics } from '@assay/shared/contracts/topics';
import { KIB, MIB } from '@assay/shared/contracts/units';
import type { LabelPrivacy, MaskedCounts } from './label-privacy.ts';
import { DIGEST_DIGITS } from './row-record.ts';

/** What becomes of one row of a label file: it is sent on, or kept with the reason why not. */
export type LabelEntry = MessageEntry | RejectedEntry;

interface RowEntry {
  readonly row: number;
  /** What the row says, wherever it stands. */
  readonly digest: string;
  readonly masked: MaskedCounts;
}

export interface MessageEntry extends RowEntry {
  readonly kind: 'message';
  readonly key: string;
  readonly value: string;
}

export interface RejectedEntry extends RowEntry {
  readonly kind: 'rejected';
  readonly key: '';
  readonly reason: RowReason;
  /** Null where it is not kept. */
  readonly record: unknown;
}

/** One content of a label file. Contents of a path are numbered, from 1. */
export interface LabelContent {
  readonly path: string;
  readonly generation: number;
  readonly sha256: string;
}

/** Room for the headers and the framing of a record around the value. */
const VALUE_MAX_BYTES = topics.labels.maxMessageBytes - 64 * KIB;

/** A longer record is kept as its length: it would be a broken file in one cell, and nobody reads it in a table. */
const RECORD_MAX_LENGTH = MIB;

/** How rows of one file become entries: where they stand, and what of them nobody may keep. */
export interface EntryContext {
  readonly content: LabelContent;
  readonly privacy: LabelPrivacy;
  readonly hasEscapedFormulas: boolean;
}

export function rejectedEntry(
  row: number,
  reason: RowReason,
  record: unknown,
  { privacy }: Pick<EntryContext, 'privacy'>,
): RejectedEntry {
  const length = JSON.stringify(record)?.length ?? 0;
  if (length > RECORD_MAX_LENGTH) return unkeptEntry(row, reason, { too_long: length });
  const masked = privacy.maskRecord(toPostgresJson(record ?? null));
  return { ...unkeptEntry(row, reason, masked.record), masked: masked.counts };
}

/** A rejected row of which nothing is kept but what is given here. */
export const unkeptEntry = (row: number, reason: RowReason, record: unknown): RejectedEntry => ({
  kind: 'rejected',
  row,
  key: '',
  digest: digestOf([reason, record]),
  reason,
  record,
  masked: {},
});

export function labelEntry(row: LabelRow, record: RecordView, context: EntryContext): LabelEntry {
  const found = labelMessage(row, record, context);
  // Waiting could not help a document of which no id of ours will ever be the name.
  if (found === null) return rejectedEntry(row.row, 'unknown_document', record.record(), context);
  const { message, masked } = found;
  if (isTooLong(message)) return rejectedEntry(row.row, 'label_too_long', record.record(), context);
  const value = JSON.stringify(message);
  if (Buffer.byteLength(value) <= VALUE_MAX_BYTES) return messageEntry(message, value, masked);
  // The text only helps to find the document, and its hash has done that.
  const shorter = JSON.stringify({ ...message, text: null });
  if (Buffer.byteLength(shorter) <= VALUE_MAX_BYTES) return messageEntry(message, shorter, masked);
  return rejectedEntry(row.row, 'malformed_row', record.record(), context);
}

function messageEntry(message: LabelMessage, value: string, masked: MaskedCounts): MessageEntry {
  const { origin, ...said } = message;
  return {
    kind: 'message',
    row: origin.row,
    key: message.doc_id ?? message.text_hash ?? '',
    digest: digestOf([said, origin.tool, origin.tool_annotation_id]),
    value,
    masked,
  };
}

const digestOf = (said: unknown): string => hash('sha256', JSON.stringify(said), 'hex').slice(0, DIGEST_DIGITS);

/** What no index of the validator holds; the path was looked at before the file was opened. */
const isTooLong = ({ field, origin: { tool } }: LabelMessage): boolean =>
  Buffer.byteLength(field) > labelBounds.field || Buffer.byteLength(tool) > labelBounds['origin.tool'];

const DOC_ID = /^[0-9a-f]{32}$/;
/** By which the key of a message tells whether it is one. */
export const DOC_ID_LENGTH = 32;

/** Null when the row names a document by something that is no doc_id. */
function labelMessage(
  row: LabelRow,
  record: RecordView,
  { content: { path, generation, sha256 }, privacy, hasEscapedFormulas }: EntryContext,
): { readonly message: LabelMessage; readonly masked: MaskedCounts } | null {
  const said = labelOf(row, record, path);
  const label = hasEscapedFormulas ? ofUnescapedText(said) : said;
  const docId = label.docId === null ? null : toPostgresText(label.docId);
  if (docId !== null && !DOC_ID.test(docId)) return null;
  const text = label.text === null ? null : toPostgresText(label.text);
  const own = privacy.maskRow({
    value: label.value,
    text,
    annotator: label.annotator === null ? null : toPostgresText(label.annotator),
  });
  const message: LabelMessage = {
    v: 1,
    op: extraText(label.extra, 'op')?.toLowerCase() === 'withdraw' ? 'withdraw' : 'vote',
    doc_id: docId,
    // Of the text as it came: it is the masked one that went out, and finds the document by being the same.
    text_hash: text === null ? null : textHash(text),
    field: toPostgresText(label.field),
    annotator_id: own.annotator,
    label: toPostgresText(labelKey(own.value)),
    value: toPostgresJson(labelJson(own.value)),
    confidence_score: row.confidence,
    annotated_at: instantOf(row.annotatedAt),
    text: own.text,
    origin: {
      path,
      sha256,
      generation,
      row: row.row,
      tool: extraText(label.extra, 'tool') ?? label.origin.tool,
      tool_annotation_id: extraText(label.extra, 'annotation_id') ?? label.origin.id,
    },
  };
  return { message, masked: own.counts };
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
