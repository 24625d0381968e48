import { describe, expect, it } from 'vitest';
import { environmentOf, type Surroundings } from './service-table.ts';

const surroundings: Surroundings = {
  addresses: { kafkaBrokers: 'k:1', databaseUrl: 'postgres://d', blobConnectionString: 'b', connectUrl: 'http://c' },
  keys: { identityKey: 'local-1', bronzeKey: 'local:2', pseudonymKey: 'local:3' },
  logins: { urlOf: (service) => `postgres://${service}@d`, cdcUrl: 'postgres://debezium@d' },
  services: {
    ingest: 'http://127.0.0.1:1001',
    'annotation-bridge': 'http://127.0.0.1:1002',
    'quality-validator': 'http://127.0.0.1:1003',
    output: 'http://127.0.0.1:1004',
    console: 'http://127.0.0.1:1005',
  },
};

describe('environmentOf', () => {
  it('lets a setting of the user win over that of the demo', () => {
    const given = { OUTPUT_SEGMENT_MAX_AGE_MS: '9000', INGEST_IDENTITY_KEY: 'mine' };
    expect(environmentOf('output', surroundings, given)['OUTPUT_SEGMENT_MAX_AGE_MS']).toBe('9000');
    expect(environmentOf('ingest', surroundings, given)['INGEST_IDENTITY_KEY']).toBe('mine');
  });

  it('never serves the network, whatever the user has set', () => {
    const given = { HTTP_HOST: '0.0.0.0', HTTP_PORT: '80', HTTP_API_KEYS: 'k' };
    expect(environmentOf('output', surroundings, given)).toMatchObject({
      HTTP_HOST: '127.0.0.1',
      HTTP_PORT: '1004',
      HTTP_API_KEYS: '',
    });
  });

  it('gives the identity key to ingest alone', () => {
    const holders = (Object.keys(surroundings.services) as (keyof typeof surroundings.services)[]).filter((name) =>
      JSON.stringify(environmentOf(name, surroundings, {})).includes('local-1'),
    );
    expect(holders).toEqual(['ingest']);
  });

  it('lets each service log in as itself, and none as the superuser', () => {
    const names = Object.keys(surroundings.services) as (keyof typeof surroundings.services)[];
    const given = { DATABASE_URL: 'postgres://of-the-user@d' };
    expect(names.map((name) => environmentOf(name, surroundings, given)['DATABASE_URL'])).toEqual(
      names.map((name) => `postgres://${name}@d`),
    );
  });

  it('tells Debezium’s login to annotation-bridge alone', () => {
    const holders = (Object.keys(surroundings.services) as (keyof typeof surroundings.services)[]).filter((name) =>
      JSON.stringify(environmentOf(name, surroundings, {})).includes('debezium'),
    );
    expect(holders).toEqual(['annotation-bridge']);
  });

  it('tells the console every other service', () => {
    expect(environmentOf('console', surroundings, {})['CONSOLE_SERVICES']).toBe(
      'ingest=http://127.0.0.1:1001,annotation-bridge=http://127.0.0.1:1002,quality-validator=http://127.0.0.1:1003,output=http://127.0.0.1:1004',
    );
  });
});
