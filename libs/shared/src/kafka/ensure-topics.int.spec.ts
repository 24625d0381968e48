import { randomUUID } from 'node:crypto';
import { type Admin, ConfigResourceTypes, Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type TopicContract, topics } from '../contracts/topics.ts';
import { KIB } from '../contracts/units.ts';
import '../testing/test-infrastructure.ts';
import { withBackoff } from '../pipeline/backoff.ts';
import { ensureTopics } from './ensure-topics.ts';

describe('topics at boot, on a real broker', () => {
  let admin: Admin;
  const created: string[] = [];
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const create = { create: true, replicationFactor: 1, partitions: 6 };

  beforeAll(async () => {
    admin = newAdmin();
    await admin.connect();
  });
  afterAll(async () => {
    await admin.deleteTopics({ topics: created });
    await admin.disconnect();
  });

  /** As at boot: a broker that has not heard of a new topic yet is waited for. */
  const ensure = (by: Admin, contracts: readonly TopicContract[], provisioning = create) =>
    withBackoff(() => ensureTopics(by, contracts, provisioning, log), {
      backoff: { firstDelayMs: 20, maxDelayMs: 200, giveUpAfterMs: 10_000 },
      stopping: new AbortController().signal,
      onRetry: async () => {},
    });

  const newAdmin = () => new Kafka({ brokers: inject('kafkaBrokers').split(','), logLevel: logLevel.NOTHING }).admin();

  /** A contract of this spec's own; the real names belong to whoever runs beside us. */
  function contract(overrides: Partial<TopicContract> = {}): TopicContract {
    const name = `ensure-topics-${randomUUID()}`;
    created.push(name);
    return { ...topics.ticketsRaw, name, ...overrides };
  }

  async function countsOf(...contracts: readonly TopicContract[]): Promise<readonly number[]> {
    const { topics: found } = await admin.fetchTopicMetadata({ topics: contracts.map(({ name }) => name) });
    return found.map(({ partitions }) => partitions.length);
  }

  async function configOf(name: string): Promise<Record<string, string>> {
    const resources = [{ type: ConfigResourceTypes.TOPIC, name }];
    const { resources: found } = await admin.describeConfigs({ includeSynonyms: false, resources });
    return Object.fromEntries(found[0]!.configEntries.map(({ configName, configValue }) => [configName, configValue]));
  }

  it('creates what is missing by its contract', async () => {
    const one = contract();
    const two = contract({ retentionMs: 60_000, maxMessageBytes: 64 * KIB });
    await ensure(admin, [one, two], { ...create, partitions: 4 });
    expect(await countsOf(one, two)).toEqual([4, 4]);
    expect(await configOf(two.name)).toMatchObject({
      'cleanup.policy': 'delete',
      'retention.ms': '60000',
      'max.message.bytes': String(64 * KIB),
    });
  });

  it('services that boot together all end well', async () => {
    const shared = [contract(), contract(), contract()];
    const admins = [newAdmin(), newAdmin(), newAdmin(), newAdmin()];
    await Promise.all(admins.map((one) => one.connect()));
    // Each begins elsewhere, so that they meet in the middle.
    await Promise.all(admins.map((one, n) => ensure(one, [...shared.slice(n % 3), ...shared.slice(0, n % 3)])));
    await Promise.all(admins.map((one) => one.disconnect()));
    expect(await countsOf(...shared)).toEqual([6, 6, 6]);
  });

  it('adds partitions to a topic that has fewer, also when all services do so at once', async () => {
    const one = contract();
    await ensure(admin, [one], { ...create, partitions: 3 });
    await Promise.all([1, 2, 3].map(() => ensure(admin, [one])));
    expect(await countsOf(one)).toEqual([6]);
  });

  it('when it may only verify, refuses one that has fewer, and names topic, number and way out', async () => {
    const one = contract();
    await ensure(admin, [one], { ...create, partitions: 3 });
    await expect(ensure(admin, [one], { ...create, create: false })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: `${one.name} has 3 partitions instead of 6. Add partitions with \`assay partitions --raise 6\`, or set KAFKA_TOPIC_PROVISIONING=create.`,
    });
  });

  it('refuses one that has more: somebody raised it beside us', async () => {
    const one = contract();
    await ensure(admin, [one], { ...create, partitions: 8 });
    await expect(ensure(admin, [one])).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: `${one.name} has 8 partitions instead of 6: somebody has raised it beside us. Make it the choice of the installation with \`assay partitions --raise 8\` (docs/partitions.md).`,
    });
  });

  it('refuses a topic that cannot hold our messages', async () => {
    const one = contract({ maxMessageBytes: 64 * KIB });
    await ensure(admin, [one]);
    await expect(ensure(admin, [{ ...one, maxMessageBytes: 128 * KIB }])).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining(`${one.name} has max.message.bytes below 131072`),
    });
  });

  it('refuses a compacted topic, which would eat unread messages', async () => {
    const one = contract();
    const configEntries = [
      { name: 'cleanup.policy', value: 'compact' },
      { name: 'max.message.bytes', value: String(one.maxMessageBytes) },
    ];
    await admin.createTopics({ topics: [{ topic: one.name, numPartitions: 6, configEntries }] });
    await expect(ensure(admin, [one])).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('cleanup.policy other than delete'),
    });
  });

  it('leaves retention to the operator, and takes a topic that holds more than it must', async () => {
    const one = contract({ retentionMs: 60_000 });
    await ensure(admin, [one]);
    const { maxMessageBytes } = one;
    await ensure(admin, [{ ...one, retentionMs: 1, maxMessageBytes: maxMessageBytes - KIB }]);
    expect(await configOf(one.name)).toMatchObject({ 'retention.ms': '60000' });
  });

  it('when it may only verify, names every topic that is missing and creates none', async () => {
    const [one, two] = [contract(), contract()];
    await expect(ensure(admin, [one, two], { ...create, create: false })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(
        `topics are missing: ${one.name}, ${two.name}\\. .*KAFKA_TOPIC_PROVISIONING=create`,
      ),
    });
    const present = await admin.listTopics();
    expect(present).not.toContain(one.name);
    created.splice(created.indexOf(one.name), 2);
  });
});

describe('topics at boot, without a broker', () => {
  it('is an outage of Kafka, which the boot waits for', async () => {
    const kafka = new Kafka({ brokers: ['127.0.0.1:1'], logLevel: logLevel.NOTHING, retry: { retries: 0 } });
    const silent = { debug() {}, info() {}, warn() {}, error() {} };
    const provisioning = { create: true, replicationFactor: 1, partitions: 6 };
    await expect(ensureTopics(kafka.admin(), [topics.ticketsRaw], provisioning, silent)).rejects.toMatchObject({
      code: 'DEPENDENCY_UNAVAILABLE',
      dependency: 'kafka',
    });
  });
});
