import type { Admin } from 'kafkajs';
import { ANSWERED_WITHIN_MS, answered } from './answered.ts';

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

export function createTopicAdmin(
  admin: Pick<Admin, 'describeCluster' | 'fetchTopicOffsets' | 'fetchOffsets'>,
  deadlineMs = ANSWERED_WITHIN_MS,
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
