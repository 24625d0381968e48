import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ports } from './ports.ts';

export interface Addresses {
  readonly kafkaBrokers: string;
  readonly databaseUrl: string;
  readonly blobConnectionString: string;
  readonly connectUrl: string;
}

/** What DIR/endpoints.json tells; an address of a part that was left out is absent. */
export interface Endpoints extends Partial<Addresses> {
  readonly ports: Partial<Ports>;
  readonly pids: Readonly<Record<string, number>>;
}

const variables: Readonly<Record<keyof Addresses, string>> = {
  kafkaBrokers: 'KAFKA_BROKERS',
  databaseUrl: 'DATABASE_URL',
  blobConnectionString: 'BLOB_CONNECTION_STRING',
  connectUrl: 'CONNECT_URL',
};

/** Infrastructure that runs already and is used instead of our own. */
export function existingInfrastructure(env: NodeJS.ProcessEnv): Partial<Addresses> {
  const set = Object.entries(variables).map(([address, name]) => [address, env[name]?.trim()]);
  return Object.fromEntries(set.filter(([, value]) => value !== undefined && value !== '')) as Partial<Addresses>;
}

export function requireAddress(endpoints: Endpoints, address: keyof Addresses): string {
  const value = endpoints[address];
  if (value === undefined)
    throw new Error(`${address} is not part of this infrastructure; it was left out at its start.`);
  return value;
}

export function writeEndpoints(dataDir: string, endpoints: Endpoints): void {
  const file = join(dataDir, 'endpoints.json');
  // Readable by its owner only: an existing database's address holds its password.
  writeFileSync(`${file}.new`, `${JSON.stringify(endpoints, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** The ports of the last start, so that an address noted down stays true. */
export function readPreviousPorts(dataDir: string): Partial<Ports> {
  const file = join(dataDir, 'endpoints.json');
  if (!existsSync(file)) return {};
  try {
    const { ports } = JSON.parse(readFileSync(file, 'utf8')) as Partial<Endpoints>;
    return ports ?? {};
  } catch (error) {
    // Only a hint is lost; the file is written anew by this start.
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
