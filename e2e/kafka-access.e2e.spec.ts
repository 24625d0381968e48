import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createListener } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kafkaFields, laneFields } from '@assay/shared/config/fields';
import { coherentKafka } from '@assay/shared/config/kafka-access';
import { readConfig } from '@assay/shared/config/read-config';
import { connectKafka } from '@assay/shared/kafka/kafka-connection';
import type { Infrastructure } from '@assay/tools/infra/infrastructure';
import { startPrivateInfrastructure } from '@assay/tools/testing/infrastructure';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

const PASSWORD = 'correct-horse-battery';
const WRONG = 'wrong-horse-battery';
const folder = mkdtempSync(join(tmpdir(), 'assay-kafka-access-'));
const file = (name: string) => join(folder, name);
const openssl = (...args: readonly string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });

function makeAuthority(name: string): void {
  openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    '-subj',
    `/CN=${name}`,
    '-keyout',
    `${name}.key`,
    '-out',
    `${name}.pem`,
  );
}

function makeCertificate(name: string, authority: string): void {
  writeFileSync(file(`${name}.ext`), 'subjectAltName=IP:127.0.0.1');
  openssl(
    'req',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-subj',
    `/CN=${name}`,
    '-keyout',
    `${name}.key`,
    '-out',
    `${name}.csr`,
  );
  openssl(
    'x509',
    '-req',
    '-in',
    `${name}.csr`,
    '-CA',
    `${authority}.pem`,
    '-CAkey',
    `${authority}.key`,
    '-CAcreateserial',
    '-days',
    '2',
    '-extfile',
    `${name}.ext`,
    '-out',
    `${name}.pem`,
  );
}

async function freePort(): Promise<number> {
  const listener = createListener().listen(0, '127.0.0.1');
  await new Promise((resolve) => listener.once('listening', resolve));
  const { port } = listener.address() as AddressInfo;
  await new Promise((resolve) => listener.close(resolve));
  return port;
}

const SCRAM = 'org.apache.kafka.common.security.scram.ScramLoginModule required;';
const OAUTH =
  'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";';
const PLAIN = `org.apache.kafka.common.security.plain.PlainLoginModule required user_assay="${PASSWORD}";`;

const secured = (sasl: number, mtls: number) => (ours: Readonly<Record<string, string | number | boolean>>) => ({
  ...ours,
  listeners: `${ours['listeners']},SASL://127.0.0.1:${sasl},MTLS://127.0.0.1:${mtls}`,
  'advertised.listeners': `${ours['advertised.listeners']},SASL://127.0.0.1:${sasl},MTLS://127.0.0.1:${mtls}`,
  'listener.security.protocol.map': `${ours['listener.security.protocol.map']},SASL:SASL_SSL,MTLS:SSL`,
  'ssl.keystore.type': 'PEM',
  'ssl.keystore.location': file('broker-store.pem'),
  'ssl.truststore.type': 'PEM',
  'ssl.truststore.location': file('authority.pem'),
  'listener.name.mtls.ssl.client.auth': 'required',
  'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER',
  'listener.name.sasl.plain.sasl.jaas.config': PLAIN,
  'listener.name.sasl.scram-sha-256.sasl.jaas.config': SCRAM,
  'listener.name.sasl.scram-sha-512.sasl.jaas.config': SCRAM,
  'listener.name.sasl.oauthbearer.sasl.jaas.config': OAUTH,
});

/** Signs nothing: the broker of this spec takes such tokens, and looks only at who they are for and until when. */
const tokenServer: Server = createServer((request, response) => {
  const secret = Buffer.from(request.headers.authorization?.slice(6) ?? '', 'base64').toString();
  if (secret !== `assay:${PASSWORD}`) return void response.writeHead(401).end('{"error":"invalid_client"}');
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const seconds = Math.floor(Date.now() / 1_000);
  const token = `${part({ alg: 'none' })}.${part({ sub: 'assay', iat: seconds, exp: seconds + 300 })}.`;
  response.end(JSON.stringify({ access_token: token, expires_in: 300, token_type: 'Bearer' }));
});

let infrastructure: Infrastructure;
let sasl: number;
let mtls: number;
beforeAll(async () => {
  for (const name of ['authority', 'stranger']) makeAuthority(name);
  for (const name of ['broker', 'service']) makeCertificate(name, 'authority');
  makeCertificate('strange', 'stranger');
  const chain = ['broker.key', 'broker.pem'].map((name) => readFileSync(file(name), 'utf8'));
  writeFileSync(file('broker-store.pem'), chain.join(''));
  [sasl, mtls] = [await freePort(), await freePort()];
  const users = ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
    '--add-scram',
    `${mechanism}=[name=assay,password=${PASSWORD}]`,
  ]);
  infrastructure = await startPrivateInfrastructure(['kafka'], {
    broker: { settings: secured(sasl, mtls), formatWith: users },
  });
  await new Promise<void>((resolve) => tokenServer.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  tokenServer.close();
  await infrastructure?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const schema = z.object({ ...kafkaFields, ...laneFields }).superRefine(coherentKafka);

const log = { debug() {}, info() {}, warn() {}, error() {} };

/** Connects as a service does. */
async function reach(port: number, given: Record<string, string>): Promise<void> {
  const environment = {
    KAFKA_BROKERS: `127.0.0.1:${port}`,
    KAFKA_SSL: 'true',
    KAFKA_SSL_CA_FILE: file('authority.pem'),
    ...given,
  };
  const kafka = connectKafka(readConfig(schema, environment), 'spec', log);
  try {
    await kafka.open();
    await kafka.admin.clusterId();
  } finally {
    await kafka.close();
  }
}

/** What an operator reads. */
const told = (port: number, given: Record<string, string>) =>
  reach(port, given).then(
    () => 'it works',
    (error: Error) => error.message,
  );

const login = (mechanism: string, password = PASSWORD) => ({
  KAFKA_SASL_MECHANISM: mechanism,
  KAFKA_SASL_USERNAME: 'assay',
  KAFKA_SASL_PASSWORD: password,
});
const pair = (name: string) => ({
  KAFKA_SSL_CERTIFICATE_FILE: file(`${name}.pem`),
  KAFKA_SSL_KEY_FILE: file(`${name}.key`),
});
const tokens = (secret = PASSWORD) => ({
  KAFKA_SASL_MECHANISM: 'OAUTHBEARER',
  KAFKA_OAUTH_TOKEN_URL: `http://127.0.0.1:${(tokenServer.address() as AddressInfo).port}/token`,
  KAFKA_OAUTH_CLIENT_ID: 'assay',
  KAFKA_OAUTH_CLIENT_SECRET: secret,
});

const plainPort = () => Number(new URL(`kafka://${infrastructure.endpoints.kafkaBrokers}`).port);

describe('a broker with TLS, logins and client certificates', () => {
  it.each(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'])(
    'lets us in by %s, and tells a wrong password',
    async (mechanism) => {
      expect(await told(sasl, login(mechanism))).toBe('it works');
      const refused = await told(sasl, login(mechanism, WRONG));
      expect(refused).toContain('the brokers refuse our login: compare KAFKA_SASL_MECHANISM and its user, password');
      expect(refused).not.toContain(WRONG);
    },
  );

  it('lets us in by a token of OAUTHBEARER, and tells who gave none', async () => {
    expect(await told(sasl, tokens())).toBe('it works');
    const refused = await told(sasl, tokens(WRONG));
    expect(refused).toMatch(/KAFKA_OAUTH_TOKEN_URL \(127\.0\.0\.1:\d+\) gives no token \(401 invalid_client\)/);
    expect(refused).not.toContain(WRONG);
  });

  it('lets us in by our certificate, and tells one that is missing or strange', async () => {
    expect(await told(mtls, pair('service'))).toBe('it works');
    expect(await told(mtls, {})).toContain('set KAFKA_SSL_CERTIFICATE_FILE and KAFKA_SSL_KEY_FILE');
    expect(await told(mtls, pair('strange'))).toContain('set KAFKA_SSL_CERTIFICATE_FILE and KAFKA_SSL_KEY_FILE');
  });

  it('is not believed when another authority signed it', async () => {
    for (const authority of [file('stranger.pem'), ''])
      expect(await told(sasl, { ...login('PLAIN'), KAFKA_SSL_CA_FILE: authority })).toContain('set KAFKA_SSL_CA_FILE');
  });

  it('is told apart from one without TLS', async () => {
    const withoutTls = { ...login('PLAIN'), KAFKA_SSL: 'false', KAFKA_SSL_CA_FILE: '' };
    expect(await told(sasl, withoutTls)).toContain('wants TLS or a login at this port (KAFKA_SSL');
    expect(await told(plainPort(), {})).toContain('speaks without TLS at this port (KAFKA_SSL)');
  });
});
