import kafkajs from 'kafkajs';
import type { LogBounds } from '../pipeline/log-position.ts';
import { answered, ANSWERED_WITHIN_MS } from './answered.ts';
import type { LaneAdmin } from './ports.ts';

/** What the broker says of a partition now. */
export async function readLogBounds(
  admin: LaneAdmin,
  topic: string,
  partition: number,
  withinMs: number = ANSWERED_WITHIN_MS,
): Promise<LogBounds> {
  const ask = async () => {
    const { clusterId } = await admin.describeCluster();
    const all = await admin.fetchTopicOffsets(topic);
    const found = all.find((one) => one.partition === partition);
    if (found === undefined) throw new kafkajs.KafkaJSError(`the broker has not heard of partition ${partition} yet`);
    return { clusterId, low: BigInt(found.low), high: BigInt(found.high) };
  };
  return answered(`reading the offsets of ${topic}`, ask, withinMs);
}
