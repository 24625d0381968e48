import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { messageOf, PipelineError } from '../errors/pipeline-error.ts';

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

/** Bad usage; the message says what was wrong with it. */
export class UsageError extends Error {}

/** The verb, which answers bad usage and missing settings with 2 and what to do instead of an exception. */
export function tellingUsage(name: string, verb: Verb): Verb {
  return {
    ...verb,
    async run(args, terminal) {
      try {
        return await verb.run(args, terminal);
      } catch (error) {
        const isUsage = error instanceof UsageError;
        if (!isUsage && !(error instanceof PipelineError && error.code === 'CONFIG_INVALID')) throw error;
        terminal.stderr.write(`assay ${name}: ${error.message}\n${isUsage ? `\n${verb.usage}\n` : ''}`);
        return BAD_USAGE;
      }
    },
  };
}

const BAD_USAGE = 2;

/** Options and words of a verb. `words` is how many it takes, one of these numbers. */
export function readArguments<T extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: T,
  words: readonly number[] = [0],
) {
  const parsed = parse(args, options);
  const count = parsed.positionals.length;
  if (!words.includes(count)) throw new UsageError(count > Math.max(...words) ? 'too many words' : 'too few words');
  return parsed;
}

function parse<T extends NonNullable<ParseArgsConfig['options']>>(args: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(messageOf(error), { cause: error });
  }
}
