import { describe, expect, it } from 'vitest';
import { isRetriable } from '../errors/pipeline-error.ts';
import type { ConnectClient, ConnectorStatus } from './connect-client.ts';
import type { ConnectorConfig } from './connector.ts';
import { checkConnector, registerConnector, tendConnector } from './register-connector.ts';

const config = { 'slot.name': 'assay' };
const running: ConnectorStatus = { connector: { state: 'RUNNING' }, tasks: [{ id: 0, state: 'RUNNING' }] };
const trace =
  'org.apache.ConnectException: slot is gone\n\tat a.b.C(D.java:1)\nCaused by: psql: no such slot\n\t... 7 more';
const failed: ConnectorStatus = { connector: { state: 'RUNNING' }, tasks: [{ id: 0, state: 'FAILED', trace }] };

/** Kafka Connect in memory. */
class FakeConnect implements ConnectClient {
  readonly calls: string[] = [];
  stored: ConnectorConfig | null = null;
  current: ConnectorStatus | null = null;

  async config() {
    return this.stored === null ? null : { ...this.stored, name: 'assay' };
  }
  async putConfig(_name: string, put: ConnectorConfig) {
    this.calls.push('put');
    this.stored = put;
    this.current = running;
  }
  async status() {
    return this.current;
  }
  async restartFailed() {
    this.calls.push('restart');
    this.current = running;
  }
}

const said: string[] = [];
const say = (_fields: object, message: string) => void said.push(message);
const log = { debug: say, info: say, warn: say, error: say };
const connectorOn = (client: ConnectClient, wanted: ConnectorConfig = config) => ({
  client,
  name: 'assay',
  config: wanted,
  log,
});

describe('registerConnector', () => {
  it('makes it once and changes it only when the contracts have changed', async () => {
    const client = new FakeConnect();
    expect(await registerConnector(connectorOn(client))).toBe(true);
    expect(await registerConnector(connectorOn(client))).toBe(false);
    expect(await registerConnector(connectorOn(client, { ...config, 'poll.interval.ms': '5' }))).toBe(true);
    expect(await registerConnector(connectorOn(client))).toBe(true);
    expect(client.calls).toEqual(['put', 'put', 'put']);
  });
});

describe('checkConnector', () => {
  it.each([
    ['nothing registered', null, 'is not registered'],
    ['no task', { connector: { state: 'RUNNING' }, tasks: [] }, 'has no task yet'],
    ['a paused connector', { connector: { state: 'PAUSED' }, tasks: [] }, 'is PAUSED'],
    [
      'an unassigned task',
      { connector: { state: 'RUNNING' }, tasks: [{ id: 0, state: 'UNASSIGNED' }] },
      'task 0 is UNASSIGNED',
    ],
    [
      'a failed task, with its causes and without its frames',
      failed,
      'task 0 FAILED: org.apache.ConnectException: slot is gone Caused by: psql: no such slot',
    ],
  ])('is down with %s', async (_name, status, reason) => {
    const client = new FakeConnect();
    client.current = status;
    const error = await checkConnector({ client, name: 'assay' }).catch((thrown: unknown) => thrown);
    expect(isRetriable(error)).toBe(true);
    expect((error as Error).message).toBe(`Debezium connector assay: ${reason}`);
  });

  it('is up when connector and task run', async () => {
    const client = new FakeConnect();
    client.current = running;
    await expect(checkConnector({ client, name: 'assay' })).resolves.toBeUndefined();
  });
});

describe('tendConnector', () => {
  it('restarts what has failed, and says so', async () => {
    const client = new FakeConnect();
    client.current = failed;
    await tendConnector(connectorOn(client));
    expect(client.calls).toEqual(['restart']);
    expect(said).toContain('Debezium has failed and is started again; nothing moves until it runs.');
  });

  it('registers a connector that Connect has forgotten', async () => {
    const client = new FakeConnect();
    await tendConnector(connectorOn(client));
    expect(client.calls).toEqual(['put']);
  });

  it('leaves a running one alone', async () => {
    const client = new FakeConnect();
    client.current = running;
    await tendConnector(connectorOn(client));
    expect(client.calls).toEqual([]);
  });
});
