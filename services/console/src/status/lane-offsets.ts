import { groupIdOf, type LaneContract } from '@assay/shared/contracts/lanes';
import type { TopicAdmin } from '@assay/shared/kafka/topic-admin';
import type { PartitionOffsets } from './domain/lane-lag.ts';

export type OffsetsAdmin = Pick<TopicAdmin, 'bounds' | 'committed'>;

export interface LaneOffsets {
  readonly contract: LaneContract;
  readonly offsets: readonly PartitionOffsets[];
  /** Messages in the dead-letter topic. */
  readonly deadLetters: number;
}

/** What Kafka knows of a lane: the same numbers every lag tool shows. */
export async function readLaneOffsets(admin: OffsetsAdmin, contract: LaneContract): Promise<LaneOffsets> {
  const { topic, deadLetters } = contract;
  const [bounds, committed, letters] = await Promise.all([
    admin.bounds(topic.name),
    admin.committed(groupIdOf(contract), topic.name),
    admin.bounds(deadLetters.name),
  ]);
  const offsets = bounds.map(({ partition, low, high }): PartitionOffsets => {
    const offset = committed.get(partition);
    return { partition, low: Number(low), end: Number(high), committed: offset === undefined ? null : Number(offset) };
  });
  return { contract, offsets, deadLetters: letters.reduce((sum, { low, high }) => sum + Number(high - low), 0) };
}
