import { collectDefaultMetrics, Registry } from 'prom-client';
import type { KafkaSettings, LaneSettingsFields, PostgresSettings } from '../config/fields.ts';
import type { Channel } from '../contracts/channels.ts';
import { locks } from '../contracts/locks.ts';
import { roles } from '../contracts/roles.ts';
import type { TopicContract } from '../contracts/topics.ts';
import type { Bell } from '../pipeline/bell.ts';
import type { Backoff } from '../pipeline/backoff.ts';
import { withBackoff } from '../pipeline/backoff.ts';
import { createDeadLetterWriter } from '../pipeline/dead-letters.ts';
import { connectKafka, type KafkaConnection } from '../kafka/kafka-connection.ts';
import { LaneRuntime } from '../pipeline/lane-runtime.ts';
import type { Logger } from '../observability/logger.ts';
import { createLaneMetrics } from '../observability/lane-metrics.ts';
import type { ReadinessCheck } from '../http/readiness.ts';
import type { Spill } from '../pipeline/dead-letter-writer.ts';
import type { Lane } from '../pipeline/lane.ts';
import type { LaneListener } from '../pipeline/lane-listener.ts';
import type { LedgerStore } from '../pipeline/ledger-store.ts';
import { inTurn } from '../postgres/advisory-lock.ts';
import { choosePartitions, chosenPartitions } from '../postgres/installation.ts';
import { readMigrations } from '../postgres/migrate.ts';
import { Notifications } from '../postgres/notifications.ts';
import { createOffsetLedger } from '../postgres/offset-ledger.ts';
import { createPool, createPostgres, type Postgres } from '../postgres/postgres.ts';
import { FIX, prepareDatabase } from '../postgres/service-login.ts';
import type { Statement, Transaction } from '../postgres/statement.ts';

const ping: Statement = { name: 'ping', text: 'select 1' };

/** The timer of the event loop's lag; by default it wakes a process that has nothing to do a hundred times a second. */
const LOOP_LOOK_EVERY_MS = 100;

type Settings = KafkaSettings & LaneSettingsFields & PostgresSettings;

/** What every service stands on: connections that work, a migrated database, topics that are what the contract says. */
export interface Platform {
  readonly service: string;
  readonly settings: Settings;
  readonly log: Logger;
  readonly kafka: KafkaConnection;
  readonly postgres: Postgres;
  /** Rings when a transaction of any service notified this. */
  readonly bell: (channel: Channel) => Bell;
  readonly ledger: LedgerStore<Transaction>;
  /** Of every topic, as the installation has chosen. */
  readonly partitions: number;
  readonly registry: Registry;
  readonly metrics: LaneListener;
  readonly checks: readonly ReadinessCheck[];
  /** In this order, after the lanes have stopped. */
  readonly close: readonly (() => Promise<void>)[];
}

export interface PlatformOptions {
  readonly service: string;
  readonly role: string;
  readonly settings: Settings;
  readonly topics: readonly TopicContract[];
  readonly log: Logger;
}

/** Waits for what is not up yet, names it in the log while it waits, and gives up with an error that names it too. */
export async function connectPlatform({ service, role, settings, topics, log }: PlatformOptions): Promise<Platform> {
  const patiently = <T>(work: () => Promise<T>) => withBackoff(work, waitingAtBoot(settings, log));
  const migrations = await readMigrations();
  const { applied, login } = await patiently(() => prepareDatabase(settings.DATABASE_URL, role, migrations));
  if (applied.length > 0) log.info({ migrations: applied }, 'Database migrated.');
  if (login.excess !== null) log.warn({ login: login.name, excess: login.excess, role }, EXCESS);

  const postgres = createPostgres(createPool({ settings, applicationName: `assay-${service}`, role }), (error) =>
    log.debug({ err: error }, 'An idle connection to Postgres ended.'),
  );
  const notifications = new Notifications({
    settings,
    applicationName: `assay-${service}`,
    role,
    onLost: (error) => log.debug({ err: error }, 'The connection that listens to Postgres ended; it is made again.'),
  });
  const kafka = connectKafka(settings, `assay-${service}`, log);
  await patiently(() => kafka.open());
  const choose = role === roles.console ? chosenPartitions : choosePartitions;
  const prepareTopics = async (): Promise<number> => {
    const chosen = await choose(postgres, settings.KAFKA_PARTITIONS);
    await kafka.ensureTopics(topics, chosen);
    return chosen;
  };
  // One after the other, and not while somebody raises them: topics that are half made look like topics that are wrong.
  const partitions = await patiently(() => inTurn(settings.DATABASE_URL, locks.topics, prepareTopics));

  const registry = new Registry();
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LOOP_LOOK_EVERY_MS });
  return {
    service,
    settings,
    log,
    kafka,
    postgres,
    bell: (channel) => notifications.bell(channel),
    ledger: createOffsetLedger(postgres),
    partitions,
    registry,
    metrics: createLaneMetrics(registry, service),
    checks: [
      { name: 'postgres', check: async () => void (await postgres.query(ping, [])) },
      { name: 'kafka', check: async () => void (await kafka.admin.clusterId()) },
    ],
    close: [() => kafka.close(), () => notifications.stop(), () => postgres.close()],
  };
}

const EXCESS = `DATABASE_URL logs in as somebody who may do more than this service needs, and so may whoever gets into it: ${FIX}.`;

export interface LaneOptions {
  readonly spill: Spill;
  readonly listeners: readonly LaneListener[];
  readonly onFatal: (error: unknown) => void;
}

/** A lane of this service, ready to start. */
export function createLane<T, P>(
  platform: Platform,
  lane: Lane<T, P, Transaction>,
  options: LaneOptions,
): LaneRuntime<T, P, Transaction> {
  const { kafka, settings, ledger, log, metrics } = platform;
  const backoff = backoffOf(settings);
  const parts = {
    source: kafka.source(lane.contract, { backoff, concurrency: settings.LANE_CONCURRENCY }),
    ledger,
    deadLetters: createDeadLetterWriter(kafka.writer, lane.contract, options.spill),
    log,
  };
  return new LaneRuntime(lane, parts, {
    backoff,
    lookAgainMs: settings.LANE_LOOK_AGAIN_MS,
    listeners: [metrics, ...options.listeners],
    onFatal: options.onFatal,
  });
}

const backoffOf = (settings: LaneSettingsFields): Backoff => ({
  firstDelayMs: settings.LANE_RETRY_FIRST_DELAY_MS,
  maxDelayMs: settings.LANE_RETRY_MAX_DELAY_MS,
  giveUpAfterMs: settings.LANE_RETRY_GIVE_UP_MS,
});

const waitingAtBoot = (settings: LaneSettingsFields, log: Logger) => ({
  backoff: backoffOf(settings),
  stopping: new AbortController().signal, // a signal at boot ends the process: nothing has started yet
  onRetry: async (error: Error & { dependency: string | undefined }, attempt: number) =>
    log.warn({ dependency: error.dependency, attempt, error: error.message }, 'Waiting for a dependency.'),
});
