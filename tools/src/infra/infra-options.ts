import { UsageError } from '@assay/cli/verb';
import { parsePortBase, readOptions, sharedOptions } from '../command-line.ts';
import { partNames } from './infrastructure.ts';
import type { PartName } from './part.ts';
import { portNames } from './ports.ts';

export const usage = `usage: npm run infra -- [options]

Brings up Kafka, Postgres, Azurite (blob storage) and Kafka Connect with Debezium on this machine, on loopback only,
and stays until Ctrl-C. A second start on the same data directory finds all data again.

  --data-dir DIR    where everything is kept (default .assay); DIR/endpoints.json tells the addresses
  --port-base N     ports N (Kafka), N+1 (its controller), N+2 (Postgres), N+3 (Azurite), N+4 (Connect);
                    by default those of the last start in DIR, else free ones
  --without PARTS   leave out parts: kafka, postgres, azurite, connect, separated by commas
  --once            start, print, stop
  --help            this text

Used instead of our own when set: KAFKA_BROKERS, DATABASE_URL, BLOB_CONNECTION_STRING, CONNECT_URL.
The jars and their class data archives are kept in ASSAY_CACHE_DIR (default ~/.cache/assay).
Exit code: 0 after Ctrl-C or --once, 1 when something failed, 2 for a wrong option.`;

export interface InfraOptions {
  readonly dataDir: string;
  readonly portBase: number | undefined;
  readonly parts: readonly PartName[];
  readonly isOnce: boolean;
}

function partsWithout(left: readonly string[] = []): PartName[] {
  const unknown = left.filter((name) => !partNames.some((part) => part === name));
  if (unknown.length > 0)
    throw new UsageError(`--without knows ${partNames.join(', ')}, but not ${unknown.join(', ')}: name only those.`);
  const parts = partNames.filter((name) => !left.includes(name));
  if (parts.length === 0) throw new UsageError('--without leaves nothing to start: leave out fewer parts.');
  return parts;
}

/** Undefined asks for the help text. */
export function parseInfraOptions(args: readonly string[]): InfraOptions | undefined {
  const values = readOptions(args, { ...sharedOptions, without: { type: 'list' } });
  return (
    values && {
      dataDir: values['data-dir'],
      portBase: parsePortBase(values['port-base'], portNames.length),
      parts: partsWithout(values.without),
      isOnce: values.once,
    }
  );
}
