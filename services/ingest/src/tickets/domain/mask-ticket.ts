import type { Masked, Masker } from '@assay/pii/masker';
import type { Json, Ticket } from '@assay/shared/contracts/ticket';

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
  const strings: Strings = {
    texts: [ticket.text, ticket.ticketId, ticket.source],
    names: ['text', 'ticket_id', 'source'],
  };
  collectStrings(ticket.fields, 'fields', strings);
  const results = masker.maskTogether(strings.texts, strings.names);
  const counts: Record<string, number> = {};
  const places = new Map<string, MaskedPlace[]>();
  let next = 0;
  let told = 0;
  const take = (path: string): string => {
    const masked = results[next++]!;
    for (const { type } of masked.spans) counts[type] = (counts[type] ?? 0) + 1;
    const tell = placesOf(masked).slice(0, PLACES_TOLD - told);
    told += tell.length;
    if (tell.length > 0) places.set(path, [...(places.get(path) ?? []), ...tell]);
    return masked.text;
  };
  const text = take('text');
  const ticketId = take('ticket_id');
  const source = take('source');
  const fields = rebuild(ticket.fields, 'fields', take) as Ticket['fields'];
  return {
    ticket: { ...ticket, text, ticketId, source, fields },
    report: { counts, places: Object.fromEntries(places) },
  };
}

/** Numbers shorter than this cannot hold anything the masker knows. */
const SHORTEST_NUMBER = 7;
const isMaskableNumber = (value: Json): value is number =>
  typeof value === 'number' && String(value).length >= SHORTEST_NUMBER;

/** The strings of a ticket, and the field each stands in: `fields.phone` tells the masker what a bare number is. */
interface Strings {
  readonly texts: string[];
  readonly names: string[];
}

/** The words nearest to a value tell what it is; those far above it would only be copied again for each string below. */
const NAME_LENGTH = 200;

/** In the order in which `rebuild` takes their masked forms. */
function collectStrings(value: Json, name: string, into: Strings): void {
  const push = (text: string, of: string) => {
    into.texts.push(text);
    into.names.push(of);
  };
  if (typeof value === 'string') push(value, name);
  else if (isMaskableNumber(value)) push(String(value), name);
  else if (Array.isArray(value)) for (const item of value) collectStrings(item as Json, name, into);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      push(key, `keys of ${name}`);
      collectStrings(item as Json, `${name}.${key}`.slice(-NAME_LENGTH), into);
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
