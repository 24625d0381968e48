import { connectKafka, type KafkaConnection } from '../../kafka/kafka-connection.ts';
import { readEndpoints, readKafkaSettings, required } from '../config.ts';

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/** Connects for as long as the work takes, with the settings of a service. */
export async function withKafka<T>(dataDir: string, work: (kafka: KafkaConnection) => Promise<T>): Promise<T> {
  const brokers = required(await readEndpoints(dataDir), 'kafkaBrokers', 'KAFKA_BROKERS', dataDir);
  const kafka = connectKafka(readKafkaSettings(brokers), 'assay-cli', SILENT);
  await kafka.open();
  try {
    return await work(kafka);
  } finally {
    await kafka.close();
  }
}
