import { join } from 'node:path';
import type { Ports } from './ports.ts';
import { readJson, writeJson } from './whole-file.ts';

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
  /** Of `npm start`. */
  readonly services?: Readonly<Record<string, string>>;
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

export const requireAddresses = (endpoints: Endpoints): Addresses => ({
  kafkaBrokers: requireAddress(endpoints, 'kafkaBrokers'),
  databaseUrl: requireAddress(endpoints, 'databaseUrl'),
  blobConnectionString: requireAddress(endpoints, 'blobConnectionString'),
  connectUrl: requireAddress(endpoints, 'connectUrl'),
});

const fileIn = (dataDir: string): string => join(dataDir, 'endpoints.json');

/** Readable by its owner only: an existing database's address holds its password. */
export const writeEndpoints = (dataDir: string, endpoints: Endpoints): void =>
  writeJson(fileIn(dataDir), endpoints, 0o600);

/** What the last start wrote; only a hint, so that an address noted down stays true. */
export const readEndpoints = (dataDir: string): Partial<Endpoints> =>
  (readJson(fileIn(dataDir)) ?? {}) as Partial<Endpoints>;
