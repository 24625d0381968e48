import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, type Options } from '@assay/cli/verb';
import { z } from 'zod';
import { kafkaFields, laneFields } from '../config/fields.ts';
import { coherentKafka } from '../config/kafka-access.ts';
import { readConfig, readValue } from '../config/read-config.ts';

/** Where a local run wrote its addresses. */
export interface Endpoints {
  readonly databaseUrl?: string;
  readonly kafkaBrokers?: string;
  readonly blobConnectionString?: string;
  readonly connectUrl?: string;
}

export const connectionOptions = {
  'data-dir': { type: 'string', default: '.assay' },
  json: { type: 'boolean' },
} as const satisfies Options;

export const CONNECTION_USAGE = `  --data-dir DIR   local run to ask (default .assay), unless DATABASE_URL is set
  --json           JSON instead of text`;

/** Settings win over what the local run in `dataDir` wrote down. */
export async function readEndpoints(dataDir: string, environment = process.env): Promise<Endpoints> {
  const local = await readLocal(dataDir);
  const set = Object.entries(variables).flatMap(([address, name]) => {
    const value = readValue(environment, name);
    return value ? [[address, value]] : [];
  });
  return { ...local, ...(Object.fromEntries(set) as Endpoints) };
}

const variables: Readonly<Record<keyof Endpoints, string>> = {
  databaseUrl: 'DATABASE_URL',
  kafkaBrokers: 'KAFKA_BROKERS',
  blobConnectionString: 'BLOB_CONNECTION_STRING',
  connectUrl: 'CONNECT_URL',
};

/** How annotation-bridge was told to have changes captured. */
export function readCdcSettings(environment = process.env) {
  return {
    connectorName: environment['CDC_CONNECTOR_NAME'] || 'assay',
    cdcDatabaseUrl: readValue(environment, 'CDC_DATABASE_URL') || undefined,
  };
}

const kafkaSchema = z.object({ ...kafkaFields, ...laneFields }).superRefine(coherentKafka);

/** Addresses may come from the local run; the rest is read as services read it. */
export const readKafkaSettings = (brokers: string, environment = process.env) =>
  readConfig(kafkaSchema, { ...environment, KAFKA_BROKERS: brokers });

async function readLocal(dataDir: string): Promise<Endpoints> {
  try {
    return JSON.parse(await readFile(join(dataDir, 'endpoints.json'), 'utf8')) as Endpoints;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}

/** The one that is needed, or an error that says how to give it. */
export function required(endpoints: Endpoints, name: keyof Endpoints, variable: string, dataDir: string): string {
  const value = endpoints[name];
  if (value !== undefined) return value;
  throw new InputError(
    `set ${variable}, or start a local run (npm start) whose addresses are in ${dataDir}/endpoints.json`,
  );
}
