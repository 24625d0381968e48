import { createHash } from 'node:crypto';
import { headers } from '../contracts/headers.ts';
import { headerText, type RecordHeaders, type SourceRecord } from '../pipeline/record.ts';

/** A refused message, as it lies in a dead-letter topic. */
export interface Letter {
  /** Where it lies: `topic/partition/offset`. */
  readonly at: string;
  /** The message it is about. After a crash there may be several letters about one. */
  readonly id: string;
  readonly source: Source;
  readonly code: string;
  readonly reason: string;
  readonly step: string;
  readonly service: string;
  /** How often the message was refused, this time included. */
  readonly attempt: number;
  readonly refusedAt: string;
  /** The blob that holds the message instead of the letter; null for all others. */
  readonly spilledTo: string | null;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** Those of the message, without what the letter added. */
  readonly headers: RecordHeaders;
}

/** Where the message came from. */
export interface Source {
  readonly topic: string;
  readonly partition: string;
  readonly offset: string;
}

type Told = Pick<Letter, 'code' | 'reason' | 'step' | 'service' | 'refusedAt'> & { readonly source: Source };

/** How somebody writes letters. To know another one is a line in `styles`. */
interface Style {
  /** By this header a letter is known as one of theirs; it names the topic. */
  readonly topic: string;
  /** What they add to the headers of the message. */
  readonly isTheirs: (header: string) => boolean;
  readonly read: (text: (header: string) => string, topic: string) => Told;
}

const names = headers.deadLetter;
const ourNames: ReadonlySet<string> = new Set(Object.values(names));

/** Their words for an exception often quote the message, so only its class is told. */
const classOf = (name: string): string => name.slice(name.lastIndexOf('.') + 1);

/** Frameworks that differ in how their headers begin and end. */
const springStyle = (original: string, exception: string): Style => ({
  topic: `${original}topic`,
  isTheirs: (header) => header.startsWith(original) || header.startsWith(exception),
  read: (text, topic) => ({
    source: { topic, partition: text(`${original}partition`), offset: text(`${original}offset`) },
    code: classOf(text(`${exception}fqcn`)) || 'UNKNOWN',
    reason: '',
    step: '',
    service: text(`${original}consumer-group`),
    refusedAt: '',
  }),
});

const CONNECT = '__connect.errors.';

const styles: readonly Style[] = [
  {
    topic: names.sourceTopic,
    isTheirs: (header) => ourNames.has(header),
    read: (text, topic) => ({
      source: { topic, partition: text(names.sourcePartition), offset: text(names.sourceOffset) },
      code: text(names.code),
      reason: text(names.reason),
      step: text(names.step),
      service: text(names.service),
      refusedAt: text(names.at),
    }),
  },
  {
    topic: `${CONNECT}topic`,
    isTheirs: (header) => header.startsWith(CONNECT),
    read: (text, topic) => ({
      source: { topic, partition: text(`${CONNECT}partition`), offset: text(`${CONNECT}offset`) },
      code: classOf(text(`${CONNECT}exception.class.name`)) || 'UNKNOWN',
      reason: '',
      step: text(`${CONNECT}stage`),
      service: text(`${CONNECT}connector.name`),
      refusedAt: '',
    }),
  },
  springStyle('x-original-', 'x-exception-'),
  springStyle('kafka_dlt-original-', 'kafka_dlt-exception-'),
];

/** Null for a message that does not say where it came from: it is no dead letter, or in a style nobody here knows. */
export function readLetter(record: SourceRecord): Letter | null {
  const style = styles.find(({ topic }) => headerText(record.headers, topic));
  if (style === undefined) return null;
  const text = (header: string) => textOf(record.headers, header);
  const { source, ...told } = style.read(text, text(style.topic));
  return {
    at: `${record.topic}/${record.partition}/${record.offset}`,
    id: idOf(source, record),
    source,
    ...told,
    // Whoever writes letters in another style does not count; what was replayed carries our count on.
    attempt: Math.max(1, Number(text(names.attempt)) || 1),
    spilledTo: text(names.spilledTo) || null,
    key: record.key,
    value: record.value,
    headers: Object.fromEntries(
      Object.entries(record.headers).filter(([header]) => !style.isTheirs(header) && header !== names.attempt),
    ),
  };
}

/** With a digest of the message, because a topic that was made again has its offsets once more. */
function idOf({ topic, partition, offset }: Source, { key, value }: SourceRecord): string {
  const digest = createHash('sha256')
    .update(key ?? '')
    .update('\n')
    .update(value ?? '')
    .digest('hex');
  return `${topic}/${partition}/${offset}~${digest.slice(0, 16)}`;
}

const INT_BYTES = 4;
const LONG_BYTES = 8;

/** Some write numbers as text, some as the bytes of an integer. */
function textOf(all: RecordHeaders, header: string): string {
  const given = all[header];
  const first = Array.isArray(given) ? given[0] : given;
  if (Buffer.isBuffer(first) && /(?:partition|offset)$/.test(header) && !/^\d+$/.test(first.toString())) {
    if (first.length === INT_BYTES) return String(first.readInt32BE());
    if (first.length === LONG_BYTES) return String(first.readBigInt64BE());
  }
  return headerText(all, header) ?? '';
}
