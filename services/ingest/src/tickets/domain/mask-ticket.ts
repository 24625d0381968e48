import type { Masked, Masker } from '@assay/pii/masker';
import type { Json, Ticket } from '@assay/shared/contracts/ticket';
import { FIELDS, type FieldName } from './field-name.ts';

/** One masked place: kind, where it stands in the masked string, and where it stood in the original. Never the value. */
export type MaskedPlace = readonly [
  type: string,
  start: number,
  end: number,
  originalStart: number,
  originalEnd: number,
];

/** Of any ticket bounded: a report may not outgrow what it reports on. */
export interface MaskReport {
  /** By kind, of all that was masked, told below or not. */
  readonly counts: Readonly<Record<string, number>>;
  /** The first ones, by the path of the string inside the ticket, with masked keys. */
  readonly places: Readonly<Record<string, readonly MaskedPlace[]>>;
}

/** Places a report tells of. */
export const PLACES_TOLD = 1_000;

/** Longest path of a report in UTF-16 units; a longer one ends in `…`, and may stand for several strings then. */
export const PATH_MAX_LENGTH = 200;

export interface MaskedTicket {
  readonly ticket: Ticket;
  readonly report: MaskReport;
}

/**
 * Masks every string of a ticket together, so that one value gets one name wherever it stands. Numbers count too: a card
 * number is as personal without its quotes. Keys as well: people use addresses as keys.
 */
export function maskTicket(masker: Masker, ticket: Ticket): MaskedTicket {
  const { texts, names } = stringsOf(ticket);
  return withMasked(ticket, masker.maskTogether(texts, names));
}

/** All strings of a ticket and the field each stands in, in the order in which `withMasked` takes their masked forms. */
export interface TicketStrings {
  readonly texts: readonly string[];
  readonly names: readonly string[];
}

export function stringsOf(ticket: Ticket): TicketStrings {
  const texts = [ticket.text, ticket.ticketId, ticket.source];
  const names = ['text', 'ticket_id', 'source'];
  collectStrings(ticket.fields, FIELDS, texts, names);
  return { texts, names };
}

const BEFORE_FIELDS = 3;

export function withMasked(ticket: Ticket, results: readonly Masked[]): MaskedTicket {
  const last = results.findLastIndex(({ spans }) => spans.length > 0);
  if (last < 0) return { ticket, report: NOTHING_MASKED };
  const counts: Record<string, number> = {};
  const places = new Map<string, MaskedPlace[]>();
  let next = 0;
  let told = 0;
  const take = (path: string): string => {
    const masked = results[next++]!;
    if (masked.spans.length === 0) return masked.text;
    for (const { type } of masked.spans) counts[type] = (counts[type] ?? 0) + 1;
    const tell = placesOf(masked).slice(0, PLACES_TOLD - told);
    told += tell.length;
    if (tell.length > 0) places.set(path, [...(places.get(path) ?? []), ...tell]);
    return masked.text;
  };
  const text = take('text');
  const ticketId = take('ticket_id');
  const source = take('source');
  const fields = last < BEFORE_FIELDS ? ticket.fields : (rebuild(ticket.fields, 'fields', take) as Ticket['fields']);
  return {
    ticket: { ...ticket, text, ticketId, source, fields },
    report: { counts, places: Object.fromEntries(places) },
  };
}

const NOTHING_MASKED: MaskReport = { counts: {}, places: {} };

/** Numbers shorter than this cannot hold anything the masker knows. */
const SHORTEST_NUMBER = 7;
/** Whole numbers of fewer digits. */
const SHORT_NUMBERS = 10 ** (SHORTEST_NUMBER - 1);
const isMaskableNumber = (value: Json): value is number =>
  typeof value === 'number' &&
  !(Number.isInteger(value) && value >= 0 && value < SHORT_NUMBERS) &&
  String(value).length >= SHORTEST_NUMBER;

/**
 * The strings of a value, and the field each stands in: `fields.phone` tells the masker what a bare number is. In the order
 * in which `rebuild` takes their masked forms.
 */
function collectStrings(value: Json, field: FieldName, texts: string[], names: string[]): void {
  if (typeof value === 'string') {
    texts.push(value);
    names.push(field.name);
  } else if (isMaskableNumber(value)) {
    texts.push(String(value));
    names.push(field.name);
  } else if (Array.isArray(value)) for (const item of value) collectStrings(item as Json, field, texts, names);
  else if (typeof value === 'object' && value !== null) {
    for (const key of Object.keys(value)) {
      texts.push(key);
      names.push(field.nameOfKeys);
      collectStrings((value as Readonly<Record<string, Json>>)[key]!, field.below(key), texts, names);
    }
  }
}

function rebuild(value: Json, path: string, take: (path: string) => string): Json {
  if (typeof value === 'string') return take(path);
  if (isMaskableNumber(value)) {
    const masked = take(path);
    return masked === String(value) ? value : masked;
  }
  if (Array.isArray(value)) return value.map((item: Json, index) => rebuild(item, below(path, `[${index}]`), take));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.values(value).map((item) => {
      const maskedKey = take(`keys of ${path}`);
      return [maskedKey, rebuild(item as Json, below(path, `.${maskedKey}`), take)];
    }),
  );
}

function below(path: string, step: string): string {
  if (path.length === PATH_MAX_LENGTH) return path;
  const whole = path + step;
  return whole.length < PATH_MAX_LENGTH ? whole : `${whole.slice(0, PATH_MAX_LENGTH - 1).toWellFormed()}…`;
}

const placesOf = ({ spans, maskedSpans }: Masked): MaskedPlace[] =>
  spans.map(({ type, start, end }, index) => {
    const at = maskedSpans[index]!;
    return [type, at.start, at.end, start, end];
  });
