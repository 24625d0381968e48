import kafkajs, { type Admin } from 'kafkajs';
import { settingsOf, type TopicContract } from '../contracts/topics.ts';
import { PipelineError } from '../errors/pipeline-error.ts';
import { kafkaError } from './kafka-errors.ts';
import type { Log } from '../pipeline/log.ts';

type TopicAdmin = Pick<Admin, 'listTopics' | 'createTopics' | 'fetchTopicMetadata' | 'describeConfigs'>;

export interface Provisioning {
  readonly create: boolean;
  readonly replicationFactor: number;
}

/** Creates missing topics by their contract and refuses those that break it. Services do this at boot, in any order. */
export async function ensureTopics(
  admin: TopicAdmin,
  contracts: readonly TopicContract[],
  provisioning: Provisioning,
  log: Log,
): Promise<void> {
  try {
    const present = new Set(await admin.listTopics());
    const missing = contracts.filter(({ name }) => !present.has(name));
    if (missing.length > 0) await createMissing(admin, missing, provisioning, log);
    await verifyPartitions(admin, contracts);
    await verifySizes(admin, contracts);
  } catch (error) {
    throw kafkaError('preparing the topics', error);
  }
}

async function createMissing(
  admin: TopicAdmin,
  missing: readonly TopicContract[],
  { create, replicationFactor }: Provisioning,
  log: Log,
): Promise<void> {
  const names = missing.map(({ name }) => name);
  if (!create)
    throw new PipelineError(
      'CONFIG_INVALID',
      `topics are missing: ${names.join(', ')}. Create them (docs/reference/topics.md has their settings) or set KAFKA_TOPIC_PROVISIONING=create.`,
    );
  // Answers false when another service was faster, which is as good.
  await admin.createTopics({
    waitForLeaders: true,
    topics: missing.map((topic) => ({
      topic: topic.name,
      numPartitions: topic.partitions,
      replicationFactor,
      configEntries: Object.entries(settingsOf(topic)).map(([name, value]) => ({ name, value })),
    })),
  });
  log.info({ topics: names }, 'Topics created.');
}

async function verifyPartitions(admin: TopicAdmin, contracts: readonly TopicContract[]): Promise<void> {
  const { topics } = await admin.fetchTopicMetadata({ topics: contracts.map(({ name }) => name) });
  const wrong = contracts.flatMap(({ name, partitions }) => {
    const found = topics.find((topic) => topic.name === name)?.partitions.length ?? 0;
    return found === partitions ? [] : [`${name} has ${found} partitions instead of ${partitions}`];
  });
  if (wrong.length > 0)
    throw new PipelineError(
      'CONFIG_INVALID',
      `${wrong.join('; ')}. Another count would spread one document's events over partitions: use a topic of the right size.`,
    );
}

/** Retention is the operator's choice; a topic that cannot hold our messages is not. */
async function verifySizes(admin: TopicAdmin, contracts: readonly TopicContract[]): Promise<void> {
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: contracts.map(({ name }) => ({
      type: kafkajs.ConfigResourceTypes.TOPIC,
      name,
      configNames: ['max.message.bytes', 'cleanup.policy'],
    })),
  });
  const wrong = contracts.flatMap(({ name, maxMessageBytes, cleanupPolicy }) => {
    const entries = resources.find(({ resourceName }) => resourceName === name)?.configEntries ?? [];
    const value = (config: string) => entries.find(({ configName }) => configName === config)?.configValue;
    const faults: string[] = [];
    if (Number(value('max.message.bytes') ?? maxMessageBytes) < maxMessageBytes)
      faults.push(`${name} has max.message.bytes below ${maxMessageBytes}`);
    if ((value('cleanup.policy') ?? cleanupPolicy) !== cleanupPolicy)
      faults.push(`${name} has cleanup.policy other than ${cleanupPolicy}: compaction would eat unread messages`);
    return faults;
  });
  if (wrong.length > 0)
    throw new PipelineError('CONFIG_INVALID', `${wrong.join('; ')}. Change the topic's settings, then start again.`);
}
