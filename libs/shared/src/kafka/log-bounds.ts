import type { LogBounds } from '../pipeline/log-position.ts';
import { kafkaError } from './kafka-errors.ts';
import type { LaneAdmin } from './ports.ts';

/** What the broker says of a partition now. */
export async function readLogBounds(admin: LaneAdmin, topic: string, partition: number): Promise<LogBounds> {
  try {
    const { clusterId } = await admin.describeCluster();
    const all = await admin.fetchTopicOffsets(topic);
    const found = all.find((one) => one.partition === partition)!;
    return { clusterId, low: BigInt(found.low), high: BigInt(found.high) };
  } catch (error) {
    throw kafkaError(`reading the offsets of ${topic}`, error);
  }
}
