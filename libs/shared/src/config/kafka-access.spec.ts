import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { PipelineError } from '../errors/pipeline-error.ts';
import { kafkaFields } from './fields.ts';
import { coherentKafka, eventHubsOf } from './kafka-access.ts';
import { readConfig } from './read-config.ts';

const schema = z.object(kafkaFields).superRefine(coherentKafka);
const SECRET = 'not-for-anybody';
const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----';
const KEY = `-----BEGIN PRIVATE KEY-----\n${SECRET}\n-----END PRIVATE KEY-----`;

function told(given: Record<string, string>): string {
  try {
    readConfig(schema, { KAFKA_BROKERS: 'broker:9093', ...given });
    return '';
  } catch (error) {
    if (error instanceof PipelineError) return error.message;
    throw error;
  }
}

const oauth = {
  KAFKA_SASL_MECHANISM: 'OAUTHBEARER',
  KAFKA_OAUTH_TOKEN_URL: 'https://login.example/token',
  KAFKA_OAUTH_CLIENT_ID: 'assay',
  KAFKA_OAUTH_CLIENT_SECRET: SECRET,
};
const user = { KAFKA_SASL_USERNAME: 'assay', KAFKA_SASL_PASSWORD: SECRET };

describe('how we are known to the brokers', () => {
  it.each([
    {},
    { KAFKA_SSL: 'true' },
    user,
    { ...user, KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512', KAFKA_SSL: 'true', KAFKA_SSL_CA: CERTIFICATE },
    oauth,
    { ...oauth, KAFKA_OAUTH_TOKEN_URL: 'http://127.0.0.1:8080/token' },
    { KAFKA_SASL_MECHANISM: 'OAUTHBEARER', KAFKA_BROKERS: 'ours.servicebus.windows.net:9093', KAFKA_SSL: 'true' },
  ])('may be %j', (given) => {
    expect(told(given)).toBe('');
  });

  it.each([
    [
      { KAFKA_SASL_MECHANISM: 'SCRAM-SHA-256', KAFKA_SASL_PASSWORD: SECRET },
      'USERNAME: is required with KAFKA_SASL_MECHANISM=SCRAM',
    ],
    [{ KAFKA_SASL_USERNAME: 'assay' }, 'KAFKA_SASL_PASSWORD: is required with PLAIN'],
    [{ KAFKA_SASL_PASSWORD: SECRET }, 'KAFKA_SASL_USERNAME: is required with KAFKA_SASL_PASSWORD'],
    [{ KAFKA_SSL_CA: CERTIFICATE }, 'KAFKA_SSL: must be true with KAFKA_SSL_CA'],
    [{ KAFKA_SSL: 'true', KAFKA_SSL_CA: SECRET }, 'KAFKA_SSL_CA: must be PEM'],
    [
      { KAFKA_SSL: 'true', KAFKA_SSL_CERTIFICATE: CERTIFICATE },
      'KAFKA_SSL_KEY: is required with KAFKA_SSL_CERTIFICATE',
    ],
    [{ KAFKA_SSL: 'true', KAFKA_SSL_KEY: KEY }, 'KAFKA_SSL_CERTIFICATE: is required with KAFKA_SSL_KEY'],
    [{ KAFKA_SSL: 'true', KAFKA_SSL_CERTIFICATE: CERTIFICATE, KAFKA_SSL_KEY: KEY }, 'cannot be read: give both as PEM'],
    [{ ...oauth, ...user }, 'KAFKA_SASL_MECHANISM: is OAUTHBEARER, which has no user'],
    [{ KAFKA_SASL_MECHANISM: 'OAUTHBEARER' }, 'KAFKA_OAUTH_TOKEN_URL: is required with OAUTHBEARER'],
    [{ ...oauth, KAFKA_OAUTH_CLIENT_SECRET: '' }, 'KAFKA_OAUTH_CLIENT_SECRET: is required with KAFKA_OAUTH_TOKEN_URL'],
    [{ ...oauth, KAFKA_OAUTH_TOKEN_URL: 'http://login.example/token' }, 'KAFKA_OAUTH_TOKEN_URL: must be https'],
    [{ ...user, KAFKA_OAUTH_TOKEN_URL: 'https://login.example/token' }, 'KAFKA_OAUTH_TOKEN_URL: is used by'],
  ])('may not be %j', (given, why) => {
    const message = told(given as Record<string, string>);
    expect(message).toContain(`one setting is not usable:`);
    expect(message).toContain(why);
    expect(message).not.toContain(SECRET);
  });

  it('may not be a certificate with the key of another', () => {
    const [mine, other] = [1, 2].map(() => {
      const args =
        'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=spec -keyout - -out -';
      return execFileSync('openssl', args.split(' '), { stdio: 'pipe' }).toString();
    });
    const given = (key: string) => ({ KAFKA_SSL: 'true', KAFKA_SSL_CERTIFICATE: mine!, KAFKA_SSL_KEY: key });
    expect(told(given(mine!))).toBe('');
    expect(told(given(other!))).toContain('KAFKA_SSL_KEY: is not the key of KAFKA_SSL_CERTIFICATE');
  });
});

describe('an Event Hubs namespace', () => {
  it.each([
    ['ours.servicebus.windows.net:9093', 'ours.servicebus.windows.net'],
    ['ours.servicebus.chinacloudapi.cn:9093', 'ours.servicebus.chinacloudapi.cn'],
    ['broker.example:9093', null],
    ['servicebus.windows.net.example:9093', null],
  ])('of %s is %s', (broker, host) => {
    expect(eventHubsOf([broker])).toBe(host);
  });
});
