import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { PipelineError } from '../errors/pipeline-error.ts';

/** Where a verb writes; bin/assay.mjs hands in the process's own. */
export interface Terminal {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

/** A verb of the command line. `run` answers the exit code: 0 done, 1 something is wrong, 2 bad usage. */
export interface Verb {
  readonly summary: string;
  readonly usage: string;
  run(args: readonly string[], terminal: Terminal): Promise<number>;
}

/** Where a local run wrote its addresses. */
export interface Endpoints {
  readonly databaseUrl?: string;
  readonly kafkaBrokers?: string;
  readonly blobConnectionString?: string;
}

export const connectionOptions = {
  'data-dir': { type: 'string', default: '.assay' },
  json: { type: 'boolean', default: false },
} as const satisfies ParseArgsConfig['options'];

export const CONNECTION_USAGE = `  --data-dir DIR   local run to ask (default .assay), unless DATABASE_URL is set
  --json           JSON instead of text`;

/** Settings win over what the local run in `dataDir` wrote down. */
export async function readEndpoints(dataDir: string, environment = process.env): Promise<Endpoints> {
  const local = await readLocal(dataDir);
  const { DATABASE_URL, KAFKA_BROKERS, BLOB_CONNECTION_STRING } = environment;
  return {
    ...local,
    ...(DATABASE_URL ? { databaseUrl: DATABASE_URL } : {}),
    ...(KAFKA_BROKERS ? { kafkaBrokers: KAFKA_BROKERS } : {}),
    ...(BLOB_CONNECTION_STRING ? { blobConnectionString: BLOB_CONNECTION_STRING } : {}),
  };
}

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
  throw new PipelineError(
    'CONFIG_INVALID',
    `set ${variable}, or start a local run (npm start) whose addresses are in ${dataDir}/endpoints.json`,
  );
}

/** Options and words of a verb; what it does not know is told with its usage. */
export function readArguments<T extends NonNullable<ParseArgsConfig['options']>>(args: readonly string[], options: T) {
  return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
}
