import type { KafkaSettings, LaneSettingsFields } from '../config/fields.ts';
import type { LaneContract } from '../contracts/lanes.ts';
import type { TopicContract } from '../contracts/topics.ts';
import type { Log } from '../pipeline/log.ts';
import type { PartitionedSource } from '../pipeline/partitioned-source.ts';
import type { SourceRecord } from '../pipeline/record.ts';
import type { TopicWriter } from '../pipeline/topic-writer.ts';
import { answered, ANSWERED_WITHIN_MS } from './answered.ts';
import { answeringAdmin } from './answering-admin.ts';
import { addPartitions, ensureTopics, partitionCounts, type PartitionCount } from './ensure-topics.ts';
import { createKafka, createLaneConsumer, METADATA_MAX_AGE_MS } from './kafka-client.ts';
import { KafkaSource, type KafkaSourceSettings } from './kafka-source.ts';
import { scanTopic } from './scan-topic.ts';
import { createTopicAdmin, type TopicAdmin } from './topic-admin.ts';
import { createTopicWriter } from './topic-writer.ts';

/** A service's connections to Kafka, by what they are good for. Nobody sees kafkajs behind them. */
export interface KafkaConnection {
  readonly admin: TopicAdmin;
  readonly writer: TopicWriter;
  /** Reaches the brokers. May be tried again when it fails, as all of this. */
  open(): Promise<void>;
  /** Sees that the topics are what their contracts say, and makes those that are missing if that is wanted. */
  ensureTopics(topics: readonly TopicContract[], partitions: number): Promise<void>;
  /** What a lane reads. It has a connection of its own, which the lane opens and closes. */
  source(contract: LaneContract, settings: KafkaSourceSettings): PartitionedSource;
  /** Goes once through what a topic holds now; false when there is no such topic. */
  readonly scan: (topic: string, onRecords: (records: readonly SourceRecord[]) => Promise<void>) => Promise<boolean>;
  close(): Promise<void>;
}

export function connectKafka(
  settings: KafkaSettings & LaneSettingsFields,
  clientId: string,
  log: Log,
  answeredWithinMs: number = ANSWERED_WITHIN_MS,
): KafkaConnection {
  const kafka = createKafka(settings, clientId, log);
  const admin = answeringAdmin(kafka.admin());
  const producer = kafka.producer({
    allowAutoTopicCreation: false,
    metadataMaxAge: METADATA_MAX_AGE_MS,
    retry: { retries: 2, initialRetryTime: 100 },
  });
  const provisioning = {
    create: settings.KAFKA_TOPIC_PROVISIONING === 'create',
    replicationFactor: settings.KAFKA_REPLICATION_FACTOR,
  };
  return {
    admin: createTopicAdmin(admin, answeredWithinMs),
    writer: createTopicWriter(producer),
    async open() {
      await answered(REACHING, () => admin.connect(), answeredWithinMs);
      await answered(REACHING, () => producer.connect(), answeredWithinMs);
    },
    ensureTopics: (topics, partitions) =>
      ensureTopics(admin, topics, { ...provisioning, partitions, answeredWithinMs }, log),
    source: (contract, how) =>
      new KafkaSource({ contract, consumer: createLaneConsumer(kafka, contract, settings), admin, log }, how),
    scan: (topic, onRecords) => scanTopic(kafka, admin, topic, onRecords),
    async close() {
      await producer.disconnect();
      await admin.disconnect();
    },
  };
}

const REACHING = 'reaching the Kafka brokers';

/** What an operator's verb does to the topics. */
export interface PartitionAdmin {
  /** Of those that are there. */
  count(topics: readonly TopicContract[]): Promise<readonly PartitionCount[]>;
  /** Brings topics that have fewer to this number. */
  raise(topics: readonly TopicContract[], partitions: number): Promise<void>;
}

/** Connects for as long as the work takes. */
export async function withPartitionAdmin<T>(
  settings: KafkaSettings,
  log: Log,
  work: (admin: PartitionAdmin) => Promise<T>,
): Promise<T> {
  const admin = answeringAdmin(createKafka(settings, 'assay-cli', log).admin());
  const count = async (topics: readonly TopicContract[]) => {
    const present = new Set(await answered('listing the topics', () => admin.listTopics()));
    const names = topics.map(({ name }) => name).filter((name) => present.has(name));
    return names.length === 0 ? [] : partitionCounts(admin, names);
  };
  try {
    await answered(REACHING, () => admin.connect());
    return await work({
      count,
      raise: async (topics, partitions) => addPartitions(admin, await count(topics), partitions),
    });
  } finally {
    await admin.disconnect();
  }
}
