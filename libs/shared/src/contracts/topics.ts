import { DAY_MS, KIB, MIB } from './units.ts';

/**
 * Every topic Assay owns, declared once. Services create or verify them at boot (kafka/ensure-topics.ts), the
 * reference pages are generated from here, and a test refuses a topic name written anywhere else.
 */
export interface TopicContract {
  readonly name: string;
  readonly owner: string;
  readonly consumers: readonly string[];
  /** What the message key is. It decides the partition, so it decides what stays in order. */
  readonly key: string;
  readonly value: string;
  readonly retentionMs: number;
  readonly maxMessageBytes: number;
  readonly cleanupPolicy: 'delete';
}

/**
 * All topics have the same number of partitions, which is the installation's choice (postgres/installation.ts, ADR 0012): this one
 * when nobody chooses, and no more than that.
 */
export const DEFAULT_PARTITIONS = 6;
export const MOST_PARTITIONS = 1_000;

const TICKET_MAX_BYTES = 4 * MIB;

const deadLetterTopic = (service: string): TopicContract => ({
  name: `${service}.dlq`,
  owner: service,
  consumers: ['operators'],
  key: 'the key of the message that was refused',
  value: 'the refused bytes, untouched; headers `dlq-*` say why and where from',
  retentionMs: 30 * DAY_MS,
  // A dead letter is the refused message plus our headers, so it needs a little more room than any topic it comes from.
  maxMessageBytes: TICKET_MAX_BYTES + 64 * KIB,
  cleanupPolicy: 'delete',
});

export const topics = {
  ticketsRaw: {
    name: 'tickets.raw.v1',
    owner: 'producers; ingest for HTTP and SQL-log sources',
    consumers: ['ingest'],
    key: 'ticket_id',
    value: 'one ticket as JSON (contracts/ticket.ts), or the same in a CloudEvents envelope',
    retentionMs: 7 * DAY_MS,
    maxMessageBytes: TICKET_MAX_BYTES,
    cleanupPolicy: 'delete',
  },
  documentChanges: {
    name: 'assay.public.documents',
    owner: 'Debezium',
    consumers: ['annotation-bridge'],
    key: 'doc_id',
    value: 'Debezium change event of table documents',
    retentionMs: 7 * DAY_MS,
    maxMessageBytes: TICKET_MAX_BYTES,
    cleanupPolicy: 'delete',
  },
  labels: {
    name: 'annotations.labeled.v1',
    owner: 'annotation-bridge',
    consumers: ['quality-validator'],
    key: 'doc_id; for a row that names its document by text alone, the text hash',
    value: 'one label row as JSON, or that one is no longer in its file (contracts/label-message.ts)',
    retentionMs: 30 * DAY_MS,
    maxMessageBytes: TICKET_MAX_BYTES,
    cleanupPolicy: 'delete',
  },
  decisionChanges: {
    name: 'assay.public.decisions',
    owner: 'Debezium',
    consumers: ['output'],
    key: 'doc_id',
    value: 'Debezium change event of table decisions',
    retentionMs: 7 * DAY_MS,
    maxMessageBytes: TICKET_MAX_BYTES,
    cleanupPolicy: 'delete',
  },
  ingestDeadLetters: deadLetterTopic('ingest'),
  bridgeDeadLetters: deadLetterTopic('annotation-bridge'),
  validatorDeadLetters: deadLetterTopic('quality-validator'),
  outputDeadLetters: deadLetterTopic('output'),
} as const satisfies Record<string, TopicContract>;

/** What a topic is created with besides its partitions, as Kafka names it. */
export const settingsOf = (topic: TopicContract): Readonly<Record<string, string>> => ({
  'cleanup.policy': topic.cleanupPolicy,
  'retention.ms': String(topic.retentionMs),
  'max.message.bytes': String(topic.maxMessageBytes),
});
