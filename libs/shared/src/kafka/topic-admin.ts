import type { Admin } from 'kafkajs';
import { PipelineError } from '../errors/pipeline-error.ts';
import { kafkaError } from './kafka-errors.ts';

/** Offsets a partition holds: `low` is the first it still has, `high` the one after its last. */
export interface PartitionBounds {
  readonly partition: number;
  readonly low: bigint;
  readonly high: bigint;
}

/** What the brokers know of topics and groups. A failure is a PipelineError with dependency `kafka`. */
export interface TopicAdmin {
  clusterId(): Promise<string>;
  /** One for each partition, in their order. */
  bounds(topic: string): Promise<readonly PartitionBounds[]>;
  /** Where the group reads on, by partition; a partition is missing while the group has said nothing of it. */
  committed(group: string, topic: string): Promise<ReadonlyMap<number, bigint>>;
}

/** kafkajs would try a broker that accepts and never answers for minutes. */
const ANSWER_WITHIN_MS = 10_000;

export function createTopicAdmin(
  admin: Pick<Admin, 'describeCluster' | 'fetchTopicOffsets' | 'fetchOffsets'>,
  deadlineMs = ANSWER_WITHIN_MS,
): TopicAdmin {
  const asking = <T>(doing: string, ask: () => Promise<T>): Promise<T> => answered(doing, ask, deadlineMs);
  return {
    clusterId: () => asking('reaching the Kafka brokers', async () => (await admin.describeCluster()).clusterId),

    bounds: (topic) =>
      asking(`reading the offsets of ${topic}`, async () => {
        const all = await admin.fetchTopicOffsets(topic);
        return all
          .map(({ partition, low, high }) => ({ partition, low: BigInt(low), high: BigInt(high) }))
          .toSorted((a, b) => a.partition - b.partition);
      }),

    committed: (groupId, topic) =>
      asking(`reading the offsets of ${groupId}`, async () => {
        const [found] = await admin.fetchOffsets({ groupId, topics: [topic] });
        const said = found?.partitions.filter(({ offset }) => BigInt(offset) >= 0n) ?? [];
        return new Map(said.map(({ partition, offset }) => [partition, BigInt(offset)]));
      }),
  };
}

/** kafkajs takes no abort signal: whoever asks goes on, and the request ends by itself some time. */
async function answered<T>(doing: string, ask: () => Promise<T>, deadlineMs: number): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const noAnswer = () =>
    new PipelineError('DEPENDENCY_UNAVAILABLE', `${doing}: no answer within ${deadlineMs} ms`, { dependency: 'kafka' });
  const timer = setTimeout(() => reject(noAnswer()), deadlineMs);
  try {
    return await Promise.race([ask(), late]);
  } catch (error) {
    throw kafkaError(doing, error);
  } finally {
    clearTimeout(timer);
  }
}
