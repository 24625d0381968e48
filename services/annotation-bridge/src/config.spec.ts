import { describe, expect, it } from 'vitest';
import { labelSettings, readAnnotationBridgeConfig } from './config.ts';

const environment = {
  KAFKA_BROKERS: '127.0.0.1:9092',
  DATABASE_URL: 'postgres://u:p@127.0.0.1/assay',
  BLOB_CONNECTION_STRING: 'file:///srv/blobs',
  CONNECT_URL: 'http://127.0.0.1:8083',
  ANNOTATION_BRIDGE_PSEUDONYM_KEY: `k1:${'0'.repeat(64)}`,
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

  it('takes formulas apart again where it has escaped them', () => {
    const config = readAnnotationBridgeConfig({ ...environment, ANNOTATION_BRIDGE_CSV_FORMULAS: 'escape' });
    expect(labelSettings(config).hasEscapedFormulas).toBe(true);
  });

  it('rejects a label without a confidence, unless it is told what that means', () => {
    const limits = { bytes: 2 ** 31, rows: 5_000_000 };
    expect(labelSettings(readAnnotationBridgeConfig(environment))).toEqual({
      hasDecimalComma: false,
      hasEscapedFormulas: false,
      missingConfidence: 'reject',
      tools: {},
      limits,
    });
    const told = { ANNOTATION_BRIDGE_CONFIDENCE_MISSING: '0.9', ANNOTATION_BRIDGE_CONFIDENCE_CONTROL: 'sure:5' };
    expect(labelSettings(readAnnotationBridgeConfig({ ...environment, ...told }))).toEqual({
      hasDecimalComma: false,
      hasEscapedFormulas: false,
      missingConfidence: 0.9,
      tools: { confidence: { name: 'sure', scale: 5 } },
      limits,
    });
  });

  it.each([
    ['a missing confidence that is none', { ANNOTATION_BRIDGE_CONFIDENCE_MISSING: '90%' }],
    ['a missing confidence out of range', { ANNOTATION_BRIDGE_CONFIDENCE_MISSING: '1.5' }],
    ['a missing confidence in hexadecimal', { ANNOTATION_BRIDGE_CONFIDENCE_MISSING: '0x1' }],
    ['a scale that is none', { ANNOTATION_BRIDGE_CONFIDENCE_CONTROL: 'sure:many' }],
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
