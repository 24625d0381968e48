import { Kafka, logLevel } from 'kafkajs';

/** Shows every message of a topic from its beginning, as it comes in. Answers how to stop. */
export async function readTopic(
  brokers: readonly string[],
  topic: string,
  groupId: string,
  onMessage: (value: Buffer | null) => void,
): Promise<() => Promise<void>> {
  const kafka = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({ eachMessage: async ({ message }) => onMessage(message.value) });
  return () => consumer.disconnect();
}
