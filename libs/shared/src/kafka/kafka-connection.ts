import type { KafkaSettings, LaneSettingsFields } from '../config/fields.ts';
import type { LaneContract } from '../contracts/lanes.ts';
import type { TopicContract } from '../contracts/topics.ts';
import type { Log } from '../pipeline/log.ts';
import type { PartitionedSource } from '../pipeline/partitioned-source.ts';
import type { TopicWriter } from '../pipeline/topic-writer.ts';
import { ensureTopics } from './ensure-topics.ts';
import { createKafka, createLaneConsumer } from './kafka-client.ts';
import { kafkaError } from './kafka-errors.ts';
import { KafkaSource, type KafkaSourceSettings } from './kafka-source.ts';
import { createTopicAdmin, type TopicAdmin } from './topic-admin.ts';
import { createTopicWriter } from './topic-writer.ts';

/** A service's connections to Kafka, by what they are good for. Nobody sees kafkajs behind them. */
export interface KafkaConnection {
  readonly admin: TopicAdmin;
  readonly writer: TopicWriter;
  /** Reaches the brokers. May be tried again when it fails, as all of this. */
  open(): Promise<void>;
  /** Sees that the topics are what their contracts say, and makes those that are missing if that is wanted. */
  ensureTopics(topics: readonly TopicContract[]): Promise<void>;
  /** What a lane reads. It has a connection of its own, which the lane opens and closes. */
  source(contract: LaneContract, settings: KafkaSourceSettings): PartitionedSource;
  close(): Promise<void>;
}

export function connectKafka(
  settings: KafkaSettings & LaneSettingsFields,
  clientId: string,
  log: Log,
): KafkaConnection {
  const kafka = createKafka(settings, clientId, log);
  const admin = kafka.admin();
  const producer = kafka.producer({ allowAutoTopicCreation: false, retry: { retries: 2, initialRetryTime: 100 } });
  const provisioning = {
    create: settings.KAFKA_TOPIC_PROVISIONING === 'create',
    replicationFactor: settings.KAFKA_REPLICATION_FACTOR,
  };
  return {
    admin: createTopicAdmin(admin),
    writer: createTopicWriter(producer),
    async open() {
      await reaching(() => admin.connect());
      await reaching(() => producer.connect());
    },
    ensureTopics: (topics) => ensureTopics(admin, topics, provisioning, log),
    source: (contract, how) =>
      new KafkaSource({ contract, consumer: createLaneConsumer(kafka, contract, settings), admin, log }, how),
    async close() {
      await producer.disconnect();
      await admin.disconnect();
    },
  };
}

async function reaching(connect: () => Promise<void>): Promise<void> {
  try {
    await connect();
  } catch (error) {
    throw kafkaError('reaching the Kafka brokers', error);
  }
}
