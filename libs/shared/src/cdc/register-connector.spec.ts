import { describe, expect, it } from 'vitest';
import { isRetriable } from '../errors/pipeline-error.ts';
import type { ConnectClient, ConnectorStatus } from './connect-client.ts';
import type { ConnectorConfig } from './connector.ts';
import { checkConnector, readTablesAgain, registerConnector, tendConnector } from './register-connector.ts';
import type { ReplicationSlot, SlotAccess } from './replication-slot.ts';

const config = { 'slot.name': 'assay' };
const running: ConnectorStatus = { connector: { state: 'RUNNING' }, tasks: [{ id: 0, state: 'RUNNING' }] };
const trace =
  'org.apache.ConnectException: slot is gone\n\tat a.b.C(D.java:1)\nCaused by: psql: no such slot\n\t... 7 more';
const failed: ConnectorStatus = { connector: { state: 'RUNNING' }, tasks: [{ id: 0, state: 'FAILED', trace }] };

const sound: ReplicationSlot = { status: 'reserved', isActive: true, retainedBytes: 100 };
const lost: ReplicationSlot = { status: 'lost', isActive: false, retainedBytes: 0 };
const stopped: ConnectorStatus = { connector: { state: 'STOPPED' }, tasks: [] };
const MAX_BYTES = 1000;

/** Kafka Connect in memory, and the slot in Postgres that its connector reads. */
class FakeConnect implements ConnectClient {
  readonly calls: string[] = [];
  found: ReplicationSlot | null = sound;
  readonly slot: SlotAccess = {
    read: async () => this.found,
    drop: async () => {
      this.calls.push('drop slot');
      this.found = null;
    },
  };
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
  async stop() {
    this.calls.push('stop');
    // Its task ends some time later.
    this.current = { connector: { state: 'STOPPED' }, tasks: [{ id: 0, state: 'RUNNING' }] };
  }
  async resume() {
    this.calls.push('resume');
    this.current = running;
  }
  async forgetOffsets() {
    this.calls.push('forget offsets');
  }
}

const said: string[] = [];
const say = (_fields: object, message: string) => void said.push(message);
const log = { debug: say, info: say, warn: say, error: say };
const connectorOn = (client: FakeConnect, wanted: ConnectorConfig = config) => ({
  client,
  name: 'assay',
  config: wanted,
  slot: client.slot,
  log,
});

describe('registerConnector', () => {
  it('says where the password comes from when Postgres refuses it', async () => {
    const client = new FakeConnect();
    client.putConfig = async () => {
      throw new Error('Kafka Connect answered 400: FATAL: password authentication failed for user "cdc"');
    };
    const wanted = { 'database.user': 'cdc', 'database.password': '${env:ASSAY_CDC_PASSWORD}' };
    const registering = registerConnector(connectorOn(client, wanted));
    await expect(registering).rejects.toMatchObject({
      dependency: 'connect',
      message: expect.stringMatching(/of cdc from \$\{env:ASSAY_CDC_PASSWORD\}.*CDC_PASSWORD_REFERENCE/),
    });
  });

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
    const error = await checkConnector(connectorOn(client), MAX_BYTES).catch((thrown: unknown) => thrown);
    expect(isRetriable(error)).toBe(true);
    expect((error as Error).message).toBe(`Debezium connector assay: ${reason}`);
  });

  it('is up when connector and task run', async () => {
    const client = new FakeConnect();
    client.current = running;
    await expect(checkConnector(connectorOn(client), MAX_BYTES)).resolves.toBeUndefined();
  });
});

describe('checkConnector, of the replication slot', () => {
  it.each([
    [
      'lost',
      lost,
      'the replication slot is lost; healing: as soon as Kafka Connect answers it is made again, and the tables are read once more',
    ],
    [
      'about to be lost',
      { ...sound, status: 'unreserved', retainedBytes: 900 },
      'the replication slot holds back 900 bytes of WAL and will be lost when Postgres makes room',
    ],
    [
      'far behind',
      { ...sound, retainedBytes: 1001 },
      'the replication slot holds back 1001 bytes of WAL, more than 1000',
    ],
  ] as const)('is down when it is %s, although Connect says RUNNING', async (_name, slot, reason) => {
    const client = new FakeConnect();
    client.current = running;
    client.found = slot;
    const check = checkConnector(connectorOn(client), MAX_BYTES);
    await expect(check).rejects.toThrow(`Debezium connector assay: ${reason}`);
  });
});

describe('tendConnector, of a lost slot', () => {
  it('stops the connector, waits for its task to end, and starts it without slot and offsets', async () => {
    const client = new FakeConnect();
    client.current = running;
    client.found = lost;
    await tendConnector(connectorOn(client), client.found);
    await tendConnector(connectorOn(client), client.found);
    expect(client.calls, 'the task has not ended').toEqual(['stop']);
    client.current = stopped;
    await tendConnector(connectorOn(client), client.found);
    await tendConnector(connectorOn(client), client.found);
    expect(client.calls).toEqual(['stop', 'forget offsets', 'drop slot', 'resume']);
  });

  it('goes on where another process ended', async () => {
    const client = new FakeConnect();
    client.current = stopped;
    client.found = null;
    await tendConnector(connectorOn(client), client.found);
    expect(client.calls).toEqual(['resume']);
  });

  it('leaves a connector alone that an operator has stopped', async () => {
    const client = new FakeConnect();
    client.current = stopped;
    client.found = { ...sound, isActive: false };
    await tendConnector(connectorOn(client), client.found);
    expect(client.calls).toEqual([]);
  });
});

describe('readTablesAgain', () => {
  it('takes slot and offsets from a connector that has ended, and not before', async () => {
    const client = new FakeConnect();
    client.current = running;
    const waits: string[] = [];
    const onRetry = async (error: Error) => {
      waits.push(error.message);
      client.current = stopped;
      client.found = { ...sound, isActive: false };
    };
    const backoff = { firstDelayMs: 1, maxDelayMs: 1, giveUpAfterMs: 60_000 };
    await readTablesAgain(connectorOn(client), { backoff, stopping: new AbortController().signal, onRetry });
    expect(waits).toEqual(['Debezium connector assay: has not stopped yet']);
    expect(client.calls).toEqual(['stop', 'forget offsets', 'drop slot', 'resume']);
  });
});

describe('tendConnector', () => {
  it('restarts what has failed, and says so', async () => {
    const client = new FakeConnect();
    client.current = failed;
    await tendConnector(connectorOn(client), client.found);
    expect(client.calls).toEqual(['restart']);
    expect(said).toContain('Debezium has failed and is started again; nothing moves until it runs.');
  });

  it('registers a connector that Connect has forgotten', async () => {
    const client = new FakeConnect();
    await tendConnector(connectorOn(client), client.found);
    expect(client.calls).toEqual(['put']);
  });

  it('leaves a running one alone', async () => {
    const client = new FakeConnect();
    client.current = running;
    await tendConnector(connectorOn(client), client.found);
    expect(client.calls).toEqual([]);
  });
});
