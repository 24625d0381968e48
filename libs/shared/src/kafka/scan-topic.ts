import { randomUUID } from 'node:crypto';
import type { Admin, Consumer, Kafka } from 'kafkajs';
import type { SourceRecord } from '../pipeline/record.ts';
import { fetchedOf } from './fetched-batch.ts';
import { kafkaError } from './kafka-errors.ts';
import { createTopicAdmin } from './topic-admin.ts';

/** Where a topic ends in markers of transactions alone, no message says so. */
const NOTHING_COMES_MS = 15_000;

type OnRecords = (records: readonly SourceRecord[]) => Promise<void>;

/**
 * Goes once through what a topic holds at this moment, in order within a partition. It books nothing: it is for people who look.
 * False when there is no such topic.
 */
export async function scanTopic(kafka: Kafka, admin: Admin, topic: string, onRecords: OnRecords): Promise<boolean> {
  if (!(await isThere(admin, topic))) return false;
  const bounds = await createTopicAdmin(admin).bounds(topic);
  const ends = new Map(bounds.filter(({ low, high }) => low < high).map(({ partition, high }) => [partition, high]));
  if (ends.size === 0) return true;
  const groupId = `assay.scan.${randomUUID()}`;
  const consumer = kafka.consumer({
    groupId,
    readUncommitted: false,
    allowAutoTopicCreation: false,
    maxWaitTimeInMs: 100,
    retry: { restartOnFailure: async () => false },
  });
  try {
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await readUntil(consumer, ends, onRecords);
    return true;
  } catch (error) {
    throw kafkaError(`reading ${topic}`, error);
  } finally {
    await consumer.disconnect();
    // Or the brokers would keep its name for days.
    await admin.deleteGroups([groupId]).catch(() => {});
  }
}

async function isThere(admin: Admin, topic: string): Promise<boolean> {
  try {
    return (await admin.listTopics()).includes(topic);
  } catch (error) {
    throw kafkaError('listing topics', error);
  }
}

async function readUntil(consumer: Consumer, ends: Map<number, bigint>, onRecords: OnRecords): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let quiet = setTimeout(resolve, NOTHING_COMES_MS);
  consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    async eachBatch(taken) {
      const { batch } = taken;
      clearTimeout(quiet);
      const end = ends.get(batch.partition) ?? 0n;
      const { records, last } = fetchedOf(batch);
      try {
        await onRecords(records.filter(({ offset }) => offset < end));
        await taken.heartbeat();
      } catch (error) {
        reject(error as Error);
        return;
      }
      taken.resolveOffset(batch.lastOffset());
      if (last + 1n >= end) ends.delete(batch.partition);
      if (ends.size === 0) resolve();
      quiet = setTimeout(resolve, NOTHING_COMES_MS);
    },
  });
  try {
    await promise;
  } finally {
    clearTimeout(quiet);
  }
}
