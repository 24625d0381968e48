import { describe, expect, it } from 'vitest';
import { readRules, readValidatorConfig } from './config.ts';

const needed = {
  KAFKA_BROKERS: 'localhost:9092',
  DATABASE_URL: 'postgres://user:hunter2@localhost/db',
  BLOB_CONNECTION_STRING: 'file:///srv/blobs',
};

describe('the rules of the environment', () => {
  it('are the default rules when nothing is set, or set to nothing', () => {
    const defaults = {
      rules: { threshold: 0.8, minAnnotators: 1, minConfidentVotes: 1, requiredFields: null },
      version: 'default/1 threshold=0.8 annotators=1 confident=1 fields=any',
    };
    expect(readRules({})).toEqual(defaults);
    expect(readRules({ QUALITY_VALIDATOR_THRESHOLD: '', QUALITY_VALIDATOR_REQUIRED_FIELDS: ' , ' })).toEqual(defaults);
  });

  it('stand in their version, each of them', () => {
    const { rules, version } = readRules({
      QUALITY_VALIDATOR_THRESHOLD: '0.95',
      QUALITY_VALIDATOR_MIN_ANNOTATORS: '3',
      QUALITY_VALIDATOR_MIN_CONFIDENT_VOTES: '2',
      QUALITY_VALIDATOR_REQUIRED_FIELDS: ' label, urgency ',
    });
    expect(rules).toEqual({
      threshold: 0.95,
      minAnnotators: 3,
      minConfidentVotes: 2,
      requiredFields: ['label', 'urgency'],
    });
    expect(version).toBe('default/1 threshold=0.95 annotators=3 confident=2 fields=label+urgency');
  });

  it.each([
    ['QUALITY_VALIDATOR_THRESHOLD', '1.1'],
    ['QUALITY_VALIDATOR_THRESHOLD', '80%'],
    ['QUALITY_VALIDATOR_MIN_ANNOTATORS', '0'],
    ['QUALITY_VALIDATOR_MIN_ANNOTATORS', '1.5'],
    ['QUALITY_VALIDATOR_MIN_CONFIDENT_VOTES', '-1'],
  ])('refuse %s=%s', (name, value) => {
    expect(() => readRules({ [name]: value })).toThrow(name);
  });
});

describe('the settings of the validator', () => {
  it('are complete with the three addresses', () => {
    expect(readValidatorConfig(needed)).toMatchObject({
      QUALITY_VALIDATOR_RETRY_WAITING_MS: 2_000,
      QUALITY_VALIDATOR_WAIT_FOR_DOCUMENT_MS: 86_400_000,
    });
  });

  it('tell all problems together, and no secret', () => {
    const read = () =>
      readValidatorConfig({ DATABASE_URL: 'mysql://user:hunter2@host/db', QUALITY_VALIDATOR_THRESHOLD: '2' });
    expect(read).toThrow(
      /KAFKA_BROKERS: is required[^]*BLOB_CONNECTION_STRING: is required[^]*QUALITY_VALIDATOR_THRESHOLD/,
    );
    expect(read).toThrow(/^(?![^]*hunter2)/);
  });

  it('need a key to listen beyond loopback', () => {
    expect(() => readValidatorConfig({ ...needed, HTTP_HOST: '0.0.0.0' })).toThrow('HTTP_API_KEYS');
    const HTTP_API_KEYS = 'k'.repeat(16);
    expect(readValidatorConfig({ ...needed, HTTP_HOST: '0.0.0.0', HTTP_API_KEYS }).HTTP_HOST).toBe('0.0.0.0');
  });
});
