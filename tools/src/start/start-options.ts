import { parsePortBase, parseWhole, readOptions, sharedOptions } from '../command-line.ts';
import { portNames } from '../infra/ports.ts';
import { serviceNames } from './service-table.ts';

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

const options = {
  ...sharedOptions,
  tickets: { type: 'string', default: '1000' },
  'no-demo': { type: 'boolean' },
  'no-build': { type: 'boolean' },
} as const;

/** Undefined asks for the help text. */
export function parseStartOptions(args: readonly string[]): StartOptions | undefined {
  const values = readOptions(args, options);
  return (
    values && {
      dataDir: values['data-dir'],
      portBase: parsePortBase(values['port-base'], portNames.length + serviceNames.length),
      tickets: parseWhole('--tickets', values.tickets),
      hasDemo: !values['no-demo'],
      hasBuild: !values['no-build'],
      isOnce: values.once,
    }
  );
}
