import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lastStablePort, portNames, portsFromBase } from './ports.ts';

describe('portsFromBase', () => {
  it('gives each part its fixed offset, which scripts rely on', () => {
    expect(portsFromBase(19_000)).toEqual({
      kafka: 19_000,
      kafkaController: 19_001,
      postgres: 19_002,
      azurite: 19_003,
      connect: 19_004,
    });
  });

  it.each([0, -1, 65_532, 65_535, 1.5, Number.NaN])('refuses the base %s', (base) => {
    expect(() => portsFromBase(base)).toThrow(/--port-base must be a whole number from 1 to 65531/);
  });

  it('never gives two parts one port, nor one above 65535', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 65_531 }), (base) => {
        const ports = Object.values(portsFromBase(base));
        expect(new Set(ports).size).toBe(portNames.length);
        expect(Math.max(...ports)).toBeLessThanOrEqual(65_535);
      }),
    );
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
