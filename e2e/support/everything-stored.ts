import { BlobServiceClient } from '@azure/storage-blob';
import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import { topicEnds } from '@assay/tools/start/demo/topic-ends';
import { until } from './until.ts';

/** A message, a row or a blob, and where it lies. */
export interface Stored {
  readonly place: string;
  readonly bytes: Buffer;
}

/** Key, value and headers of every message in the topics that are wanted; Kafka's own bookkeeping is left out. */
export async function* readTopics(brokers: string, wants: (name: string) => boolean): AsyncGenerator<Stored> {
  const kafka = new Kafka({ clientId: 'e2e-search', brokers: brokers.split(','), logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  const names = (await admin.listTopics()).filter((name) => !name.startsWith('__') && wants(name));
  const missing = new Map<string, bigint>();
  for (const topic of names)
    for (const { partition, low, high } of await topicEnds(admin, topic))
      if (BigInt(high) > BigInt(low)) missing.set(`${topic}-${partition}`, BigInt(high) - 1n);
  await admin.disconnect();

  const found: Stored[] = [];
  const consumer = kafka.consumer({ groupId: `e2e-search-${Math.random()}`, maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topics: names, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ topic, partition, message: { key, value, headers = {}, offset } }) => {
      const parts = [key, value, ...Object.values(headers).flat()].map((part) => Buffer.from(part ?? ''));
      found.push({ place: `${topic}-${partition}@${offset}`, bytes: Buffer.concat(parts) });
      const last = missing.get(`${topic}-${partition}`);
      if (last !== undefined && BigInt(offset) >= last) missing.delete(`${topic}-${partition}`);
    },
  });
  await until(`the end of ${names.join(', ')}`, async () => missing.size === 0);
  await consumer.disconnect();
  yield* found;
}

/** Every row of every table and view that is not Postgres's own. */
export async function* readTables(databaseUrl: string): AsyncGenerator<Stored> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      `select format('%I.%I', table_schema, table_name) as name
         from information_schema.tables
        where table_schema not in ('pg_catalog', 'information_schema')`,
    );
    for (const { name } of tables) {
      const { rows } = await client.query<{ line: string }>(`select t::text as line from ${name} as t`);
      for (const { line } of rows) yield { place: name, bytes: Buffer.from(line) };
    }
  } finally {
    await client.end();
  }
}

/** Every blob of every container. */
export async function* readBlobs(
  connectionString: string,
  onContainer: (name: string) => void,
): AsyncGenerator<Stored> {
  const service = BlobServiceClient.fromConnectionString(connectionString);
  for await (const { name: container } of service.listContainers()) {
    onContainer(container);
    const client = service.getContainerClient(container);
    for await (const { name } of client.listBlobsFlat())
      yield { place: `${container}/${name}`, bytes: await client.getBlobClient(name).downloadToBuffer() };
  }
}
