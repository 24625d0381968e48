import { textHash } from '@assay/labels/document-key';
import type { Json } from '@assay/shared/contracts/ticket';
import { topics } from '@assay/shared/contracts/topics';
import { KIB } from '@assay/shared/contracts/units';
import type { MaskedTicket, MaskReport } from './mask-ticket.ts';

/** A row of `documents`, but for where its raw line lies. */
export interface Document {
  readonly doc_id: string;
  readonly source: string;
  readonly ticket_id: string;
  readonly text: string;
  readonly text_hash: string;
  readonly priority: number;
  readonly fields: Readonly<Record<string, Json>>;
  readonly masked: MaskReport;
  readonly created_at: string | null;
}

export function documentOf(docId: string, { ticket, report }: MaskedTicket): Document {
  return {
    doc_id: docId,
    source: ticket.source,
    ticket_id: ticket.ticketId,
    text: ticket.text,
    text_hash: textHash(ticket.text),
    priority: ticket.priority,
    fields: ticket.fields,
    masked: report,
    created_at: ticket.createdAt,
  };
}

/** What the topic of change events takes, less the envelope that Debezium puts around a row. */
export const ROW_MAX_BYTES = topics.documentChanges.maxMessageBytes - 64 * KIB;

/**
 * At least as many bytes as the row takes on any way after this one: as a parameter of its insert, in its table, in its
 * change event. Known before it is stored, because a row that is too large for the topic would stop the connector for ever.
 */
export function bytesOf(document: Document): number {
  const { fields, masked, ...columns } = document;
  return textBytes(JSON.stringify(columns)) + jsonbBytes(fields) + jsonbBytes(masked);
}

/** What a letter takes on any way at most, as an escape. */
const LETTER_MAX_BYTES = 6;
/** Quotes, a comma or a colon, and what is put before and behind them. */
const VALUE_MAX_BYTES = 16;
/** Between them a number is written without an exponent. */
const [SMALLEST_PLAIN, LARGEST_PLAIN] = [1e-6, 1e21];
const PLAIN_NUMBER_MAX_BYTES = 32;
/** The largest and the smallest double, written out. */
const NUMBER_MAX_BYTES = 400;

/** Never less than `bytesOf`, at a tenth of its cost: so much for each letter, value and number. */
export const mostBytesOf = (document: Document): number => mostBytesOfValue(document as unknown as Json);

function mostBytesOfValue(value: Json): number {
  if (typeof value === 'string') return VALUE_MAX_BYTES + value.length * LETTER_MAX_BYTES;
  if (typeof value === 'number') {
    const size = Math.abs(value);
    return (size < SMALLEST_PLAIN && size !== 0) || size >= LARGEST_PLAIN ? NUMBER_MAX_BYTES : PLAIN_NUMBER_MAX_BYTES;
  }
  let sum = VALUE_MAX_BYTES;
  if (Array.isArray(value)) for (const item of value) sum += mostBytesOfValue(item as Json);
  else if (typeof value === 'object' && value !== null) {
    for (const key of Object.keys(value)) sum += VALUE_MAX_BYTES + key.length * LETTER_MAX_BYTES;
    for (const item of Object.values(value)) sum += mostBytesOfValue(item as Json);
  }
  return sum;
}

const textBytes = (text: string): number => Buffer.byteLength(text);

/**
 * Postgres writes jsonb as a text, which becomes a string of the event's JSON: quotes and backslashes gain a backslash, a space
 * follows each comma and colon, and a number is written out without its exponent.
 */
function jsonbBytes(value: unknown): number {
  const json = JSON.stringify(value);
  const growing = json.match(/["\\:,]/g)?.length ?? 0;
  return textBytes(json) + growing + digitsWithoutExponent(value);
}

function digitsWithoutExponent(value: unknown): number {
  if (typeof value === 'number') return Math.abs(Number(/e(.*)/.exec(String(value))?.[1] ?? 0));
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce((sum: number, item) => sum + digitsWithoutExponent(item), 0);
}
