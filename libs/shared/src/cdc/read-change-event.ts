import type { ChangeEvent, ReadChangeEvent } from './change-event.ts';

/** What Debezium writes for a large column that an update did not touch. Never a value: not to store, mask or hash. */
export const UNAVAILABLE_VALUE = '__debezium_unavailable_value';
const UNAVAILABLE_BYTES = Buffer.from(UNAVAILABLE_VALUE).toString('base64');

type JsonObject = Readonly<Record<string, unknown>>;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Tells what a message means by its shape alone, so that a connector with other converters (with schemas, unwrapped by
 * ExtractNewRecordState) needs no setting here. Numbers beyond 2^53 lose digits; only `ts_ns` is ever that large, and
 * nothing reads it. A changed key arrives as a delete and an insert, each on its own.
 */
export const readChangeEvent: ReadChangeEvent = ({ topic, value }) => {
  if (value === null || value.length === 0) return { kind: 'tombstone' };
  const decoded = decode(value);
  if ('detail' in decoded) return { kind: 'unreadable', detail: decoded.detail };
  const body = withoutSchema(decoded.json);
  if (body === null) return { kind: 'tombstone' };
  if (!isObject(body)) return { kind: 'unreadable', detail: 'the value is not an object' };
  if (topic.startsWith('__debezium-heartbeat') || isHeartbeat(body)) return { kind: 'heartbeat' };
  if (isTransaction(body)) return { kind: 'transaction' };
  return isEnvelope(body) ? readEnvelope(body) : readFlat(body);
};

/** The parser's own words are not passed on: they quote the text. */
function decode(value: Uint8Array): { readonly json: unknown } | { readonly detail: string } {
  let text: string;
  try {
    text = utf8.decode(value);
  } catch {
    return { detail: 'the value is not UTF-8' };
  }
  try {
    return { json: JSON.parse(text) as unknown };
  } catch {
    return { detail: 'the value is not JSON' };
  }
}

/** JsonConverter with `schemas.enable=true` puts schema and payload around everything. */
function withoutSchema(json: unknown): unknown {
  if (!isObject(json) || Object.keys(json).length !== 2 || !('schema' in json) || !('payload' in json)) return json;
  const { schema, payload } = json;
  return schema === null || (isObject(schema) && 'type' in schema) ? payload : json;
}

const isHeartbeat = (body: JsonObject): boolean => Object.keys(body).length === 1 && typeof body['ts_ms'] === 'number';

const isTransaction = (body: JsonObject): boolean =>
  (body['status'] === 'BEGIN' || body['status'] === 'END') && 'event_count' in body && 'data_collections' in body;

/** A table may well have columns named `op`, `source` or `before`, but not all of them as the envelope has them. */
const isEnvelope = (body: JsonObject): boolean =>
  typeof body['op'] === 'string' &&
  (isObject(body['source']) || isObject(body['after']) || isObject(body['before']) || isObject(body['message']));

function readEnvelope({ op, after, source }: JsonObject): ChangeEvent {
  switch (op) {
    case 'c':
      return readRowImage(isSnapshot(source) ? 'snapshot' : 'insert', after);
    case 'r':
      return readRowImage('snapshot', after);
    case 'u':
      return readRowImage('update', after);
    case 'd':
      // `before` holds made-up values for NOT NULL columns; only the key is true, and the message has that.
      return { kind: 'delete' };
    case 't':
      return { kind: 'truncate' };
    case 'm':
      return { kind: 'message' };
    default:
      return { kind: 'unreadable', detail: 'op: is none of c, r, u, d, t, m' };
  }
}

/** "false", or false from an older Debezium; absent where the source says nothing. */
const isSnapshot = (source: unknown): boolean =>
  isObject(source) && ![undefined, null, false, 'false'].includes(source['snapshot'] as string);

const FLAT_OPS = { c: 'insert', r: 'snapshot', u: 'update' } as const;
/** What ExtractNewRecordState adds carries this prefix. */
const ADDED_PREFIX = '__';

function readFlat(body: JsonObject): ChangeEvent {
  const op = body['__op'];
  if (op === 'd' || body['__deleted'] === true || body['__deleted'] === 'true') return { kind: 'delete' };
  if (op === 't') return { kind: 'truncate' };
  const columns = Object.fromEntries(Object.entries(body).filter(([name]) => !name.startsWith(ADDED_PREFIX)));
  // Without `__op` nothing tells an insert from an update; an update promises less.
  return readRowImage(op === 'c' || op === 'r' ? FLAT_OPS[op] : FLAT_OPS.u, columns);
}

function readRowImage(op: 'insert' | 'update' | 'snapshot', after: unknown): ChangeEvent {
  if (!isObject(after)) return { kind: 'unreadable', detail: 'after: is not an object' };
  const columns = Object.entries(after);
  const unavailable = columns.filter(([, value]) => isUnavailable(value)).map(([name]) => name);
  return {
    kind: 'row',
    op,
    row: unavailable.length === 0 ? after : Object.fromEntries(columns.filter(([name]) => !unavailable.includes(name))),
    unavailable,
  };
}

function isUnavailable(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 1 && isUnavailable(value[0]);
  return value === UNAVAILABLE_VALUE || value === UNAVAILABLE_BYTES;
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
