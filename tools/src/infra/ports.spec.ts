import { UsageError } from '@assay/cli/verb';
import { createServer } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePortBase } from '../command-line.ts';
import { serviceNames } from '../start/service-table.ts';
import { choosePorts, lastStablePort, portNames, portsFromBase } from './ports.ts';

const allNames = [...portNames, ...serviceNames];

describe('portsFromBase', () => {
  it('gives each part and each service its fixed offset, which scripts rely on', () => {
    expect(portsFromBase(allNames, 19_000)).toEqual({
      kafka: 19_000,
      kafkaController: 19_001,
      postgres: 19_002,
      azurite: 19_003,
      connect: 19_004,
      ingest: 19_005,
      'annotation-bridge': 19_006,
      'quality-validator': 19_007,
      output: 19_008,
      console: 19_009,
    });
  });

  it('never gives two of them one port, nor one above 65535', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 65_526 }), (base) => {
        const ports = Object.values(portsFromBase(allNames, parsePortBase(String(base), allNames.length)!));
        expect(new Set(ports).size).toBe(allNames.length);
        expect(Math.max(...ports)).toBeLessThanOrEqual(65_535);
      }),
    );
  });
});

describe('--port-base', () => {
  it.each(['0', '-1', '65532', '65535', '1.5', 'NaN'])(
    'refuses the base %s for the five ports of the parts',
    (base) => {
      expect(() => parsePortBase(base, portNames.length)).toThrow(UsageError);
      expect(() => parsePortBase(base, portNames.length)).toThrow(/--port-base must be a whole number from 1 to 65531/);
    },
  );

  it('refuses a base that leaves no room for the services behind them', () => {
    expect(() => parsePortBase('65530', allNames.length)).toThrow('--port-base must be a whole number from 1 to 65526');
  });
});

describe('choosePorts', () => {
  it('keeps free ports of the last start and replaces those that are taken', async () => {
    const first = await choosePorts(serviceNames);
    expect(new Set(Object.values(first)).size).toBe(5);
    const server = createServer().listen(first.output, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const second = await choosePorts(serviceNames, { previous: first });
    server.close();
    expect(second).toEqual({ ...first, output: second.output });
    expect(second.output).not.toBe(first.output);
  });
});

describe('lastStablePort', () => {
  it.each([
    ['the usual range of Linux', '32768\t60999\n', 32_767],
    ['a range that begins lower', '20000 60999', 19_999],
    ['a range that leaves no room below', '1024 65535', 32_767],
    ['no range known', '', 32_767],
  ])('%s', (_name, range, expected) => {
    expect(lastStablePort(range)).toBe(expected);
  });
});
