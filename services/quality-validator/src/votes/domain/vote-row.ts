import { createHash } from 'node:crypto';
import type { LabelValue, Span } from '@assay/labels/label';
import { compareRows, type Vote } from '@assay/labels/votes';
import { instantText, parseInstantText } from '@assay/labels/instant';
import type { LabelMessage } from '@assay/shared/contracts/label-message';

/** A distinct label row as `annotations` keeps it. */
export interface VoteRow {
  readonly annotation_id: string;
  readonly doc_id: string;
  readonly annotator_id: string | null;
  readonly field: string;
  /** Equality key of the label; its prefix is the kind of value. */
  readonly label: string;
  /** Null for a long label: `label` is its beginning and digest then, which is enough to judge by. */
  readonly value: unknown;
  readonly confidence_score: number;
  readonly text: string | null;
  readonly raw_annotation_path: string;
  readonly raw_row: number;
  readonly file_sha256: string;
  readonly generation: number;
  readonly tool: string;
  readonly tool_annotation_id: string | null;
  readonly annotated_at: string | null;
}

/** The same for every row that docs/label-rules.md#6-duplicates calls equal, wherever and however often it is
 * delivered. */
export function annotationIdOf(docId: string, message: LabelMessage): string {
  const { annotator_id, field, label, confidence_score, annotated_at, text } = message;
  const equality = [docId, annotator_id, field, label, confidence_score, instantOf(annotated_at), text];
  return createHash('sha256').update(JSON.stringify(equality)).digest('hex').slice(0, 32);
}

/** Null also for a time that no table can hold: such a row has no readable one (docs/label-rules.md#7-live-votes). */
function instantOf(annotatedAt: string | null): number | null {
  if (annotatedAt === null) return null;
  const instant = parseInstantText(annotatedAt);
  return instant >= FIRST_INSTANT && instant < END_OF_INSTANTS ? instant : null;
}

/** Years 1 to 9999, in microseconds since 1970: what ISO 8601 writes with four digits. */
const FIRST_INSTANT = Date.parse('0001-01-01T00:00:00Z') * 1000;
const END_OF_INSTANTS = Date.parse('+010000-01-01T00:00:00Z') * 1000;

export function voteRowOf(docId: string, message: LabelMessage): VoteRow {
  const { origin, annotator_id, field, label, value, confidence_score, text, annotated_at } = message;
  const instant = instantOf(annotated_at);
  return {
    annotation_id: annotationIdOf(docId, message),
    doc_id: docId,
    annotator_id,
    field,
    label,
    value,
    confidence_score,
    text,
    raw_annotation_path: origin.path,
    raw_row: origin.row,
    file_sha256: origin.sha256,
    generation: origin.generation,
    tool: origin.tool,
    tool_annotation_id: toolIdOf(message),
    // As the voting rules read it: Postgres rounds what is below a microsecond, and they cut it off.
    annotated_at: instant === null ? null : instantText(instant),
  };
}

const TOOL_ID_MAX_BYTES = 512;

/** The id a vote has where it was made; a digest of one that no index could hold, and null for none. */
export function toolIdOf({ origin: { tool_annotation_id: id } }: LabelMessage): string | null {
  if (id === null || id === '') return null;
  if (Buffer.byteLength(id) <= TOOL_ID_MAX_BYTES) return id;
  return `sha256:${createHash('sha256').update(id).digest('hex')}`;
}

/** Row order (docs/label-rules.md#1-order), which Postgres knows as `(raw_annotation_path collate "C", raw_row)`. */
export const compareVoteRows = (left: VoteRow, right: VoteRow): number => compareRows(placeOf(left), placeOf(right));

const placeOf = ({ raw_annotation_path: path, raw_row: row }: VoteRow) => ({ path, row });

/** A vote in the terms of the voting rules, which still knows its row. */
export type StoredVote = Vote & { readonly stored: VoteRow };

export const storedVote = (stored: VoteRow): StoredVote => ({
  field: stored.field,
  annotator: stored.annotator_id,
  label: labelValueOf(stored.label, stored.value),
  confidence: stored.confidence_score,
  annotatedAt: stored.annotated_at === null ? null : parseInstantText(stored.annotated_at),
  text: stored.text,
  path: stored.raw_annotation_path,
  row: stored.raw_row,
  stored,
});

/** The label as the converters know it, from its key (which tells the kind) and its JSON. */
export function labelValueOf(key: string, value: unknown): LabelValue {
  if (value === null) return { kind: 'text', text: key };
  const kind = key.slice(0, key.indexOf(':')) as LabelValue['kind'];
  switch (kind) {
    case 'choice':
      return { kind, choice: value as string };
    case 'choices':
      return { kind, choices: value as readonly string[] };
    case 'spans':
      return { kind, spans: value as readonly Span[] };
    case 'rating':
      return { kind, rating: value as number };
    case 'text':
      return { kind, text: value as string };
  }
}
