import { describe, expect, it } from 'vitest';
import { readIngestConfig } from './config.ts';

const KEY = 'ab'.repeat(32);
const environment = (overrides: Record<string, string | undefined> = {}) => ({
  KAFKA_BROKERS: 'localhost:9092',
  DATABASE_URL: 'postgres://user:hunter2@127.0.0.1:5432/assay',
  BLOB_CONNECTION_STRING: 'file:///srv/blobs',
  INGEST_IDENTITY_KEY: KEY,
  INGEST_BRONZE_KEY: `2026-a:${KEY}`,
  ...overrides,
});
const problemsOf = (overrides: Record<string, string | undefined>): string => {
  try {
    readIngestConfig(environment(overrides));
  } catch (error) {
    return (error as Error).message;
  }
  return 'none';
};

describe('the settings of ingest', () => {
  it('are taken, with keys as bytes', () => {
    const config = readIngestConfig(environment());
    expect(config.INGEST_IDENTITY_KEY).toEqual({ key: Buffer.from(KEY, 'hex'), madeLocally: false });
    expect(config.INGEST_BRONZE_KEY).toEqual({ id: '2026-a', key: Buffer.from(KEY, 'hex') });
    expect(config).toMatchObject({ HTTP_HOST: '127.0.0.1', INGEST_BRONZE_SWEEP_AFTER_HOURS: 24 });
  });

  it('that are missing are all told at once', () => {
    const nothing = Object.fromEntries(Object.keys(environment()).map((name) => [name, undefined]));
    const problems = problemsOf(nothing);
    for (const name of Object.keys(environment())) expect(problems).toContain(`${name}: is required`);
  });

  it.each([
    ['INGEST_IDENTITY_KEY', 'too short', 'must be 64 hex digits'],
    ['INGEST_IDENTITY_KEY', `remote-${KEY}`, 'must be 64 hex digits'],
    ['INGEST_BRONZE_KEY', KEY, 'must be <key id>:<64 hex digits>'],
    ['INGEST_BRONZE_KEY', `Key:${KEY}`, 'must be <key id>:<64 hex digits>'],
    ['INGEST_BRONZE_SWEEP_AFTER_HOURS', '0', 'INGEST_BRONZE_SWEEP_AFTER_HOURS'],
    ['INGEST_DEEP_PASS', 'on', 'INGEST_DEEP_PASS'],
  ])('refuse %s=%s', (name, value, expected) => {
    const problems = problemsOf({ [name]: value });
    expect(problems).toContain(name);
    expect(problems).toContain(expected);
  });

  it('never print a secret, whatever is wrong', () => {
    const problems = problemsOf({
      INGEST_IDENTITY_KEY: 'hunter2',
      INGEST_BRONZE_KEY: 'hunter2',
      DATABASE_URL: 'hunter2',
      HTTP_API_KEYS: 'hunter2',
      HTTP_PORT: 'x',
    });
    expect(problems).toContain('INGEST_IDENTITY_KEY');
    expect(problems).not.toContain('hunter2');
  });
});

describe('the deep pass', () => {
  it('is off', () => {
    expect(readIngestConfig(environment())).toMatchObject({ INGEST_DEEP_PASS: 'off', INGEST_DEEP_TIMEOUT_MS: 8_000 });
  });

  it.each([
    ['presidio', { INGEST_PRESIDIO_URL: 'http://presidio:3000' }, 'INGEST_PRESIDIO_URL: is required'],
    ['model', { INGEST_DEEP_MODEL: '/models/names' }, 'INGEST_DEEP_MODEL: is required'],
  ])('%s needs to know where', (INGEST_DEEP_PASS, where, problem) => {
    expect(problemsOf({ INGEST_DEEP_PASS, ...where })).toBe('none');
    expect(problemsOf({ INGEST_DEEP_PASS })).toContain(problem);
  });

  it('answers before the group gives the partition away, or is refused', () => {
    const on = { INGEST_DEEP_PASS: 'model', INGEST_DEEP_MODEL: '/m' };
    expect(problemsOf({ ...on, INGEST_DEEP_TIMEOUT_MS: '10000' })).toContain('KAFKA_SESSION_TIMEOUT_MS divided by 3');
    expect(problemsOf({ ...on, INGEST_DEEP_TIMEOUT_MS: '10000', KAFKA_SESSION_TIMEOUT_MS: '60000' })).toBe('none');
    expect(problemsOf({ INGEST_DEEP_TIMEOUT_MS: '10000' })).toBe('none');
  });
});

describe('an address that is not loopback', () => {
  it.each(['0.0.0.0', '::', '10.1.2.3'])('%s needs API keys', (HTTP_HOST) => {
    expect(problemsOf({ HTTP_HOST })).toContain('HTTP_API_KEYS');
    const key = 'k'.repeat(16);
    expect(problemsOf({ HTTP_HOST, HTTP_API_KEYS: `${key},${key}2` })).toBe('none');
    expect(problemsOf({ HTTP_HOST, HTTP_API_KEYS: `${key},short` })).toContain('at least 16 characters');
    expect(problemsOf({ HTTP_HOST, HTTP_API_KEYS: ',' })).toContain('HTTP_API_KEYS');
    expect(problemsOf({ HTTP_HOST, HTTP_WRITE_KEYS: key })).toBe('none');
    expect(problemsOf({ HTTP_HOST, HTTP_API_KEYS: key, HTTP_WRITE_KEYS: 'short' })).toContain('at least 16 characters');
  });
});

describe('a key that a local run made', () => {
  const local = { INGEST_IDENTITY_KEY: `local-${KEY}` };
  it.each(['127.0.0.1', 'localhost', '[::1]'])('is for its own database: %s', (host) => {
    expect(problemsOf({ ...local, DATABASE_URL: `postgres://u:p@${host}:5432/assay` })).toBe('none');
  });
  it.each(['db.example.com', '10.0.0.7'])('is refused with a database elsewhere: %s', (host) => {
    expect(problemsOf({ ...local, DATABASE_URL: `postgres://u:p@${host}:5432/assay` })).toContain(
      'INGEST_IDENTITY_KEY: was made by a local run',
    );
  });
});
