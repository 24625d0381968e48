import type { Addresses } from '../infra/endpoints.ts';
import type { LocalKeys } from './local-keys.ts';
import type { ServiceLogins } from './service-logins.ts';

/** In the order of their ports, which is the way of a ticket. They all start together. */
export const serviceNames = ['ingest', 'annotation-bridge', 'quality-validator', 'output', 'console'] as const;

export type ServiceName = (typeof serviceNames)[number];

export type ServiceAddresses = Readonly<Record<ServiceName, string>>;

/** What the settings of services are made from. */
export interface Surroundings {
  readonly addresses: Addresses;
  readonly keys: LocalKeys;
  readonly logins: ServiceLogins;
  readonly services: ServiceAddresses;
}

type Settings = Readonly<Record<string, string>>;

/** What each service needs beside the shared settings. What the user sets in the environment wins. */
const ownSettings: Readonly<Record<ServiceName, (surroundings: Surroundings) => Settings>> = {
  ingest: ({ keys }) => ({ INGEST_IDENTITY_KEY: keys.identityKey, INGEST_BRONZE_KEY: keys.bronzeKey }),
  // Short waits, because a person sits in front of the demo; in production fuller batches are worth longer ones.
  'annotation-bridge': ({ keys, logins }) => ({
    ...(logins.cdcUrl === undefined ? {} : { CDC_DATABASE_URL: logins.cdcUrl }),
    ANNOTATION_BRIDGE_PSEUDONYM_KEY: keys.pseudonymKey,
    ANNOTATION_BRIDGE_BATCH_MAX_AGE_MS: '1000',
    ANNOTATION_BRIDGE_BATCH_POLL_MS: '200',
    ANNOTATION_BRIDGE_LABELS_POLL_MS: '500',
  }),
  'quality-validator': () => ({}),
  output: () => ({ OUTPUT_SEGMENT_MAX_AGE_MS: '1000' }),
  console: ({ services }) => ({
    CONSOLE_SERVICES: serviceNames
      .filter((name) => name !== 'console')
      .map((name) => `${name}=${services[name]}`)
      .join(','),
  }),
};

/** Whatever the user's environment says, the demo speaks to services on loopback and shows them no key. */
const onLoopback = (address: string): Settings => ({
  HTTP_HOST: '127.0.0.1',
  HTTP_PORT: new URL(address).port,
  HTTP_API_KEYS: '',
});

/** Shared by all services, and by the verbs of the command line that this start runs. */
export const infrastructureSettings = (addresses: Addresses): Settings => ({
  KAFKA_BROKERS: addresses.kafkaBrokers,
  DATABASE_URL: addresses.databaseUrl,
  BLOB_CONNECTION_STRING: addresses.blobConnectionString,
  CONNECT_URL: addresses.connectUrl,
});

export function environmentOf(
  name: ServiceName,
  surroundings: Surroundings,
  given: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv {
  return {
    ...ownSettings[name](surroundings),
    ...given,
    ...infrastructureSettings(surroundings.addresses),
    DATABASE_URL: surroundings.logins.urlOf(name),
    ...onLoopback(surroundings.services[name]),
  };
}
