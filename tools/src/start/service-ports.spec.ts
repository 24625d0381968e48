import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { chooseServicePorts, servicePortsFromBase } from './service-ports.ts';

describe('servicePortsFromBase', () => {
  // Scripts rely on these offsets; they may not move.
  it('follows the ports of the infrastructure', () => {
    expect(servicePortsFromBase(19_000)).toEqual({
      ingest: 19_005,
      'annotation-bridge': 19_006,
      'quality-validator': 19_007,
      output: 19_008,
      console: 19_009,
    });
  });

  it('refuses a base that leaves no room', () => {
    expect(() => servicePortsFromBase(65_530)).toThrow('--port-base must be at most 65526');
  });
});

describe('chooseServicePorts', () => {
  it('keeps free ports of the last start and replaces those that are taken', async () => {
    const first = await chooseServicePorts(undefined, {});
    expect(new Set(Object.values(first)).size).toBe(5);
    const server = createServer().listen(first.output, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const second = await chooseServicePorts(undefined, first);
    server.close();
    expect(second).toEqual({ ...first, output: second.output });
    expect(second.output).not.toBe(first.output);
  });
});
