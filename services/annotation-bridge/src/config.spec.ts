import { describe, expect, it } from 'vitest';
import { readAnnotationBridgeConfig } from './config.ts';

const environment = {
  KAFKA_BROKERS: '127.0.0.1:9092',
  DATABASE_URL: 'postgres://u:p@127.0.0.1/assay',
  BLOB_CONNECTION_STRING: 'x',
  CONNECT_URL: 'http://127.0.0.1:8083',
};

describe('readAnnotationBridgeConfig', () => {
  it('needs no more than the addresses', () => {
    const config = readAnnotationBridgeConfig(environment);
    expect(config.ANNOTATION_BRIDGE_CSV_FIELDS).toEqual([]);
    expect(config.CDC_DATABASE_URL).toBeUndefined();
  });

  it('reads further columns as paths', () => {
    const config = readAnnotationBridgeConfig({
      ...environment,
      ANNOTATION_BRIDGE_CSV_FIELDS: 'channel, customer.tier,',
    });
    expect(config.ANNOTATION_BRIDGE_CSV_FIELDS).toEqual(['channel', 'customer.tier']);
  });

  it.each([
    ['a column that is there already', { ANNOTATION_BRIDGE_CSV_FIELDS: 'text' }],
    ['a column twice', { ANNOTATION_BRIDGE_CSV_FIELDS: 'a,a' }],
    ['an address of Connect that is none', { CONNECT_URL: '127.0.0.1:8083' }],
    ['a slot name Postgres would refuse', { CDC_CONNECTOR_NAME: 'Assay-1' }],
    ['an open address without keys', { HTTP_HOST: '0.0.0.0' }],
  ])('refuses %s, and names the variable', (_name, wrong) => {
    expect(() => readAnnotationBridgeConfig({ ...environment, ...wrong })).toThrow(
      'HTTP_HOST' in wrong ? 'HTTP_API_KEYS' : Object.keys(wrong)[0]!,
    );
  });
});
