import { expect, it } from 'vitest';
import { readLogBounds } from './log-bounds.ts';

const admin = {
  describeCluster: async () => ({ brokers: [], controller: null, clusterId: 'a cluster' }),
  fetchTopicOffsets: async () => [{ partition: 0, offset: '7', low: '2', high: '7' }],
};

it('what a partition holds is told with the cluster it is on', async () => {
  expect(await readLogBounds(admin, 't', 0)).toEqual({ clusterId: 'a cluster', low: 2n, high: 7n });
});

it('a partition that was just added may be new to a broker, which passes', async () => {
  await expect(readLogBounds(admin, 't', 1)).rejects.toMatchObject({
    code: 'DEPENDENCY_UNAVAILABLE',
    message: 'reading the offsets of t: the broker has not heard of partition 1 yet',
  });
});
