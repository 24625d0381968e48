import type { SourceRecord } from '@assay/shared/pipeline/record';

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

/** Text stays readable; what is not UTF-8 is kept byte for byte. */
function asText(bytes: Buffer | string | null): AsText {
  if (bytes === null || typeof bytes === 'string') return bytes;
  const text = bytes.toString('utf8');
  return Buffer.byteLength(text) === bytes.length && !text.includes('\uFFFD')
    ? text
    : { base64: bytes.toString('base64') };
}
