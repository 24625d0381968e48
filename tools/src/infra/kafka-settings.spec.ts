import { describe, expect, it } from 'vitest';
import { brokerSettings, MAX_MESSAGE_BYTES, workerSettings } from './kafka-settings.ts';

const broker = brokerSettings({ port: 19_000, controllerPort: 19_001, logFolder: '/data/kafka' });
const worker = workerSettings({ brokers: '127.0.0.1:19000', port: 19_004 });

describe.each([
  ['the broker', broker],
  ['the Connect worker', worker],
])('%s', (_name, settings) => {
  it('names no host but loopback', () => {
    const hosts = Object.values(settings).flatMap((value) =>
      [...String(value).matchAll(/([\w.-]*):(\d{2,5})\b/g)].map((match) => match[1]),
    );
    expect(hosts.length).toBeGreaterThan(0);
    expect(new Set(hosts.map((host) => host?.replace(/^.*\/\//, '')))).toEqual(new Set(['127.0.0.1']));
  });

  it('takes the largest message of the contract: 4 MiB and 64 KiB', () => {
    expect(MAX_MESSAGE_BYTES).toBeGreaterThan(4 * 1024 * 1024 + 64 * 1024);
    expect(settings['message.max.bytes'] ?? settings['producer.max.request.size']).toBe(MAX_MESSAGE_BYTES);
  });

  it('asks for no more than one replica', () => {
    const replicas = Object.entries(settings).filter(([key]) => /replication\.factor$|min\.isr$|min\.insync/.test(key));
    expect(replicas.length).toBeGreaterThanOrEqual(3);
    expect(replicas.filter(([, value]) => value !== 1)).toEqual([]);
  });
});

describe('brokerSettings', () => {
  it('makes no topic by itself, so a misspelt name is an error', () => {
    expect(broker['auto.create.topics.enable']).toBe(false);
  });

  it('has a controller that may move to another port between two starts', () => {
    expect(broker['controller.quorum.voters']).toBe('1@127.0.0.1:19001');
    expect(broker).not.toHaveProperty('controller.quorum.bootstrap.servers');
  });
});

describe('workerSettings', () => {
  it('keeps its three topics apart', () => {
    const topics = ['config', 'offset', 'status'].map((kind) => worker[`${kind}.storage.topic`]);
    expect(new Set(topics).size).toBe(3);
  });
});
