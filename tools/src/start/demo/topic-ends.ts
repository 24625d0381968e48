import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs, { type Admin } from 'kafkajs';

export type PartitionEnds = Awaited<ReturnType<Admin['fetchTopicOffsets']>>[number];

const ATTEMPTS = 60;
const PAUSE_MS = 500;

/** First and next offset of each partition. A broker that just started has no leaders yet, and kafkajs does not ask again. */
export async function topicEnds(admin: Pick<Admin, 'fetchTopicOffsets'>, topic: string): Promise<PartitionEnds[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await admin.fetchTopicOffsets(topic);
    } catch (error) {
      if (!(error instanceof kafkajs.KafkaJSError) || !error.retriable || attempt === ATTEMPTS) throw error;
      await sleep(PAUSE_MS);
    }
  }
}
