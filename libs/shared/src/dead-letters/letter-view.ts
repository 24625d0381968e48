import { jsonOf } from './json-value.ts';
import type { Letter } from './letter.ts';
import type { Replay } from './plan-replay.ts';
import { shapeOf } from './shape.ts';
import type { RecordHeaders } from '../pipeline/record.ts';

/** A letter as people see it: with the words of its message only where that was asked for. */
export function viewOf(letter: Letter, isRaw: boolean): Readonly<Record<string, unknown>> {
  const { at, source, code, reason, step, service, attempt, refusedAt, spilledTo, key, value, headers } = letter;
  return {
    letter: at,
    source: `${source.topic}/${source.partition}/${source.offset}`,
    code,
    reason,
    step,
    service,
    attempt,
    at: refusedAt,
    ...(spilledTo === null ? {} : { spilled_to: spilledTo }),
    ...(isRaw
      ? { key: textOf(key), headers: headersOf(headers), value: jsonOf(value) ?? textOf(value) }
      : {
          key: key === null ? null : `text of ${key.length}`,
          headers: Object.keys(headers),
          value: shapeOf(value),
        }),
  };
}

/** Text where it is some, else base64. */
function textOf(bytes: Buffer | string | null): unknown {
  if (bytes === null || typeof bytes === 'string') return bytes;
  const text = bytes.toString();
  return Buffer.from(text).equals(bytes) ? text : { base64: bytes.toString('base64') };
}

const headersOf = (headers: RecordHeaders) =>
  Object.fromEntries(
    Object.entries(headers).map(([name, given]) => [
      name,
      Array.isArray(given) ? given.map(textOf) : textOf(given ?? null),
    ]),
  );

/** What a replay sends, beside the letter; before and after where the mapping changed it. */
export function viewOfReplay({ letter, topic, message, isMapped }: Replay, isRaw: boolean) {
  const { value: before, ...view } = viewOf(letter, isRaw);
  const { value } = message;
  const sent = typeof value === 'string' ? Buffer.from(value) : value;
  const { value: after } = viewOf({ ...letter, value: sent }, isRaw);
  return { ...view, to: topic.name, ...(isMapped ? { before, after } : { value: before }) };
}
