// The demo of `npm start` as a container beside the services: it ends with 1 when the account does not add up, and else stays.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { blobFields, httpFields, kafkaFields, postgresFields } from '@assay/shared/config/fields';
import { type Environment, readConfig } from '@assay/shared/config/read-config';
import { z } from 'zod';
import type { DemoSystem } from './demo/run-demo.ts';
import { showDemo } from './demo/show-demo.ts';
import { StageRunner } from './stage-runner.ts';

const schema = z.object({
  KAFKA_BROKERS: kafkaFields.KAFKA_BROKERS,
  DATABASE_URL: postgresFields.DATABASE_URL,
  BLOB_CONNECTION_STRING: blobFields.BLOB_CONNECTION_STRING,
  HTTP_WRITE_KEYS: httpFields.HTTP_WRITE_KEYS,
  DEMO_INGEST_URL: z.url({ protocol: /^https?$/ }).describe('Where ingest takes tickets.'),
  DEMO_TICKETS: z.coerce.number().int().min(1).default(1000).describe('How many tickets are sent.'),
  DEMO_FOLDER: z.string().default('/tmp/demo').describe('Where the account and a copy of the gold are written.'),
});

function systemOf(config: z.output<typeof schema>, environment: Environment): DemoSystem {
  const [apiKey] = config.HTTP_WRITE_KEYS;
  return {
    addresses: {
      kafkaBrokers: config.KAFKA_BROKERS.join(','),
      databaseUrl: config.DATABASE_URL,
      blobConnectionString: config.BLOB_CONNECTION_STRING,
    },
    ingestUrl: config.DEMO_INGEST_URL,
    apiKey,
    environment,
    folder: config.DEMO_FOLDER,
    peaks: () => [], // the processes of other containers are not to be seen from here; `docker stats` shows them
  };
}

async function main(): Promise<number> {
  const config = readConfig(schema, process.env);
  const ending = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ending.abort());
  const write = (text: string): void => void process.stdout.write(text);
  const stages = new StageRunner({ isTerminal: false, columns: 120, write });
  mkdirSync(config.DEMO_FOLDER, { recursive: true });
  try {
    const system = systemOf(config, process.env);
    if (!(await showDemo({ system, stages, tickets: config.DEMO_TICKETS, abort: ending.signal }))) return 1;
    writeFileSync(join(config.DEMO_FOLDER, 'adds-up'), '');
    for (;;) await sleep(2 ** 31 - 1, undefined, { signal: ending.signal });
  } catch (error) {
    if (ending.signal.aborted) return 0;
    throw error;
  }
}

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`demo: ${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
});
