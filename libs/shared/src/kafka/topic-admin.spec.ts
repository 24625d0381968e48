import kafkajs from 'kafkajs';
import { expect, it } from 'vitest';
import { createTopicAdmin } from './topic-admin.ts';

const answers = {
  describeCluster: async () => ({ clusterId: 'c', brokers: [], controller: 1 }),
  fetchTopicOffsets: async () => [
    { partition: 1, offset: '7', low: '0', high: '7' },
    { partition: 0, offset: '9007199254740993', low: '5', high: '9007199254740993' },
  ],
  fetchOffsets: async () => [
    {
      topic: 't',
      partitions: [
        { partition: 0, offset: '9007199254740992', metadata: null },
        { partition: 1, offset: '-1', metadata: null },
      ],
    },
  ],
};

it('tells bounds in the order of partitions, beyond what a double holds', async () => {
  expect(await createTopicAdmin(answers).bounds('t')).toEqual([
    { partition: 0, low: 5n, high: 9007199254740993n },
    { partition: 1, low: 0n, high: 7n },
  ]);
});

it('tells where a group reads on, and nothing where it has said nothing', async () => {
  expect(await createTopicAdmin(answers).committed('g', 't')).toEqual(new Map([[0, 9007199254740992n]]));
  expect(await createTopicAdmin({ ...answers, fetchOffsets: async () => [] }).committed('g', 't')).toEqual(new Map());
});

it('tells which cluster it is', async () => {
  expect(await createTopicAdmin(answers).clusterId()).toBe('c');
});

it('makes a broker out of reach an outage of Kafka, whatever was asked', async () => {
  const refuse = () => Promise.reject(new kafkajs.KafkaJSConnectionError('refused'));
  const admin = createTopicAdmin({ describeCluster: refuse, fetchTopicOffsets: refuse, fetchOffsets: refuse });
  for (const ask of [() => admin.clusterId(), () => admin.bounds('t'), () => admin.committed('g', 't')])
    await expect(ask()).rejects.toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE', dependency: 'kafka' });
});
