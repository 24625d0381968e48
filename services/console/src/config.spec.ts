import { describe, expect, it } from 'vitest';
import { readConsoleConfig } from './config.ts';

const environment = { KAFKA_BROKERS: 'localhost:9092', DATABASE_URL: 'postgres://u:p@localhost/db' };

describe('readConsoleConfig', () => {
  it('reads which services to watch', () => {
    const { CONSOLE_SERVICES } = readConsoleConfig({
      ...environment,
      CONSOLE_SERVICES: 'ingest=http://127.0.0.1:1234/, output=http://[::1]:5?a=b',
    });

    expect(CONSOLE_SERVICES).toEqual([
      { name: 'ingest', url: 'http://127.0.0.1:1234' },
      { name: 'output', url: 'http://[::1]:5?a=b' },
    ]);
  });

  it('needs none', () => {
    expect(readConsoleConfig(environment).CONSOLE_SERVICES).toEqual([]);
  });

  it.each(['http://127.0.0.1:1', 'ingest', 'ingest=ftp://x', 'a=http://x,,b'])('refuses %s', (list) => {
    expect(() => readConsoleConfig({ ...environment, CONSOLE_SERVICES: list })).toThrow('name=url');
  });

  it('refuses the network without keys', () => {
    expect(() => readConsoleConfig({ ...environment, HTTP_HOST: '0.0.0.0' })).toThrow('HTTP_API_KEYS');
  });
});
