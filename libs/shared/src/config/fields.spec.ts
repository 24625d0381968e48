import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { httpFields, kafkaFields, laneFields, postgresFields } from './fields.ts';
import { isLoopback } from './loopback.ts';

const takes = (fields: z.ZodRawShape, given: Record<string, string>) => z.object(fields).safeParse(given);

describe('KAFKA_BROKERS', () => {
  const brokers = { KAFKA_BROKERS: kafkaFields.KAFKA_BROKERS };
  it('is a list, with or without spaces', () => {
    expect(takes(brokers, { KAFKA_BROKERS: 'a:9092, b.example:9093' }).data).toEqual({
      KAFKA_BROKERS: ['a:9092', 'b.example:9093'],
    });
  });
  it.each(['a', 'a:', ':9092', 'a:x', 'a:1,', 'a:1 b:2'])('refuses %j', (list) => {
    expect(takes(brokers, { KAFKA_BROKERS: list }).success).toBe(false);
  });
});

describe('flags', () => {
  it.each([
    ['true', true],
    ['false', false],
  ])('%s', (text, expected) => {
    expect(takes({ KAFKA_SSL: kafkaFields.KAFKA_SSL }, { KAFKA_SSL: text }).data).toEqual({ KAFKA_SSL: expected });
  });
  it.each(['1', 'yes', 'TRUE', 'no'])(
    '%s is refused rather than guessed: every string is true to JavaScript',
    (text) => {
      expect(takes({ KAFKA_SSL: kafkaFields.KAFKA_SSL }, { KAFKA_SSL: text }).success).toBe(false);
    },
  );
});

describe('numbers', () => {
  it.each(['abc', '1.5', '-1', 'Infinity', '1e400'])('LANE_LINGER_MS refuses %j', (text) => {
    expect(takes({ LANE_LINGER_MS: laneFields.LANE_LINGER_MS }, { LANE_LINGER_MS: text }).success).toBe(false);
  });
});

describe('DATABASE_URL', () => {
  it.each([
    ['postgres://u:p@host/db', true],
    ['postgresql://u:p@host:5432/db?sslmode=require', true],
    ['mysql://u:p@host/db', false],
    ['host/db', false],
  ])('%s: %s', (url, expected) => {
    expect(takes({ DATABASE_URL: postgresFields.DATABASE_URL }, { DATABASE_URL: url }).success).toBe(expected);
  });
});

describe('HTTP_API_KEYS', () => {
  it.each([
    ['', []],
    ['one', ['one']],
    ['one,two,', ['one', 'two']],
    ['one, two', ['one', 'two']],
    [' , ', []],
    ['K, ', ['K']],
  ])('%j is %j: a blank key would let everybody in', (list, expected) => {
    expect(takes({ HTTP_API_KEYS: httpFields.HTTP_API_KEYS }, { HTTP_API_KEYS: list }).data).toEqual({
      HTTP_API_KEYS: expected,
    });
  });
});

describe('loopback', () => {
  it.each(['127.0.0.1', '127.9.9.9', 'localhost', '::1', '[::1]'])('is %s', (host) =>
    expect(isLoopback(host)).toBe(true),
  );
  it.each(['0.0.0.0', '::', '192.168.0.1', '127.example.com', 'localhost.example.com', '', '10.0.0.127'])(
    'is not %j',
    (host) => expect(isLoopback(host)).toBe(false),
  );
});
