import { commaItems, commaList } from '@assay/cli/comma-list';
import { z } from 'zod';
import { DEFAULT_PARTITIONS, MOST_PARTITIONS } from '../contracts/topics.ts';
import { MIB } from '../contracts/units.ts';
import { parseBlobPlace, PLACE_FORMS } from './blob-place.ts';
import { kafkaAccessFields } from './kafka-access.ts';
import { isLoopback } from './loopback.ts';
import { secret } from './read-config.ts';

const number = () => z.coerce.number();
const milliseconds = () => number().int().min(0);
/** A comma separated list that may be empty. */
export const list = () => z.string().default('').transform(commaList);
const flag = () => z.enum(['true', 'false']).transform((value) => value === 'true');

/** The settings every service shares. Each `config.ts` spreads the groups it needs into its own schema. */
export const logFields = {
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info').describe('Lowest level written to the log.'),
};

export const kafkaFields = {
  KAFKA_BROKERS: z
    .string()
    .transform(commaItems)
    .pipe(z.array(z.string().regex(/^[^\s:]+:\d+$/, 'must be host:port, comma separated')).min(1))
    .describe('Brokers to start from, host:port, comma separated.'),
  KAFKA_SSL: flag().default(false).describe('Whether to use TLS.'),
  ...kafkaAccessFields,
  KAFKA_TOPIC_PROVISIONING: z
    .enum(['create', 'verify'])
    .default('create')
    .describe(
      'Whether missing topics, and missing partitions, are created at boot, or refused. Both are verified either way.',
    ),
  KAFKA_PARTITIONS: number()
    .int()
    .min(1)
    .max(MOST_PARTITIONS)
    .optional()
    .describe(
      `Partitions of every topic, chosen by the first start of an installation (${DEFAULT_PARTITIONS} when absent) and kept in Postgres. Afterwards only \`assay partitions --raise N\` changes it, and another number here is refused.`,
    ),
  KAFKA_REPLICATION_FACTOR: number().int().min(1).default(1).describe('Replication factor of topics created at boot.'),
  KAFKA_SESSION_TIMEOUT_MS: milliseconds()
    .default(30_000)
    .describe('After this long without a heartbeat the group gives our partitions to another instance.'),
};

export const laneFields = {
  LANE_CONCURRENCY: number().int().min(1).max(64).default(3).describe('Partitions a lane works on at the same time.'),
  LANE_FETCH_MAX_BYTES: number()
    .int()
    .min(1024)
    .default(MIB)
    .describe('Bytes fetched from one partition at a time; a batch is what one fetch brings.'),
  LANE_FETCH_MIN_BYTES: number()
    .int()
    .min(1)
    .default(1)
    .describe('The broker lingers until it has this much, or until LANE_LINGER_MS: fewer and larger batches.'),
  LANE_LINGER_MS: milliseconds()
    .default(500)
    .describe('Longest wait for LANE_FETCH_MIN_BYTES; with 1 byte, how often an idle lane asks again.'),
  LANE_RETRY_FIRST_DELAY_MS: milliseconds().default(200).describe('First wait after an outage; it doubles each time.'),
  LANE_RETRY_MAX_DELAY_MS: milliseconds().default(5_000).describe('Longest wait between two tries.'),
  LANE_RETRY_GIVE_UP_MS: milliseconds()
    .default(300_000)
    .describe('After this long without success the process ends, for its supervisor to start it again.'),
  LANE_LOOK_AGAIN_MS: milliseconds()
    .min(100)
    .default(30_000)
    .describe(
      'How often ledger and log are compared while no message comes: a crash of Postgres or retention may have changed them.',
    ),
};

export const postgresFields = {
  DATABASE_URL: secret(z.url({ protocol: /^postgres(ql)?$/ }).describe('Postgres, postgres://user:password@host/db.')),
  DATABASE_POOL_SIZE: number().int().min(2).default(8).describe('Connections to Postgres at most.'),
};

export const blobFields = {
  BLOB_CONNECTION_STRING: secret(
    z
      .string()
      .refine((text) => parseBlobPlace(text) !== null, `must be ${PLACE_FORMS}`)
      .describe('Where blobs live: Azure Blob Storage (or Azurite), Data Lake, S3 or a folder.'),
  ),
};

export const cdcFields = {
  CONNECT_URL: z.url({ protocol: /^https?$/ }).describe('REST address of Kafka Connect with Debezium.'),
  CDC_DATABASE_URL: secret(
    z
      .url({ protocol: /^postgres(ql)?$/ })
      .optional()
      .describe(
        'Postgres as Kafka Connect reaches it, with a login that may replicate and is in role assay_cdc. DATABASE_URL when absent, whose login would then have to.',
      ),
  ),
  CDC_PASSWORD_REFERENCE: z
    .string()
    .regex(/^\$\{[\w-]+:[^{}]+\}$/, 'must be ${provider:key} or ${provider:path:key}, and never the password itself')
    .default('${env:ASSAY_CDC_PASSWORD}')
    .describe(
      'Where Kafka Connect finds the password of CDC_DATABASE_URL: a reference to a config provider of its workers. The password itself never stands in the connector.',
    ),
  CDC_CONNECTOR_NAME: z
    .string()
    .regex(/^[a-z0-9_]{1,63}$/, 'must be lower-case letters, digits and underscores')
    .default('assay')
    .describe('Name of the connector and of its replication slot. Two databases of one server need two.'),
  CDC_HEARTBEAT_MS: milliseconds()
    .min(100)
    .default(10_000)
    .describe('How often Debezium tells Postgres how far it got while nothing changes, so that old WAL can go.'),
  CDC_POLL_MS: number().int().min(1).default(40).describe('Longest wait of Debezium between two looks at new changes.'),
  CDC_CHECK_MS: milliseconds()
    .min(100)
    .default(5_000)
    .describe(
      'How often the connector is looked after: registered when missing, restarted when failed, its slot made again when lost.',
    ),
  CDC_SLOT_RETAINED_MAX_BYTES: number()
    .int()
    .min(1)
    .default(1024 * MIB)
    .describe(
      'More WAL than this held back by the replication slot is told by /ready. Keep it below max_slot_wal_keep_size of Postgres.',
    ),
};

export const httpFields = {
  HTTP_HOST: z.string().default('127.0.0.1').describe('Address to listen on. Anything but loopback needs API keys.'),
  HTTP_PORT: number().int().min(0).max(65_535).default(0).describe('Port to listen on; 0 takes a free one.'),
  HTTP_API_KEYS: secret(
    list().describe(
      'Keys that open every route, shown as `Authorization: Bearer`, comma separated. No key of any kind: loopback only.',
    ),
  ),
  HTTP_READ_KEYS: secret(list().describe('Keys that open routes that only tell.')),
  HTTP_WRITE_KEYS: secret(list().describe('Keys that open routes that take something in, such as tickets.')),
  HTTP_OPERATE_KEYS: secret(list().describe('Keys that open routes that change how the system runs.')),
  HTTP_BODY_MAX_BYTES: number()
    .int()
    .min(1024)
    .default(16 * MIB)
    .describe('Larger requests, and those that unpack to more, are answered 413.'),
  HTTP_BODIES_MAX_BYTES: number()
    .int()
    .min(1024)
    .default(64 * MIB)
    .describe('Bytes of all requests in hand together; one more is answered 503 until others are done.'),
  HTTP_MAX_CONNECTIONS: number().int().min(1).default(512).describe('Connections at a time; more are closed at once.'),
  HTTP_HEADERS_TIMEOUT_MS: milliseconds()
    .min(100)
    .default(10_000)
    .describe('A connection that has not sent the head of a request by then is closed.'),
  HTTP_REQUEST_TIMEOUT_MS: milliseconds()
    .min(100)
    .default(60_000)
    .describe('A request that has not come in as a whole by then is answered 408 and its connection closed.'),
  HTTP_IDLE_TIMEOUT_MS: milliseconds()
    .min(100)
    .default(75_000)
    .describe('A connection on which nothing moves for this long is closed, also one whose reader takes nothing.'),
  HTTP_ALLOWED_HOSTS: list().describe(
    'Names a caller may have in `Host` besides loopback and HTTP_HOST, comma separated. Other names are answered 421; none here: any name, when HTTP_HOST is not loopback.',
  ),
};

/** Shorter keys are found by trying. */
export const API_KEY_MIN_LENGTH = 16;

/** What a service with a lane, a database, a blob store and HTTP needs. */
export const serviceFields = {
  ...logFields,
  ...kafkaFields,
  ...laneFields,
  ...postgresFields,
  ...blobFields,
  ...httpFields,
};

/** `schema.refine(isGuarded, UNGUARDED)`: a service that others can reach starts only with API keys that nobody guesses. */
export function isGuarded(settings: GuardSettings): boolean {
  const { HTTP_API_KEYS, HTTP_READ_KEYS, HTTP_WRITE_KEYS, HTTP_OPERATE_KEYS } = settings;
  const keys = [...HTTP_API_KEYS, ...HTTP_READ_KEYS, ...HTTP_WRITE_KEYS, ...HTTP_OPERATE_KEYS];
  return (
    isLoopback(settings.HTTP_HOST) || (keys.length > 0 && keys.every(({ length }) => length >= API_KEY_MIN_LENGTH))
  );
}

type GuardSettings = Pick<
  HttpSettings,
  'HTTP_HOST' | 'HTTP_API_KEYS' | 'HTTP_READ_KEYS' | 'HTTP_WRITE_KEYS' | 'HTTP_OPERATE_KEYS'
>;

export const UNGUARDED = {
  path: ['HTTP_API_KEYS'],
  message: `is required when HTTP_HOST is not loopback, each key of at least ${API_KEY_MIN_LENGTH} characters: nobody may come in without a key or by guessing one`,
};

type Fields<T extends Record<string, z.ZodType>> = z.output<z.ZodObject<T>>;
export type KafkaSettings = Fields<typeof kafkaFields>;
export type LaneSettingsFields = Fields<typeof laneFields>;
export type PostgresSettings = Fields<typeof postgresFields>;
export type BlobSettings = Fields<typeof blobFields>;
export type CdcSettings = Fields<typeof cdcFields>;
export type HttpSettings = Fields<typeof httpFields>;
export type LogSettings = Fields<typeof logFields>;
