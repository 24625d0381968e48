import { parseArgs } from 'node:util';

export const usage = `usage: npm start -- [options]

Brings up the whole system on this machine, on loopback only: Kafka, Postgres, Azurite (blob storage) and Kafka Connect with
Debezium, and the five services on them. Then it shows the way of 1,000 synthetic tickets to a labelled training set, prints
the account, and stays until Ctrl-C. A second start in the same directory sends the same tickets: all duplicates.

  --data-dir DIR    where everything is kept (default .assay): data, keys, logs/<service>.log, gold/, and
                    endpoints.json (all addresses), account.json (the account, agreement, seconds, memory)
  --port-base N     ports N to N+4 for the infrastructure (see npm run infra -- --help), then N+5 ingest,
                    N+6 annotation-bridge, N+7 quality-validator, N+8 output, N+9 console;
                    by default those of the last start in DIR, else free ones
  --tickets N       so many tickets (default 1000)
  --no-demo         start the system, send nothing
  --no-build        take the services as they were last built
  --once            end when the demo has ended
  --help            this text

Used instead of our own when set: KAFKA_BROKERS, DATABASE_URL, BLOB_CONNECTION_STRING, CONNECT_URL. A database that is not on
this machine needs INGEST_IDENTITY_KEY too. Any setting of a service (docs/reference) may be given as a variable.
Exit code: 0 after Ctrl-C, or after --once when the account adds up; 1 when it does not or something failed; 2 for a wrong
option.`;

export interface StartOptions {
  readonly dataDir: string;
  readonly portBase: number | undefined;
  readonly tickets: number;
  readonly hasDemo: boolean;
  readonly hasBuild: boolean;
  readonly isOnce: boolean;
}

export class UsageError extends Error {}

function parseWhole(option: string, text: string, smallest: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < smallest)
    throw new UsageError(`${option} must be a whole number from ${smallest} on, got "${text}".`);
  return value;
}

const options = {
  'data-dir': { type: 'string', default: '.assay' },
  'port-base': { type: 'string' },
  tickets: { type: 'string', default: '1000' },
  'no-demo': { type: 'boolean', default: false },
  'no-build': { type: 'boolean', default: false },
  once: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** Undefined asks for the help text. */
export function parseStartOptions(args: readonly string[]): StartOptions | undefined {
  const values = parse(args);
  if (values.help) return undefined;
  const base = values['port-base'];
  return {
    dataDir: values['data-dir'],
    portBase: base === undefined ? undefined : parseWhole('--port-base', base, 1),
    tickets: parseWhole('--tickets', values.tickets, 1),
    hasDemo: !values['no-demo'],
    hasBuild: !values['no-build'],
    isOnce: values.once,
  };
}
