import './bounded-fetch.ts';
import './aborted-records.ts';
import { Kafka, type Consumer, logLevel } from 'kafkajs';
import { accessOf } from './access.ts';
import { groupIdOf, type LaneContract } from '../contracts/lanes.ts';
import type { KafkaSettings, LaneSettingsFields } from '../config/fields.ts';
import type { Log } from '../pipeline/log.ts';

/** So long a partition that was added may stay unseen. */
export const METADATA_MAX_AGE_MS = 30_000;

/**
 * kafkajs writes ERROR for things that pass by themselves: rebalances, a coordinator that is still loading, a broker that is
 * restarting. What is an error to an operator is decided by the lane (waits, gives up), so kafkajs is kept at debug.
 */
export function createKafka(settings: KafkaSettings, clientId: string, log: Log): Kafka {
  return new Kafka({
    clientId,
    brokers: settings.KAFKA_BROKERS,
    ...accessOf(settings),
    connectionTimeout: 5_000,
    // 30 s by default, several times over: a broker that is frozen would hold a lane for minutes.
    requestTimeout: 10_000,
    // The lane has its own backoff, which heartbeats; kafkajs only bridges a dropped connection.
    retry: { initialRetryTime: 200, maxRetryTime: 2_000, retries: 5 },
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => {
      const { message, error } = entry.log as { message: string; error?: string };
      log.debug({ from: 'kafkajs', namespace: entry.namespace, error }, message);
    },
  });
}

export function createLaneConsumer(
  kafka: Kafka,
  contract: LaneContract,
  settings: KafkaSettings & LaneSettingsFields,
): Consumer {
  const sessionTimeout = settings.KAFKA_SESSION_TIMEOUT_MS;
  return kafka.consumer({
    groupId: groupIdOf(contract),
    sessionTimeout,
    heartbeatInterval: Math.floor(sessionTimeout / 10),
    minBytes: settings.LANE_FETCH_MIN_BYTES,
    maxWaitTimeInMs: settings.LANE_LINGER_MS,
    maxBytesPerPartition: settings.LANE_FETCH_MAX_BYTES,
    // Only records of committed transactions; the offsets of the others are booked as gaps.
    readUncommitted: false,
    metadataMaxAge: METADATA_MAX_AGE_MS,
    // A topic that is gone is made again by its contract (ensure-topics.ts), not with the broker's defaults.
    allowAutoTopicCreation: false,
    // kafkajs would start again every 200 ms for ever; the lane has a backoff, and gives up.
    retry: { restartOnFailure: async () => false },
  });
}
