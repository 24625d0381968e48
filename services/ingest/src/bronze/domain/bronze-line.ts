import type { RecordHeaders, SourceRecord } from '@assay/shared/pipeline/record';

/** One raw message as a line of JSON: enough to send it again as it came. Only ever written sealed. */
export function bronzeLine({ topic, partition, offset, timestamp, key, value, headers }: SourceRecord): string {
  const texts = Object.entries(headers).flatMap(([name, content]) =>
    (Array.isArray(content) ? content : [content]).map((part) => [name, asText(part ?? null)]),
  );
  return JSON.stringify({
    topic,
    partition,
    offset: String(offset),
    timestamp,
    key: asText(key),
    headers: texts,
    value: asText(value),
  });
}

type AsText = string | null | { readonly base64: string };

interface Line {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly timestamp: number;
  readonly key: AsText;
  readonly headers: readonly (readonly [string, AsText])[];
  readonly value: AsText;
}

/** The message that a line was made from, byte for byte. */
export function readBronzeLine(text: string): SourceRecord {
  const { offset, key, value, headers: told, ...line } = JSON.parse(text) as Line;
  const headers: Record<string, RecordHeaders[string]> = {};
  for (const [name, parts] of Map.groupBy(told, ([itsName]) => itsName)) {
    const values = parts.map(([, part]) => asBytes(part));
    headers[name] = values.length === 1 ? values[0] : values;
  }
  return { ...line, offset: BigInt(offset), key: asBytes(key), value: asBytes(value), headers };
}

const asBytes = (part: AsText): Buffer | null =>
  part === null ? null : typeof part === 'string' ? Buffer.from(part) : Buffer.from(part.base64, 'base64');

/** Text stays readable; what is not UTF-8 is kept byte for byte. */
function asText(bytes: Buffer | string | null): AsText {
  if (bytes === null || typeof bytes === 'string') return bytes;
  const text = bytes.toString('utf8');
  return Buffer.byteLength(text) === bytes.length && !text.includes('\uFFFD')
    ? text
    : { base64: bytes.toString('base64') };
}
