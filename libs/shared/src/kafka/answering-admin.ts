import kafkajs, { type Admin } from 'kafkajs';

type Metadata = Pick<Admin, 'describeCluster' | 'fetchTopicMetadata'>;

/**
 * When no broker answers, kafkajs has null for the cluster's metadata, and these two take it apart (admin/index.js): a TypeError,
 * which would end the service as a bug. They are given nothing that could be wrong, so it is always that.
 */
export function answeringAdmin<A extends Metadata>(admin: A): A {
  const asking =
    <Question extends unknown[], Answer>(ask: (...question: Question) => Promise<Answer>) =>
    async (...question: Question): Promise<Answer> => {
      try {
        return await ask(...question);
      } catch (error) {
        if (error instanceof TypeError) throw new kafkajs.KafkaJSConnectionError('no broker answers');
        throw error;
      }
    };
  return {
    ...admin,
    describeCluster: asking(() => admin.describeCluster()),
    fetchTopicMetadata: asking((question: Parameters<A['fetchTopicMetadata']>[0]) =>
      admin.fetchTopicMetadata(question),
    ),
  };
}
