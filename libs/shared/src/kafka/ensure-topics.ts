import kafkajs, { type Admin } from 'kafkajs';
import { settingsOf, type TopicContract } from '../contracts/topics.ts';
import { PipelineError } from '../errors/pipeline-error.ts';
import type { Log } from '../pipeline/log.ts';
import { answered, ANSWERED_WITHIN_MS } from './answered.ts';

export type ProvisioningAdmin = Pick<
  Admin,
  'listTopics' | 'createTopics' | 'createPartitions' | 'fetchTopicMetadata' | 'describeConfigs'
>;

export interface Provisioning {
  readonly create: boolean;
  readonly replicationFactor: number;
  /** Of every topic: the installation's choice. */
  readonly partitions: number;
  /** For each request. */
  readonly answeredWithinMs?: number;
}

/**
 * Creates missing topics by their contract, and missing partitions, and refuses what breaks it. Services do this at boot, in any
 * order, and one after the other (platform.ts).
 */
export async function ensureTopics(
  admin: ProvisioningAdmin,
  contracts: readonly TopicContract[],
  provisioning: Provisioning,
  log: Log,
): Promise<void> {
  const asking = askingOf(provisioning);
  const present = new Set(await asking('listing the topics', () => admin.listTopics()));
  const missing = contracts.filter(({ name }) => !present.has(name));
  if (missing.length > 0) await createMissing(admin, missing, provisioning, log);
  await ensurePartitions(admin, contracts, provisioning, log);
  await verifySizes(admin, contracts, asking);
}

type Asking = <T>(doing: string, ask: () => Promise<T>) => Promise<T>;

const askingOf =
  ({ answeredWithinMs = ANSWERED_WITHIN_MS }: Provisioning): Asking =>
  (doing, ask) =>
    answered(doing, ask, answeredWithinMs);

async function createMissing(
  admin: ProvisioningAdmin,
  missing: readonly TopicContract[],
  provisioning: Provisioning,
  log: Log,
): Promise<void> {
  const names = missing.map(({ name }) => name);
  const { create, replicationFactor, partitions } = provisioning;
  if (!create)
    throw new PipelineError(
      'CONFIG_INVALID',
      `topics are missing: ${names.join(', ')}. Create them (docs/reference/topics.md has their settings) or set KAFKA_TOPIC_PROVISIONING=create.`,
    );
  const request = {
    waitForLeaders: true,
    topics: missing.map((topic) => ({
      topic: topic.name,
      numPartitions: partitions,
      replicationFactor,
      configEntries: Object.entries(settingsOf(topic)).map(([name, value]) => ({ name, value })),
    })),
  };
  // False when somebody else was faster, which is as good.
  const isOurs = await askingOf(provisioning)('creating topics', () => admin.createTopics(request));
  if (isOurs) log.info({ topics: names, partitions }, 'Topics created.');
}

export interface PartitionCount {
  readonly name: string;
  readonly found: number;
}

/** Of topics that are there. */
export async function partitionCounts(
  admin: Pick<Admin, 'fetchTopicMetadata'>,
  names: readonly string[],
  asking: Asking = answered,
): Promise<readonly PartitionCount[]> {
  const { topics } = await asking('counting partitions', () => admin.fetchTopicMetadata({ topics: [...names] }));
  return names.map((name) => ({ name, found: topics.find((topic) => topic.name === name)?.partitions.length ?? 0 }));
}

/** A topic with fewer was made by somebody else, or a raise ended half way. */
async function ensurePartitions(
  admin: ProvisioningAdmin,
  contracts: readonly TopicContract[],
  provisioning: Provisioning,
  log: Log,
): Promise<void> {
  const { partitions, create } = provisioning;
  const asking = askingOf(provisioning);
  const names = contracts.map(({ name }) => name);
  const counts = await partitionCounts(admin, names, asking);
  const most = Math.max(...counts.map(({ found }) => found));
  if (most > partitions)
    throw new PipelineError(
      'CONFIG_INVALID',
      `${differing(counts, partitions)}: somebody has raised it beside us. Make it the choice of the installation with \`assay partitions --raise ${most}\` (docs/partitions.md).`,
    );
  const few = counts.filter(({ found }) => found < partitions);
  if (few.length === 0) return;
  if (!create)
    throw new PipelineError(
      'CONFIG_INVALID',
      `${differing(few, partitions)}. Add partitions with \`assay partitions --raise ${partitions}\`, or set KAFKA_TOPIC_PROVISIONING=create.`,
    );
  await addPartitions(admin, few, partitions, asking);
  log.info({ topics: few.map(({ name }) => name), partitions }, 'Partitions added.');
}

const differing = (counts: readonly PartitionCount[], partitions: number): string =>
  counts
    .filter(({ found }) => found !== partitions)
    .map(({ name, found }) => `${name} has ${found} partitions instead of ${partitions}`)
    .join('; ');

/** Brings topics with fewer partitions to this number. */
export async function addPartitions(
  admin: Pick<Admin, 'createPartitions'>,
  counts: readonly PartitionCount[],
  partitions: number,
  asking: Asking = answered,
): Promise<void> {
  const few = counts.filter(({ found }) => found < partitions);
  if (few.length === 0) return;
  const topicPartitions = few.map(({ name: topic }) => ({ topic, count: partitions }));
  await asking('adding partitions', () => admin.createPartitions({ topicPartitions }));
}

/** Retention is the operator's choice; a topic that cannot hold our messages is not. */
async function verifySizes(
  admin: ProvisioningAdmin,
  contracts: readonly TopicContract[],
  asking: Asking,
): Promise<void> {
  const request = {
    includeSynonyms: false,
    resources: contracts.map(({ name }) => ({
      type: kafkajs.ConfigResourceTypes.TOPIC,
      name,
      configNames: ['max.message.bytes', 'cleanup.policy'],
    })),
  };
  const { resources } = await asking('reading the settings of topics', () => admin.describeConfigs(request));
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
