import { groupIdOf, type LaneContract } from '@assay/shared/contracts/lanes';
import { kafkaError } from '@assay/shared/kafka/kafka-errors';
import type { Admin } from 'kafkajs';
import type { PartitionOffsets } from './domain/lane-lag.ts';

export type OffsetsAdmin = Pick<Admin, 'fetchTopicOffsets' | 'fetchOffsets'>;

export interface LaneOffsets {
  readonly contract: LaneContract;
  readonly offsets: readonly PartitionOffsets[];
  /** Messages in the dead-letter topic. */
  readonly deadLetters: number;
}

/** What Kafka knows of a lane: the same numbers every lag tool shows. */
export async function readLaneOffsets(admin: OffsetsAdmin, contract: LaneContract): Promise<LaneOffsets> {
  const { topic, deadLetters } = contract;
  try {
    const [ends, groups, letters] = await Promise.all([
      admin.fetchTopicOffsets(topic.name),
      admin.fetchOffsets({ groupId: groupIdOf(contract), topics: [topic.name] }),
      admin.fetchTopicOffsets(deadLetters.name),
    ]);
    const committed = new Map(groups[0]?.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
    const offsets = ends.map(({ partition, low, high }): PartitionOffsets => {
      const offset = committed.get(partition) ?? -1;
      return { partition, low: Number(low), end: Number(high), committed: offset < 0 ? null : offset };
    });
    return {
      contract,
      offsets: offsets.toSorted((a, b) => a.partition - b.partition),
      deadLetters: letters.reduce((sum, { low, high }) => sum + Number(high) - Number(low), 0),
    };
  } catch (error) {
    throw kafkaError(`reading the offsets of ${groupIdOf(contract)}`, error);
  }
}
