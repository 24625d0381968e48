import { postgresTextFault } from '@assay/shared/contracts/postgres-text';
import {
  DEFAULT_PRIORITY,
  TICKET_TEXT_MAX_BYTES,
  ticketSchema,
  type Json,
  type Ticket,
} from '@assay/shared/contracts/ticket';
import { accepted, deadLettered, type Outcome } from '@assay/shared/pipeline/outcome';
import { hasLongMarkRun, MARK_RUN_MAX_LENGTH } from './mark-runs.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Values of a ticket at any depth; each costs the checks and the masker a visit. */
const TICKET_MAX_VALUES = 20_000;

/** Refused rather than cut: another text would be another document. */
export const LONG_MARK_RUN = `text: has more than ${MARK_RUN_MAX_LENGTH} combining marks in a row`;

/** What may be parsed to find out; far more than a ticket at its limit looks like. */
const MESSAGE_MAX_VALUES = 250_000;

/** Bytes to JSON. What the parser says is never quoted: its messages contain the text. */
export function decodeJson(bytes: Uint8Array | null, mostValues = MESSAGE_MAX_VALUES): Outcome<unknown> {
  if (bytes === null) return deadLettered('DECODE_FAILED', 'the message has no value');
  if (bytes.length > mostValues && looksLikeMore(bytes, mostValues))
    return deadLettered('CONTRACT_VIOLATED', `ticket: holds more than ${mostValues} values`);
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return deadLettered('DECODE_FAILED', 'the value is not UTF-8');
  }
  try {
    const value: unknown = JSON.parse(text);
    guardShape(value);
    return accepted(guardStrings(text, value));
  } catch (error) {
    if (error instanceof RefusedValue) return deadLettered('CONTRACT_VIOLATED', error.message);
    return deadLettered('DECODE_FAILED', 'the value is not JSON');
  }
}

/** A CloudEvent in structured mode carries the ticket as `data`; in binary mode the value is the ticket already. */
export function unwrapCloudEvent(value: unknown): unknown {
  if (!isObject(value) || typeof value.specversion !== 'string' || typeof value.type !== 'string') return value;
  return 'data' in value ? value.data : value;
}

/** A JSON value to a ticket, by the contract of `tickets.raw.v1`. */
export function toTicket(value: unknown): Outcome<Ticket> {
  const fault = faultOfValues(value);
  if (fault !== null) return deadLettered('CONTRACT_VIOLATED', `ticket: ${fault}`);
  const parsed = ticketSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    // Only the name at the top is one of ours; what stands below it may be personal data itself.
    const field = String(issue?.path[0] ?? 'ticket');
    return deadLettered('CONTRACT_VIOLATED', `${field}: ${issue?.message ?? 'invalid'}`);
  }
  const { source, ticket_id, text, created_at, priority, fields, ...rest } = parsed.data;
  if (text.trim() === '') return deadLettered('CONTRACT_VIOLATED', 'text: is empty');
  const bytes = Buffer.byteLength(text);
  if (bytes > TICKET_TEXT_MAX_BYTES)
    return deadLettered('PAYLOAD_TOO_LARGE', `text: ${bytes} bytes, at most ${TICKET_TEXT_MAX_BYTES} are accepted`);
  // In ASCII there are none.
  if (bytes !== text.length && hasLongMarkRun(text)) return deadLettered('CONTRACT_VIOLATED', LONG_MARK_RUN);
  return accepted({
    source,
    ticketId: ticket_id,
    text,
    createdAt: created_at ?? null,
    priority: priority ?? DEFAULT_PRIORITY,
    // Unknown keys at the top are kept beside the named ones.
    fields: { ...(rest as Record<string, Json>), ...(fields as Record<string, Json> | undefined) },
  });
}

/**
 * Whether a JSON text becomes about more values than these: a list has one more than commas, an empty one counts as one. Two bytes of text can
 * become 56 of memory, so this is asked before they do.
 */
function looksLikeMore(bytes: Uint8Array, most: number): boolean {
  let count = 0;
  let inString = false;
  for (let at = 0; at < bytes.length && count <= most; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) inString = !inString;
    else if (inString) at += byte === BACKSLASH ? 1 : 0;
    else if (byte === COMMA || byte === LIST || byte === OBJECT) count++;
  }
  return count > most;
}
const [QUOTE, BACKSLASH, COMMA, LIST, OBJECT] = Buffer.from('"\\,[{');

/** What no ticket may hold at any depth. Looks at no more values than there may be. */
function faultOfValues(value: unknown): string | null {
  const waiting: unknown[] = [value];
  let seen = 0;
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next !== 'object' || next === null) continue;
    // Copies of a value leave out a key of this name, and nobody would be told.
    if (Object.hasOwn(next, '__proto__')) return 'has a key named __proto__, which is not taken; rename it';
    const inside = valuesOf(next);
    seen += inside.length;
    if (seen > TICKET_MAX_VALUES) return `holds more than ${TICKET_MAX_VALUES} values`;
    for (const item of inside) if (typeof item === 'object') waiting.push(item);
  }
  return null;
}

class RefusedValue extends Error {}

/** Deeper values end the recursion of whoever takes them next: the masker, JSON.stringify, Postgres. Nobody means them. */
const MAX_LEVELS = 64;

/** Refuses what JSON allows but neither JavaScript nor Postgres carries on unchanged. */
function guardShape(value: unknown, level = 0): void {
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new RefusedValue('ticket: a number is beyond all bounds');
  if (typeof value !== 'object' || value === null) return;
  if (level === MAX_LEVELS) throw new RefusedValue(`ticket: is nested deeper than ${MAX_LEVELS} levels`);
  for (const item of valuesOf(value)) guardShape(item, level + 1);
}

/** Without a copy of a list. */
const valuesOf = (value: object): readonly unknown[] => (Array.isArray(value) ? value : Object.values(value));

const ESCAPE_TO_LOOK_FOR = /\\u(?:0000|d[89a-f])/i;

/**
 * Postgres stores neither NUL nor half a surrogate pair, so a ticket with one is refused here rather than failing a batch
 * there. Valid UTF-8 can hold them only as escapes: without one in the text there is nothing to look for.
 */
function guardStrings(text: string, value: unknown): unknown {
  if (!text.includes('\\u') || !ESCAPE_TO_LOOK_FOR.test(text)) return value;
  visitStrings(value, '', (string, path) => {
    const fault = postgresTextFault(string);
    if (fault !== null) throw new RefusedValue(`${path || 'ticket'}: contains ${fault}`);
  });
  return value;
}

function visitStrings(value: unknown, path: string, visit: (string: string, path: string) => void): void {
  if (typeof value === 'string') visit(value, path);
  else if (Array.isArray(value)) value.forEach((item, index) => visitStrings(item, `${path}[${index}]`, visit));
  else if (isObject(value)) {
    for (const [key, item] of Object.entries(value)) {
      visit(key, `a key of ${path || 'the ticket'}`);
      // Only names of the contract are told; other keys may be personal data themselves.
      visitStrings(item, path === '' && key in ticketSchema.shape ? key : path || 'fields', visit);
    }
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
