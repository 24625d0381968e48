import kafkajs from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { answeringAdmin } from './answering-admin.ts';
import { createTopicAdmin } from './topic-admin.ts';

/** As kafkajs 2.2.4 does when its brokers are there and none of them answers. */
const nothing = async (): Promise<never> => {
  const { brokers } = (await Promise.resolve(null)) as never;
  return brokers;
};
const silent = { describeCluster: nothing, fetchTopicMetadata: nothing };

describe('an admin whose brokers answer nothing', () => {
  it.each([
    ['describing the cluster', () => answeringAdmin(silent).describeCluster()],
    ['describing topics', () => answeringAdmin(silent).fetchTopicMetadata()],
  ])('tells of an outage when it is asked for %s', async (_what, ask) => {
    await expect(ask()).rejects.toThrow(new kafkajs.KafkaJSConnectionError('no broker answers'));
  });

  it('is an outage of Kafka to whoever asks', async () => {
    const admin = answeringAdmin({ ...silent, fetchTopicOffsets: nothing, fetchOffsets: nothing });
    await expect(createTopicAdmin(admin).clusterId()).rejects.toMatchObject({
      code: 'DEPENDENCY_UNAVAILABLE',
      dependency: 'kafka',
    });
  });

  it('passes what they answer', async () => {
    const answer = { brokers: [], controller: null, clusterId: 'a cluster' };
    const admin = answeringAdmin({ ...silent, describeCluster: async () => answer });
    expect(await admin.describeCluster()).toBe(answer);
  });
});
