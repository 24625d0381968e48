import { describe, expect, it } from 'vitest';
import { existingInfrastructure, requireAddress } from './endpoints.ts';

describe('existingInfrastructure', () => {
  it('takes what is set and nothing else', () => {
    const env = { KAFKA_BROKERS: ' b1:9092,b2:9092 ', CONNECT_URL: 'http://c:8083', DATABASE_URL: '', PATH: '/bin' };
    expect(existingInfrastructure(env)).toEqual({ kafkaBrokers: 'b1:9092,b2:9092', connectUrl: 'http://c:8083' });
  });
});

describe('requireAddress', () => {
  it('names the part that was left out', () => {
    expect(() => requireAddress({ ports: {}, pids: {} }, 'connectUrl')).toThrow(/connectUrl .* left out/);
  });
});
