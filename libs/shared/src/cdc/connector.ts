import { changeEventTables, PUBLICATION } from '../contracts/tables.ts';
import { settingsOf, topics, type TopicContract } from '../contracts/topics.ts';
import { MIB } from '../contracts/units.ts';

/** The topics Debezium writes; whoever registers the connector creates them first, by their contract. */
export const changeEventTopics: readonly TopicContract[] = Object.values(topics).filter(
  ({ owner }) => owner === 'Debezium',
);

export const TOPIC_PREFIX = topics.documentChanges.name.split('.', 1)[0]!;

export interface ConnectorOptions {
  /** Postgres as Kafka Connect reaches it. Its password is left out: Connect shows a configuration to whoever asks. */
  readonly databaseUrl: string;
  /** Where Connect finds the password: a reference to one of its config providers. */
  readonly passwordReference: string;
  /** Name of the connector and of its replication slot; two databases of one server need two. */
  readonly name: string;
  readonly heartbeatMs: number;
  readonly pollMs: number;
  /** Of every topic of the installation. */
  readonly partitions: number;
}

export type ConnectorConfig = Readonly<Record<string, string>>;

const nameOf = ({ schema, name }: { schema: string; name: string }): string => `${schema}.${name}`;
/** Debezium takes these as regular expressions that must match the whole name. */
const pattern = (text: string): string => text.replaceAll('.', String.raw`\.`);

/**
 * All of the connector from the contracts. A publication's column list does not bind the snapshot, hence the columns here
 * too. Without `message.key.columns` decisions would be keyed by decision_id and a document's decisions lose their order.
 */
export function connectorConfig(options: ConnectorOptions): ConnectorConfig {
  const { databaseUrl, passwordReference, name, heartbeatMs, pollMs, partitions } = options;
  const columns = changeEventTables.flatMap((table) =>
    table.changeEvents.columns.map((column) => `${nameOf(table)}.${column}`),
  );
  return {
    'connector.class': 'io.debezium.connector.postgresql.PostgresConnector',
    'tasks.max': '1',
    ...databaseSettings(databaseUrl),
    'database.password': passwordReference,
    'topic.prefix': TOPIC_PREFIX,
    'table.include.list': changeEventTables.map((table) => pattern(nameOf(table))).join(','),
    'column.include.list': columns.map(pattern).join(','),
    'message.key.columns': changeEventTables.map((table) => `${nameOf(table)}:doc_id`).join(';'),
    'plugin.name': 'pgoutput',
    'publication.name': PUBLICATION,
    'publication.autocreate.mode': 'disabled',
    'slot.name': name,
    // A bounded slot will be lost one day; then the tables are read again, and every effect knows what it has done.
    'snapshot.mode': 'when_needed',
    ...heartbeat(heartbeatMs),
    // After Postgres was away; the default of 10 s is longer than most restarts.
    'retriable.restart.connector.wait.ms': '1000',
    'poll.interval.ms': String(pollMs),
    'decimal.handling.mode': 'string',
    'extended.headers.enabled': 'false',
    'tombstones.on.delete': 'true',
    ...converters,
    ...topicCreation(partitions),
    ...producerSettings,
  };
}

function databaseSettings(databaseUrl: string): ConnectorConfig {
  const url = new URL(databaseUrl);
  const sslMode = url.searchParams.get('sslmode');
  return {
    'database.hostname': url.hostname,
    'database.port': url.port || '5432',
    'database.user': decodeURIComponent(url.username),
    'database.dbname': decodeURIComponent(url.pathname.slice(1)),
    ...(sslMode === null ? {} : { 'database.sslmode': sslMode }),
  };
}

const HEARTBEAT_PREFIX = 'assay-heartbeat';

/**
 * Debezium confirms WAL only when something reaches it, and most of what our services write does not: measured, the slot
 * stood still for good while 48 MB of other tables were written. A logical message in the stream moves it on, if it is
 * transactional (with false it did not); it needs neither a table nor a right to write, and no topic gets it.
 */
const heartbeat = (everyMs: number): ConnectorConfig => ({
  'heartbeat.interval.ms': String(everyMs),
  'heartbeat.action.query': `select pg_logical_emit_message(true, '${HEARTBEAT_PREFIX}', '')`,
  'message.prefix.exclude.list': HEARTBEAT_PREFIX,
});

const converters: ConnectorConfig = Object.fromEntries(
  ['key', 'value'].flatMap((side) => [
    [`${side}.converter`, 'org.apache.kafka.connect.json.JsonConverter'],
    [`${side}.converter.schemas.enable`, 'false'],
  ]),
);

/** For the heartbeat topic, and for a topic somebody deleted: it must come back as the contract has it. */
const topicCreation = (partitions: number): ConnectorConfig => ({
  'topic.creation.default.partitions': String(partitions),
  'topic.creation.default.replication.factor': '-1',
  ...Object.fromEntries(
    Object.entries(settingsOf(topics.documentChanges)).map(([name, value]) => [
      `topic.creation.default.${name}`,
      value,
    ]),
  ),
});

/**
 * The producer measures a record before it is compressed, and JSON makes a row longer than the ticket it came from. A record
 * that is too large ends the task for good, so one ticket could stop all of them: the limit is far above any row.
 */
const producerSettings: ConnectorConfig = {
  'producer.override.max.request.size': String(16 * MIB),
  'producer.override.compression.type': 'gzip',
  // As our own writers: 5 minutes by default, in which a partition that was added would stay empty.
  'producer.override.metadata.max.age.ms': '30000',
};
