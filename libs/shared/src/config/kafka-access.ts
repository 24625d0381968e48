import { createPrivateKey, X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { isLoopback } from './loopback.ts';
import { secret } from './read-config.ts';

const pem = (what: 'CERTIFICATE' | 'PRIVATE KEY') =>
  z
    .string()
    .regex(
      new RegExp(`-----BEGIN [A-Z0-9 ]*${what}-----`),
      `must be PEM, with a line -----BEGIN ${what}-----, or be named by a variable that ends with _FILE`,
    )
    .optional();

/** Who we are to the brokers, and which brokers we believe. `KAFKA_SSL_CA_FILE` and the like name files, as for every setting. */
export const kafkaAccessFields = {
  KAFKA_SSL_CA: pem('CERTIFICATE').describe(
    'PEM of the authorities that sign the brokers’ certificates; usually KAFKA_SSL_CA_FILE names the file. Those of Node when absent.',
  ),
  KAFKA_SSL_CERTIFICATE: pem('CERTIFICATE').describe(
    'PEM of our certificate, where brokers ask for one (mTLS); usually KAFKA_SSL_CERTIFICATE_FILE names the file.',
  ),
  KAFKA_SSL_KEY: secret(
    pem('PRIVATE KEY').describe('PEM of the key of KAFKA_SSL_CERTIFICATE; usually KAFKA_SSL_KEY_FILE names the file.'),
  ),
  KAFKA_SASL_MECHANISM: z
    .enum(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER'])
    .optional()
    .describe('How we log in to the brokers. PLAIN when absent and there is a KAFKA_SASL_USERNAME, else no login.'),
  KAFKA_SASL_USERNAME: z
    .string()
    .optional()
    .describe('User of PLAIN and SCRAM; for Event Hubs with PLAIN literally $ConnectionString.'),
  KAFKA_SASL_PASSWORD: secret(
    z.string().optional().describe('Password of PLAIN and SCRAM; for Event Hubs with PLAIN the connection string.'),
  ),
  KAFKA_OAUTH_TOKEN_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      'Where OAUTHBEARER gets its tokens, by client credentials. Absent for Event Hubs: there the identity this process has in Azure is used.',
    ),
  KAFKA_OAUTH_CLIENT_ID: z.string().optional().describe('Client id at KAFKA_OAUTH_TOKEN_URL.'),
  KAFKA_OAUTH_CLIENT_SECRET: secret(z.string().optional().describe('Client secret at KAFKA_OAUTH_TOKEN_URL.')),
  KAFKA_OAUTH_SCOPE: z.string().optional().describe('Scope to ask KAFKA_OAUTH_TOKEN_URL for, where it wants one.'),
};

export type KafkaAccess = z.output<z.ZodObject<typeof kafkaAccessFields>> & {
  readonly KAFKA_BROKERS: readonly string[];
  readonly KAFKA_SSL: boolean;
};

interface Contradiction {
  readonly name: keyof typeof kafkaAccessFields | 'KAFKA_SSL';
  readonly message: string;
}

/** `schema.superRefine(coherentKafka)`: what cannot work is told at once, and not by a broker that closes connections. */
export function coherentKafka(settings: KafkaAccess, context: z.RefinementCtx): void {
  for (const { name, message } of contradictionsOf(settings))
    context.addIssue({ code: 'custom', path: [name], message });
}

export const mechanismOf = (settings: KafkaAccess) =>
  settings.KAFKA_SASL_MECHANISM ?? (settings.KAFKA_SASL_USERNAME === undefined ? null : 'PLAIN');

export function contradictionsOf(settings: KafkaAccess): readonly Contradiction[] {
  const mechanism = mechanismOf(settings);
  const login = mechanism === 'OAUTHBEARER' ? tokenFaults(settings) : passwordFaults(settings, mechanism);
  return [...tlsFaults(settings), ...login];
}

function tlsFaults(settings: KafkaAccess): readonly Contradiction[] {
  const { KAFKA_SSL_CERTIFICATE: certificate, KAFKA_SSL_KEY: key } = settings;
  const given = (['KAFKA_SSL_CA', 'KAFKA_SSL_CERTIFICATE', 'KAFKA_SSL_KEY'] as const).filter((name) => settings[name]);
  if (given.length > 0 && !settings.KAFKA_SSL)
    return [{ name: 'KAFKA_SSL', message: `must be true with ${given.join(' and ')}, which only TLS uses` }];
  if (certificate !== undefined && key === undefined)
    return [{ name: 'KAFKA_SSL_KEY', message: 'is required with KAFKA_SSL_CERTIFICATE: set KAFKA_SSL_KEY_FILE' }];
  if (certificate === undefined && key !== undefined)
    return [
      { name: 'KAFKA_SSL_CERTIFICATE', message: 'is required with KAFKA_SSL_KEY: set KAFKA_SSL_CERTIFICATE_FILE' },
    ];
  return certificate !== undefined && key !== undefined ? pairFaults(certificate, key) : [];
}

function pairFaults(certificate: string, key: string): readonly Contradiction[] {
  try {
    if (new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key))) return [];
    return [{ name: 'KAFKA_SSL_KEY', message: 'is not the key of KAFKA_SSL_CERTIFICATE: give the two of one pair' }];
  } catch {
    // What the library says could quote the key.
    return [
      {
        name: 'KAFKA_SSL_KEY',
        message: 'or KAFKA_SSL_CERTIFICATE cannot be read: give both as PEM, the key unencrypted',
      },
    ];
  }
}

function passwordFaults(settings: KafkaAccess, mechanism: string | null): readonly Contradiction[] {
  const { KAFKA_SASL_USERNAME: user, KAFKA_SASL_PASSWORD: password } = settings;
  const faults: Contradiction[] = [];
  if (settings.KAFKA_OAUTH_TOKEN_URL !== undefined)
    faults.push({
      name: 'KAFKA_OAUTH_TOKEN_URL',
      message: 'is used by KAFKA_SASL_MECHANISM=OAUTHBEARER alone: set that, or leave this out',
    });
  if (mechanism !== null && user === undefined)
    faults.push({ name: 'KAFKA_SASL_USERNAME', message: `is required with KAFKA_SASL_MECHANISM=${mechanism}` });
  if (mechanism !== null && password === undefined)
    faults.push({
      name: 'KAFKA_SASL_PASSWORD',
      message: `is required with ${mechanism}, which logs in by user and password`,
    });
  if (mechanism === null && password !== undefined)
    faults.push({ name: 'KAFKA_SASL_USERNAME', message: 'is required with KAFKA_SASL_PASSWORD' });
  return faults;
}

function tokenFaults(settings: KafkaAccess): readonly Contradiction[] {
  const { KAFKA_OAUTH_TOKEN_URL: url } = settings;
  const faults: Contradiction[] = [];
  if (settings.KAFKA_SASL_USERNAME !== undefined || settings.KAFKA_SASL_PASSWORD !== undefined)
    faults.push({
      name: 'KAFKA_SASL_MECHANISM',
      message:
        'is OAUTHBEARER, which has no user and no password: leave KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD out',
    });
  if (url === undefined) {
    if (eventHubsOf(settings.KAFKA_BROKERS) === null)
      faults.push({
        name: 'KAFKA_OAUTH_TOKEN_URL',
        message: 'is required with OAUTHBEARER, except for the broker of an Event Hubs namespace',
      });
    return faults;
  }
  const { protocol, hostname } = new URL(url);
  if (protocol === 'http:' && !isLoopback(hostname))
    faults.push({ name: 'KAFKA_OAUTH_TOKEN_URL', message: 'must be https: a secret is sent to it' });
  for (const name of ['KAFKA_OAUTH_CLIENT_ID', 'KAFKA_OAUTH_CLIENT_SECRET'] as const)
    if (settings[name] === undefined) faults.push({ name, message: 'is required with KAFKA_OAUTH_TOKEN_URL' });
  return faults;
}

const EVENT_HUBS = /^([a-z0-9-]+\.servicebus\.[a-z0-9.-]+):\d+$/i;

/** The host of an Event Hubs namespace, or null when these are other brokers. */
export const eventHubsOf = (brokers: readonly string[]): string | null =>
  EVENT_HUBS.exec(brokers[0] ?? '')?.[1] ?? null;
