import kafkajs from 'kafkajs';
import { expect, it } from 'vitest';
import { topicEnds } from './topic-ends.ts';

const ends = [{ partition: 0, offset: '3', low: '0', high: '3' }];

function adminThatFails(...errors: Error[]) {
  return {
    fetchTopicOffsets: async () => {
      const error = errors.shift();
      if (error !== undefined) throw error;
      return ends;
    },
  };
}

it('asks again while the broker chooses its leaders', async () => {
  const admin = adminThatFails(new kafkajs.KafkaJSError('not the leader', { retriable: true }));
  expect(await topicEnds(admin, 't')).toEqual(ends);
});

it.each([new kafkajs.KafkaJSError('not allowed', { retriable: false }), new TypeError('a bug')])(
  'does not hide %s',
  async (error) => {
    await expect(topicEnds(adminThatFails(error), 't')).rejects.toBe(error);
  },
);
