import { describe, expect, it } from 'vitest';
import { UsageError } from '@assay/cli/verb';
import { parseStartOptions } from './start-options.ts';

describe('parseStartOptions', () => {
  it('builds, shows the demo of 1,000 tickets in .assay and stays, by default', () => {
    expect(parseStartOptions([])).toEqual({
      dataDir: '.assay',
      portBase: undefined,
      tickets: 1000,
      hasDemo: true,
      hasBuild: true,
      isOnce: false,
    });
  });

  it('reads every option', () => {
    const args = ['--data-dir', 'd', '--port-base=19000', '--tickets', '20', '--no-demo', '--no-build', '--once'];
    expect(parseStartOptions(args)).toEqual({
      dataDir: 'd',
      portBase: 19_000,
      tickets: 20,
      hasDemo: false,
      hasBuild: false,
      isOnce: true,
    });
  });

  it('asks for the help text', () => {
    expect(parseStartOptions(['-h'])).toBeUndefined();
  });

  it.each([
    ['an unknown option', ['--port', '1']],
    ['a word too many', ['demo']],
    ['a base that is no number', ['--port-base', '19k']],
    ['no ticket at all', ['--tickets', '0']],
    ['a part of a ticket', ['--tickets', '1.5']],
  ])('refuses %s', (_name, args) => {
    expect(() => parseStartOptions(args)).toThrow(UsageError);
  });
});
